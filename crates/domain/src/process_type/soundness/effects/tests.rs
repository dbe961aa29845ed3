//! Each fault of these checks, on the sample changed in one place.

use serde_json::{Value, json};

use crate::process_type::soundness::sample::{assert_faults, with, with_task};

fn with_effect(effect: Value) -> Value {
    with_task("submit", |task| {
        task["on_complete"] = Value::Array(vec![effect]);
    })
}

#[track_caller]
fn assert_fault(effect: Value, place: &str, code: &str) {
    assert_faults(
        with_effect(effect),
        &[(&format!("/tasks/submit/on_complete/0/{place}"), code)],
    );
}

fn set(attribute: &str, of: &str, value: Value) -> Value {
    let mut effect = json!({"type": "set_attribute", "attribute": attribute});
    effect["value"] = value;
    if !of.is_empty() {
        effect["of"] = json!(of);
    }
    effect
}

/// E13
#[test]
fn an_effect_follows_from_an_outcome_of_its_task() {
    let mut effect = json!({"type": "file_document"});
    effect["if_outcome"] = json!("nope");
    assert_fault(effect, "if_outcome", "unknown-outcome");
}

/// E13
#[test]
fn a_written_attribute_is_one_of_the_record() {
    assert_fault(
        set("nope", "", json!({"now": true})),
        "attribute",
        "unknown-attribute",
    );
    assert_fault(
        set("model", "", json!({"fixed": "Growth"})),
        "attribute",
        "unknown-attribute",
    );
    assert_fault(
        set("tier", "firm", json!({"fixed": "A"})),
        "attribute",
        "unknown-attribute",
    );
    assert_fault(
        set("model", "custodian", json!({"fixed": "Growth"})),
        "of",
        "type-mismatch",
    );
    assert_faults(
        with_effect(set("model", "account", json!({"fixed": "Growth"}))),
        &[],
    );
}

/// E13
#[test]
fn a_written_value_is_of_the_attribute_s_type() {
    assert_fault(
        set("tier", "", json!({"fixed": "C"})),
        "value/fixed",
        "unknown-option",
    );
    assert_fault(
        set("tier", "", json!({"fixed": 1})),
        "value/fixed",
        "type-mismatch",
    );
    assert_fault(
        set("tier", "", json!({"now": true})),
        "value/now",
        "type-mismatch",
    );
    assert_fault(
        set("tier", "", json!({"field": "owners"})),
        "value/field",
        "type-mismatch",
    );
    assert_fault(
        set("tier", "", json!({"field": "custodian"})),
        "value/field",
        "unknown-option",
    );
    assert_fault(
        set("tier", "", json!({"field": "nope"})),
        "value/field",
        "unknown-field",
    );
    assert_fault(
        set(
            "trusted_contact",
            "",
            json!({"field": "agreement_version_2"}),
        ),
        "value/field",
        "unknown-field",
    );
    assert_fault(
        set(
            "trusted_contact",
            "",
            json!({"field": "funding_instruction"}),
        ),
        "value/field",
        "not-before",
    );
    for (attribute, value) in [
        ("adv_delivered_date", json!({"now": true})),
        ("adv_delivered_date", json!({"field": "package_signed_on"})),
        ("trusted_contact", json!({"field": "custodian"})),
        ("tier", json!({"fixed": "A"})),
    ] {
        assert_faults(with_effect(set(attribute, "", value)), &[]);
    }
}

/// A status belongs to its kind: a client is never `open`, an account never `prospect`.
#[test]
fn a_status_is_one_of_the_record_s_kind() {
    assert_faults(
        with_effect(set("status", "account", json!({"fixed": "closed"}))),
        &[],
    );
    assert_fault(
        set("status", "account", json!({"fixed": "Open"})),
        "value/fixed",
        "unknown-option",
    );
    assert_fault(
        set("status", "", json!({"fixed": "open"})),
        "value/fixed",
        "unknown-option",
    );
}

/// E13
#[test]
fn a_list_is_written_item_by_item() {
    let mut each = set("trusted_contact", "", json!({"field": "initial_features"}));
    assert_fault(each.clone(), "value/field", "type-mismatch");
    each["each"] = json!("initial_features");
    assert_faults(with_effect(each.clone()), &[]);
    for (key, code) in [("nope", "unknown-record"), ("owners", "type-mismatch")] {
        each["value"] = json!({"fixed": "x"});
        each["each"] = json!(key);
        assert_fault(each.clone(), "each", code);
    }
}

/// E13
#[test]
fn only_a_task_can_ask_for_an_attribute() {
    assert_fault(
        json!({"type": "request_attribute", "attribute": "model"}),
        "attribute",
        "unknown-attribute",
    );
    let asks = json!({"type": "request_attribute", "attribute": "tier"});
    assert_faults(with_effect(asks.clone()), &[]);
    let mut several = asks.clone();
    several["each"] = json!("initial_features");
    assert_fault(several, "each", "unexpected-member");
    assert_faults(
        with(|it| it["results"][0]["effects"][0] = asks),
        &[("/results/0/effects/0/type", "needs-a-task")],
    );
}

/// E13
#[test]
fn a_record_is_made_of_one_kind_and_becomes_the_related_one() {
    let create = |kind: &str, related: &str| json!({"type": "create_entity", "kind": kind, "name": "New", "as": related});
    assert_fault(create("account", "nope"), "as", "unknown-related");
    assert_fault(create("household", "account"), "as", "type-mismatch");
    let mut effect = create("client", "account");
    effect.as_object_mut().unwrap().remove("as");
    assert_fault(effect.clone(), "kind", "unknown-kind");
    effect["kind"] = json!("spaceship");
    assert_fault(effect, "kind", "unknown-kind");
}

/// E13
#[test]
fn filed_documents_come_from_file_fields() {
    let filing = |key: &str| json!({"type": "file_document", "files": ["account_package", key]});
    assert_fault(filing("nope"), "files/1", "unknown-field");
    assert_fault(filing("owners"), "files/1", "type-mismatch");
    assert_faults(with_effect(filing("plan_fee_document")), &[]);
    assert_faults(
        with_task("intake", |task| {
            task["on_complete"] = json!([filing("registration_papers")]);
        }),
        &[
            ("/tasks/intake/on_complete/0/files/0", "not-before"),
            ("/tasks/intake/on_complete/0/files/1", "not-before"),
        ],
    );
}

/// E13
#[test]
fn a_started_process_is_handed_what_there_is() {
    assert_faults(
        with_effect(json!({
            "type": "start_process", "process_type": "money_movement_in",
            "fields": {"x": {"field": "nope"}}, "related": {"y": "nope"},
        })),
        &[
            (
                "/tasks/submit/on_complete/0/fields/x/field",
                "unknown-field",
            ),
            ("/tasks/submit/on_complete/0/related/y", "unknown-related"),
        ],
    );
}
