//! What one workflow hands to another is something that the other takes (E13, E25).

mod firm;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    process_type::{
        ProcessTypeDocument,
        document::{EffectDocument, EffectOperandDocument, EffectType},
    },
    value::FieldType,
};

use crate::{by_key, names::fields, workflows};

/// One start: by whom, of what, with which fields and records.
struct Start<'a> {
    parent: &'a ProcessTypeDocument,
    child: &'a ProcessTypeDocument,
    fields: &'a BTreeMap<String, EffectOperandDocument>,
    related: &'a BTreeMap<String, String>,
    /// The field over whose items it fans out.
    over: Option<&'a str>,
}

fn starts() -> Vec<Start<'static>> {
    let mut found = Vec::new();
    for workflow in workflows() {
        let parent = &workflow.document;
        for task in &parent.tasks {
            let waited_for = task
                .starts
                .iter()
                .map(|s| (&s.r#type, &s.fields, &s.related));
            for (key, fields, related) in waited_for.chain(by_effects(&task.on_complete)) {
                found.extend(by_key(key).map(|child| Start {
                    parent,
                    child: &child.document,
                    fields,
                    related,
                    over: task.over.as_ref().and_then(|over| over.field.as_deref()),
                }));
            }
        }
        for result in &parent.results {
            for (key, fields, related) in by_effects(&result.effects) {
                found.extend(by_key(key).map(|child| Start {
                    parent,
                    child: &child.document,
                    fields,
                    related,
                    over: None,
                }));
            }
        }
    }
    found
}

type Handed<'a> = (
    &'a String,
    &'a BTreeMap<String, EffectOperandDocument>,
    &'a BTreeMap<String, String>,
);

fn by_effects(effects: &[EffectDocument]) -> impl Iterator<Item = Handed<'_>> {
    let starting = effects
        .iter()
        .filter(|effect| effect.r#type == EffectType::StartProcess);
    starting.filter_map(|effect| {
        Some((
            effect.process_type.as_ref()?,
            &effect.fields,
            &effect.related,
        ))
    })
}

/// What each workflow of a category starts, in its order.
fn links(category: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for start in starts() {
        if start.parent.category != category {
            continue;
        }
        let child = start.child.key.clone();
        match found.last_mut() {
            Some((parent, children)) if *parent == start.parent.key => children.push(child),
            _ => found.push((start.parent.key.clone(), vec![child])),
        }
    }
    found
}

fn check_links(category: &str, expected: &[(&str, &[&str])]) {
    let found = links(category);
    let found: Vec<(&str, Vec<&str>)> = found
        .iter()
        .map(|(parent, children)| {
            (
                parent.as_str(),
                children.iter().map(String::as_str).collect(),
            )
        })
        .collect();
    let expected: Vec<(&str, Vec<&str>)> = expected
        .iter()
        .map(|(parent, children)| (*parent, children.to_vec()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_link_from_client_management_is_there() {
    check_links(
        "client_management",
        &[
            ("client_communications", &["client_information_change"]),
            (
                "periodic_contact",
                &[
                    "general_service_requests",
                    "planning_services_meeting",
                    "review_meeting",
                ],
            ),
            (
                "planning_services_meeting",
                &[
                    "strategy_management",
                    "tax_management",
                    "account_profile_change",
                ],
            ),
            (
                "review_meeting",
                &[
                    "strategy_management",
                    "trade_requests",
                    "new_proposal",
                    "account_profile_change",
                    "general_service_requests",
                ],
            ),
        ],
    );
}

#[test]
fn every_link_from_service_requests_is_there() {
    check_links(
        "service_requests",
        &[
            (
                "account_closing",
                &["account_liquidation", "money_movement_out"],
            ),
            (
                "account_liquidation",
                &["money_movement_out", "account_closing"],
            ),
            (
                "account_profile_change",
                &["new_account_opening", "strategy_management"],
            ),
            ("client_information_change", &["periodic_contact"]),
            (
                "general_service_requests",
                &[
                    "money_movement_in",
                    "money_movement_out",
                    "new_account_opening",
                    "client_information_change",
                    "account_features",
                    "account_profile_change",
                    "account_closing",
                    "account_liquidation",
                    "client_communications_request",
                    "strategy_management",
                    "trade_requests",
                    "fee_management",
                    "tax_management",
                    "new_proposal",
                ],
            ),
            (
                "money_movement_in",
                &[
                    "account_profile_change",
                    "trade_requests",
                    "strategy_management",
                ],
            ),
            ("new_account_opening", &["money_movement_in"]),
            (
                "new_proposal",
                &[
                    "account_profile_change",
                    "new_account_opening",
                    "money_movement_in",
                    "strategy_management",
                    "trade_requests",
                    "fee_management",
                ],
            ),
            ("strategy_management", &["account_profile_change"]),
            (
                "tax_management",
                &["money_movement_out", "money_movement_out"],
            ),
            ("trade_requests", &["money_movement_in"]),
        ],
    );
}

#[test]
fn every_link_from_sales_is_there() {
    check_links(
        "sales",
        &[
            ("fact_finding_meeting", &["proposal_meeting"]),
            ("introduction", &["fact_finding_meeting"]),
            ("proposal_meeting", &["wealth_management_meeting"]),
        ],
    );
}

#[test]
fn every_link_from_onboarding_is_there() {
    check_links(
        "onboarding",
        &[
            ("asset_management_execution", &["new_account_opening"]),
            (
                "wealth_management_meeting",
                &[
                    "planning_services_meeting",
                    "tax_management",
                    "client_information_change",
                    "asset_management_execution",
                ],
            ),
        ],
    );
}

#[test]
fn a_field_is_handed_to_a_start_field_of_its_type() {
    for start in starts() {
        for (key, operand) in start.fields {
            let place = format!("{} → {}.{key}", start.parent.key, start.child.key);
            let taken = start.child.start_form.iter().find(|f| &f.key == key);
            let taken = taken.unwrap_or_else(|| panic!("{place}: no such start field"));
            if let Some(given) = &operand.field {
                let given = fields(start.parent).find(|f| &f.key == given).unwrap();
                assert_eq!(given.r#type, taken.r#type, "{place}");
                assert_eq!(given.entity_kind, taken.entity_kind, "{place}");
                // A list of one record answers a field for one; of several, the other process asks which (E13).
                let listed = given.multiple && given.r#type == FieldType::Entity;
                let item = start.over == Some(given.key.as_str());
                assert!(
                    taken.multiple || !given.multiple || listed || item,
                    "{place}"
                );
                let known = |option| taken.options.contains(option);
                assert!(given.options.iter().all(known), "{place}");
            } else {
                let worded = matches!(
                    taken.r#type,
                    FieldType::Text | FieldType::LongText | FieldType::Choice
                );
                let dated = taken.r#type == FieldType::Date && operand.now == Some(true);
                assert!(worded || dated, "{place}");
            }
        }
    }
}

#[test]
fn a_record_is_handed_to_a_related_record_or_start_field_of_its_kind() {
    let mut checked = 0;
    for start in starts() {
        for (key, ours) in start.related {
            let given = start.parent.related.iter().find(|r| &r.key == ours);
            let given = given.map(|r| r.kind.as_str());
            let related = start.child.related.iter().find(|r| &r.key == key);
            let field = start.child.start_form.iter().find(|f| &f.key == key);
            let taken = related
                .map(|related| related.kind.as_str())
                .or_else(|| field.and_then(|field| field.entity_kind.as_deref()));
            assert!(given.is_some() && given == taken, "{key}: {ours}");
            checked += 1;
        }
    }
    assert!(checked > 0, "the account that an opening made");
}

/// E25
#[test]
fn every_result_of_a_child_that_is_waited_for_gives_an_outcome() {
    let mut waited_for = 0;
    for workflow in workflows() {
        for task in &workflow.document.tasks {
            let Some(starts) = &task.starts else {
                continue;
            };
            let Some(child) = by_key(&starts.r#type) else {
                continue;
            };
            let child = &child.document;
            if task.outcomes.is_empty() {
                assert!(starts.results.is_empty(), "{}", task.key);
                continue;
            }
            let results: BTreeSet<&String> = child.results.iter().map(|r| &r.key).collect();
            assert_eq!(starts.results.keys().collect::<BTreeSet<_>>(), results);
            let outcomes: BTreeSet<&String> = task.outcomes.iter().map(|o| &o.key).collect();
            assert_eq!(
                starts.results.values().collect::<BTreeSet<_>>(),
                outcomes,
                "{}: {}",
                workflow.slug,
                task.key
            );
            waited_for += 1;
        }
    }
    assert!(waited_for >= 4);
}
