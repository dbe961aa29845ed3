//! Finding workflows, what they bring along, and what they name.

use std::collections::BTreeSet;

use crate::{
    AttributeName, VERSION, attributes_named_by, by_key, closure, find, read_yaml, roles_named_by,
    types_started_by,
};

#[test]
fn a_workflow_is_found_by_slug_and_by_key() {
    let by_slug = find("new-account-opening").unwrap();
    assert_eq!(by_slug.document.name, "New Account Opening");
    assert_eq!(by_key("new_account_opening"), Some(by_slug));
    assert_eq!(find("new_account_opening"), None);
    assert_eq!(by_key("new-account-opening"), None);
}

#[test]
fn the_version_of_the_library_is_three_numbers() {
    let numbers: Vec<u32> = VERSION.split('.').map(|n| n.parse().unwrap()).collect();
    assert_eq!(numbers.len(), 3);
}

#[test]
fn installing_brings_along_what_is_started_nearest_first() {
    let slugs = |slug| -> Vec<&str> { closure(slug).iter().map(|w| w.slug).collect() };
    let brought = slugs("new-account-opening");
    assert_eq!(brought[..2], ["new-account-opening", "money-movement-in"]);
    let place = |slug| brought.iter().position(|brought| *brought == slug);
    assert!(place("account-profile-change") < place("trade-requests"));
    assert!(place("trade-requests").is_some());
    let unique: BTreeSet<&str> = brought.iter().copied().collect();
    assert_eq!(unique.len(), brought.len(), "a ring ends");
    assert!(slugs("no-such-workflow").is_empty());
}

#[test]
fn a_started_type_that_the_library_lacks_is_named_but_not_brought_along() {
    let document = read_yaml(EVERYWHERE).unwrap();
    let started: Vec<&str> = types_started_by(&document).into_iter().collect();
    assert_eq!(started, ["by_effect", "by_result", "by_task"]);
}

#[test]
fn roles_are_found_wherever_they_stand() {
    let document = read_yaml(EVERYWHERE).unwrap();
    let roles: Vec<&str> = roles_named_by(&document).into_iter().collect();
    let expected = [
        "r_business",
        "r_escalated",
        "r_firm",
        "r_follow_up",
        "r_initiator",
        "r_new_owner",
        "r_notified",
        "r_owner",
        "r_process_owner",
        "r_reminded",
        "r_servicing",
    ];
    assert_eq!(roles, expected);
}

#[test]
fn attributes_are_found_wherever_they_stand_with_the_kind_that_has_them() {
    let document = read_yaml(EVERYWHERE).unwrap();
    let found = attributes_named_by(&document);
    let name = |entity_kind: &str, key: &str| AttributeName {
        entity_kind: entity_kind.to_owned(),
        key: key.to_owned(),
    };
    let expected = [
        name("account", "a_of_entity_field"),
        name("account", "a_of_related"),
        name("client", "a_amount_by"),
        name("client", "a_compared"),
        name("client", "a_condition"),
        name("client", "a_due"),
        name("client", "a_fallback"),
        name("client", "a_field"),
        name("client", "a_in_title"),
        name("client", "a_schedule"),
        name("client", "a_text_of_effect"),
        name("client", "a_visible"),
        name("firm", "a_of_firm"),
    ];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
}

/// Names a role, an attribute or a type in every place where one may stand.
const EVERYWHERE: &str = r"
key: everywhere
name: Everywhere
category: service_requests
summary: Names things in every place.
trigger: {kind: periodic, description: By date.}
initiators: [r_initiator, anyone]
owner: [{role: r_process_owner}, {is: initiator}]
subject: {kinds: [client]}
related: [{key: account, kind: account}]
schedule: {attribute: a_schedule}
start_form:
  - {key: other_account, label: Other account, type: entity, entity_kind: account}
  - {key: shown, label: Shown, type: text, attribute: a_field, visible_when: {not: {attribute: a_visible, is_set: true}}}
results:
  - key: completed
    label: Done
    effects:
      - {type: set_attribute, attribute: a_of_related, of: account, value: {now: true}}
      - {type: set_attribute, attribute: status, value: {fixed: client}}
      - {type: notify, to: {role: r_notified}, message: 'See {{ entity.attributes.a_text_of_effect | date }}'}
      - {type: start_process, process_type: by_result}
tasks:
  - key: only
    title: 'Look at {{ entity.attributes.a_in_title }}'
    owner: [{role: r_owner}]
    execution: {enabled: true, servicing_team_roles: [r_servicing], business_roles: [r_business], firm_roles: [r_firm]}
    when: {all: [{any: [{attribute: a_condition, eq: {ref: {attribute: a_compared}}}]}]}
    due:
      amount_by: {attribute: a_amount_by, map: {A: 1}}
      unit: days
      from: attribute
      key: a_due
      fallback: {amount: 1, unit: days, from: attribute, key: a_fallback}
    form:
      - {key: of_firm, label: Of the firm, type: text, attribute: a_of_firm, of: firm}
      - {key: of_entity, label: Of the entity, type: text, attribute: a_of_entity_field, of: other_account}
    starts: {type: by_task}
    on_complete:
      - {type: create_task, title: Follow up, owner: [{role: r_follow_up}]}
      - {type: schedule_next, process_type: by_effect, at: {amount: 1, unit: months, from: field, key: no_attribute}}
    reminders: [{amount: -1, unit: days, to: {role: r_reminded}}]
    escalation: {amount: 1, unit: days, to: {role: r_escalated}, new_owner: [{role: r_new_owner}]}
";
