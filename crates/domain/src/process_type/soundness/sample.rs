//! The library's New Account Opening and a firm that it fits: what the tests of the checks start from.

use serde_json::Value;

use super::{CheckContext, KnownAttribute, Report, check};
use crate::{
    attribute::AttributeType, fault::Fault, process_type::ProcessTypeDocument, role::RoleKind,
};

const FIXTURE: &str = include_str!("../fixtures/new_account_opening.json");

pub(in crate::process_type) fn json() -> Value {
    serde_json::from_str(FIXTURE).unwrap()
}

pub(in crate::process_type) fn new_account_opening() -> ProcessTypeDocument {
    serde_json::from_str(FIXTURE).unwrap()
}

/// A firm with everything that the sample names.
pub(in crate::process_type) fn context() -> CheckContext {
    let roles = [
        (RoleKind::Business, vec!["lead_advisor", "partner"]),
        (
            RoleKind::ServicingTeam,
            vec![
                "associate_advisor",
                "client_service_associate",
                "operations_specialist",
                "paraplanner",
                "trader",
                "billing_specialist",
            ],
        ),
        (
            RoleKind::Firm,
            vec!["compliance_officer", "technology_manager"],
        ),
    ];
    let attribute = |kind: &str, key: &str, value_type, options: &[&str]| KnownAttribute {
        key: key.to_owned(),
        entity_kind: kind.to_owned(),
        value_type,
        options: options.iter().map(|option| (*option).to_owned()).collect(),
    };
    let risk = ["Conservative", "Moderate", "Growth", "Aggressive"];
    CheckContext {
        roles: roles
            .into_iter()
            .flat_map(|(kind, keys)| keys.into_iter().map(move |key| (key.to_owned(), kind)))
            .collect(),
        attributes: vec![
            attribute("client", "trusted_contact", AttributeType::Text, &[]),
            attribute("client", "adv_delivered_date", AttributeType::Date, &[]),
            attribute("client", "tier", AttributeType::Choice, &["A", "B"]),
            attribute("person", "born_on", AttributeType::Date, &[]),
            attribute("account", "risk_profile", AttributeType::Choice, &risk),
            attribute("account", "fee_schedule", AttributeType::Text, &[]),
            attribute("account", "model", AttributeType::Text, &[]),
            attribute("account", "opened_date", AttributeType::Date, &[]),
        ],
        process_types: ["money_movement_in".to_owned()].into(),
        users: ["00000000-0000-7000-8000-000000000001".parse().unwrap()].into(),
        ..CheckContext::default()
    }
}

/// The report on a JSON document, in the sample's firm.
pub(in crate::process_type) fn report(document: Value) -> Report {
    check(&serde_json::from_value(document).unwrap(), &context())
}

/// The place of a task of the sample.
pub(in crate::process_type) fn place(document: &Value, task: &str) -> usize {
    let tasks = document["tasks"].as_array().unwrap();
    tasks.iter().position(|it| it["key"] == task).unwrap()
}

/// The sample with one task changed.
pub(in crate::process_type) fn with_task(task: &str, change: impl FnOnce(&mut Value)) -> Value {
    with(|document| {
        let place = place(document, task);
        change(&mut document["tasks"][place]);
    })
}

/// The sample, changed.
pub(in crate::process_type) fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut document = json();
    change(&mut document);
    document
}

/// Asserts the faults by place and code, in any order; `TASK` after `/tasks/` stands for its place.
#[track_caller]
pub(in crate::process_type) fn assert_faults(document: Value, expected: &[(&str, &str)]) {
    let expected = resolved(&document, expected);
    assert_eq!(seen(&report(document).faults), expected);
}

/// Likewise for warnings, of a document that is sound.
#[track_caller]
pub(in crate::process_type) fn assert_warnings(document: Value, expected: &[(&str, &str)]) {
    let expected = resolved(&document, expected);
    let report = report(document);
    assert_eq!(seen(&report.faults), Vec::new());
    assert_eq!(seen(&report.warnings), expected);
}

fn seen(faults: &[Fault]) -> Vec<(String, String)> {
    let mut seen: Vec<_> = faults
        .iter()
        .map(|fault| (fault.pointer.clone(), fault.code.clone()))
        .collect();
    seen.sort();
    seen
}

fn resolved(document: &Value, expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut resolved: Vec<_> = expected
        .iter()
        .map(|(pointer, code)| (with_place(document, pointer), (*code).to_owned()))
        .collect();
    resolved.sort();
    resolved
}

fn with_place(document: &Value, pointer: &str) -> String {
    let Some(rest) = pointer.strip_prefix("/tasks/") else {
        return pointer.to_owned();
    };
    let (task, tail) = rest
        .split_once('/')
        .map_or((rest, ""), |(task, tail)| (task, tail));
    let slash = if tail.is_empty() { "" } else { "/" };
    match task.parse::<usize>() {
        Ok(place) => format!("/tasks/{place}{slash}{tail}"),
        Err(_) => format!("/tasks/{}{slash}{tail}", place(document, task)),
    }
}
