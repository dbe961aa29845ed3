//! A small process type to change, and what its manual says.

use std::collections::BTreeMap;

use domain::{
    attribute::AttributeType, process_type::ProcessTypeDocument, role::RoleKind, value::FieldValue,
};
use manual::{
    Edition, Manual, Names,
    content::{Fact, Step},
    names::{AttributeName, RoleName, TypeName},
    prose::Prose,
};
use serde_json::{Value, from_value, json};

/// Three steps: compare, approve, tell.
pub(crate) fn sample() -> Value {
    json!({
        "key": "fee_review",
        "name": "Fee Review",
        "category": "client_management",
        "summary": "See once a year that a household pays what was agreed.",
        "trigger": {"kind": "periodic", "description": "Once a year."},
        "initiators": ["lead_advisor"],
        "subject": {"kinds": ["client"]},
        "related": [{"key": "fee_account", "kind": "account"}],
        "start_form": [{"key": "reason", "label": "Reason", "type": "choice", "options": ["Yearly", "Complaint"]}],
        "policies": [{"key": "largest_waiver", "type": "money", "default": {"amount": "1500", "currency": "USD"}}],
        "tasks": [
            {
                "key": "compare",
                "title": "Compare the fees",
                "owner": [{"role": "associate"}],
                "form": [
                    {"key": "difference", "label": "Difference", "type": "money"},
                    {"key": "seen_on", "label": "Seen on", "type": "date"},
                    {"key": "is_right", "label": "Is right", "type": "boolean"},
                    {"key": "reviewer", "label": "Reviewer", "type": "user"},
                    {"key": "statement", "label": "Statement", "type": "file"},
                    {"key": "accounts", "label": "Accounts", "type": "entity", "entity_kind": "account", "multiple": true},
                ],
            },
            {
                "key": "approve",
                "kind": "approval",
                "title": "Approve the comparison",
                "owner": [{"role": "lead_advisor"}],
                "after": [{"task": "compare"}],
                "outcomes": [
                    {"key": "yes", "label": "Approved"},
                    {"key": "no", "label": "Sent back", "reopens": "compare"},
                ],
            },
            {"key": "tell", "title": "Tell {{ entity.name }}", "after": [{"task": "approve", "outcome": "yes"}]},
        ],
    })
}

pub(crate) fn names() -> Names {
    let role = |name: &str, kind| RoleName {
        name: name.to_owned(),
        kind,
    };
    let attribute = |label: &str, value_type| {
        vec![AttributeName {
            entity_kind: "client".to_owned(),
            label: label.to_owned(),
            value_type,
        }]
    };
    Names {
        categories: BTreeMap::from([(
            "client_management".to_owned(),
            "Client Management".to_owned(),
        )]),
        roles: BTreeMap::from([
            (
                "lead_advisor".to_owned(),
                role("Lead Advisor", RoleKind::Business),
            ),
            (
                "associate".to_owned(),
                role("Associate", RoleKind::ServicingTeam),
            ),
            (
                "compliance".to_owned(),
                role("Compliance Officer", RoleKind::Firm),
            ),
        ]),
        attributes: BTreeMap::from([
            (
                "next_review".to_owned(),
                attribute("Next review on", AttributeType::Date),
            ),
            (
                "tier".to_owned(),
                attribute("Service tier", AttributeType::Choice),
            ),
        ]),
        types: BTreeMap::from([(
            "billing".to_owned(),
            TypeName {
                name: "Billing".to_owned(),
                fields: BTreeMap::from([("amount".to_owned(), "Amount due".to_owned())]),
                results: BTreeMap::from([("completed".to_owned(), "Billed".to_owned())]),
            },
        )]),
        users: BTreeMap::new(),
    }
}

pub(crate) fn manual(document: Value) -> Manual {
    manual_with(document, &BTreeMap::new())
}

/// The manual in a firm that has set these values of policies.
pub(crate) fn manual_with(document: Value, policies: &BTreeMap<String, FieldValue>) -> Manual {
    let document: ProcessTypeDocument = from_value(document).unwrap();
    let edition = Edition {
        publisher: "Lindqvist Wealth".to_owned(),
        version: "Version 3".to_owned(),
    };
    Manual::new(&document, &names(), policies, edition).unwrap()
}

/// The manual of the sample with a change.
pub(crate) fn changed(change: impl FnOnce(&mut Value)) -> Manual {
    let mut document = sample();
    change(&mut document);
    manual(document)
}

/// A step of the sample with a change to its template.
pub(crate) fn step(place: usize, change: impl FnOnce(&mut Value)) -> Step {
    let manual = changed(|document| change(&mut document["tasks"][place]));
    manual.steps().nth(place).unwrap().clone()
}

pub(crate) fn plain(lines: &[Prose]) -> Vec<String> {
    lines.iter().map(Prose::plain).collect()
}

/// What facts say under a label.
pub(crate) fn said(facts: &[Fact], label: &str) -> Option<String> {
    let fact = facts.iter().find(|fact| fact.label == label)?;
    Some(plain(&fact.lines).join(" / "))
}

/// What a changed step says under a label.
pub(crate) fn fact(place: usize, label: &str, change: impl FnOnce(&mut Value)) -> String {
    said(&step(place, change).facts, label).unwrap()
}
