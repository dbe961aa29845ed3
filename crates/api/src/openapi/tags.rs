//! The chapters of the document, and which addresses belong to which.

use utoipa::openapi::tag::{Tag, TagBuilder};

/// Name, description, and the first segments below `/v1` that belong to it.
const TAGS: &[(&str, &str, &[&str])] = &[
    (
        "sessions",
        "Sign in, stay signed in, sign out; and who one is.",
        &["sessions", "me", "oauth"],
    ),
    (
        "firm",
        "The firm's settings, policies and closing days.",
        &["firm"],
    ),
    (
        "users",
        "People, their teams and the roles that they can hold.",
        &["users", "teams", "roles", "covers"],
    ),
    (
        "entities",
        "Households, people, accounts and the firm itself: whom work is for, with their teams.",
        &["entities"],
    ),
    (
        "attributes",
        "The firm's own data about entities.",
        &["attributes"],
    ),
    (
        "process-types",
        "Workflows as the firm writes them: draft, check, publish.",
        &["process-types"],
    ),
    ("library", "Ready-made workflows to install.", &["library"]),
    (
        "processes",
        "Workflows that run for an entity.",
        &["processes"],
    ),
    (
        "tasks",
        "Steps of processes and work added by hand: do, hand over, send back.",
        &["tasks"],
    ),
    (
        "work",
        "What is there to do for the caller, and how work goes.",
        &["work", "notifications", "reports"],
    ),
    (
        "schedules",
        "Workflows that start by themselves, at their time.",
        &["schedules"],
    ),
    (
        "batches",
        "One process for each of many entities.",
        &["batches"],
    ),
    (
        "jobs",
        "Work in the background: what waits, what failed, long work.",
        &["jobs"],
    ),
    ("touchpoints", "Contacts with clients.", &["touchpoints"]),
    ("documents", "Files.", &["documents"]),
    (
        "events",
        "What changed, in order, for other systems.",
        &["events"],
    ),
    ("audit", "Who did what, provable.", &["audit"]),
    (
        "service",
        "Health, this document and explanations of problems.",
        &[],
    ),
];

/// All chapters in their order.
pub(super) fn all() -> Vec<Tag> {
    TAGS.iter()
        .map(|(name, description, _)| {
            TagBuilder::new()
                .name(*name)
                .description(Some(*description))
                .build()
        })
        .collect()
}

/// The chapter of an address.
pub(super) fn of_path(path: &str) -> &'static str {
    if path == "/.well-known/jwks.json" {
        return "sessions";
    }
    let segment = path
        .strip_prefix("/v1/")
        .and_then(|rest| rest.split('/').next());
    segment
        .and_then(|segment| {
            TAGS.iter()
                .find(|(_, _, segments)| segments.contains(&segment))
        })
        .map_or("service", |(name, _, _)| name)
}
