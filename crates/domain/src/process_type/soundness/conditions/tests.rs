//! Each fault of these checks, on the sample changed in one place.

use serde_json::{Value, json};

use crate::process_type::soundness::sample::{assert_faults, with, with_task};

fn when(condition: Value) -> Value {
    with(|it| {
        it["policies"] = json!([
            {"key": "limit", "type": "money", "default": {"amount": "50000", "currency": "USD"}},
        ]);
        it["tasks"][9]["when"] = condition;
    })
}

#[track_caller]
fn assert_fault(condition: Value, place: &str, code: &str) {
    assert_faults(
        when(condition),
        &[(&format!("/tasks/approval/when{place}"), code)],
    );
}

/// E4
#[test]
fn a_condition_looks_at_what_there_is() {
    assert_fault(
        json!({"field": "nope", "is_set": true}),
        "/field",
        "unknown-field",
    );
    assert_fault(
        json!({"attribute": "nope", "is_set": true}),
        "/attribute",
        "unknown-attribute",
    );
    assert_fault(
        json!({"policy": "nope", "is_set": true}),
        "/policy",
        "unknown-policy",
    );
    assert_fault(json!({"task": "nope", "eq": "x"}), "/task", "unknown-task");
    assert_fault(json!({"task": "intake", "eq": "x"}), "/task", "no-outcomes");
    assert_fault(
        json!({"task": "signatures", "eq": "x"}),
        "/eq",
        "unknown-option",
    );
    assert_fault(
        json!({"task": "signatures", "in": ["signed", "x"]}),
        "/in/1",
        "unknown-option",
    );
    assert_fault(
        json!({"field": "expected_funding", "gt": {"ref": {"policy": "nope"}}}),
        "/gt/ref/policy",
        "unknown-policy",
    );
}

/// E20
#[test]
fn a_condition_looks_only_back() {
    assert_fault(
        json!({"field": "opening_case_number", "is_set": true}),
        "/field",
        "not-before",
    );
    assert_fault(
        json!({"field": "approval_note", "is_set": true}),
        "/field",
        "not-before",
    );
    assert_fault(
        json!({"task": "submit", "is_set": true}),
        "/task",
        "not-before",
    );
    // The billing runs beside the reporting.
    assert_faults(
        with_task("systems", |task| {
            task["when"] = json!({"field": "billing_start", "is_set": true});
        }),
        &[("/tasks/systems/when/field", "not-before")],
    );
    assert_fault(
        json!({"not": {"any": [{"task": "signatures", "eq": "signed"}, {"field": "model", "is_set": true}]}}),
        "/not/any/1/field",
        "not-before",
    );
}

/// E20
#[test]
fn the_flow_hangs_on_no_answer_that_may_be_left_out() {
    assert_fault(
        json!({"field": "initial_features", "has": "Margin"}),
        "/field",
        "optional-field",
    );
    assert_faults(
        when(json!({"field": "initial_features", "is_set": true})),
        &[],
    );
    // What is shown may hang on it.
    assert_faults(
        with_task("profile", |task| {
            task["form"][0]["visible_when"] = json!({"field": "initial_features", "has": "Margin"});
        }),
        &[],
    );
}

/// E4
#[test]
fn operators_suit_their_types() {
    assert_fault(
        json!({"field": "custodian", "gt": "Schwab"}),
        "/gt",
        "type-mismatch",
    );
    assert_fault(
        json!({"field": "custodian", "has": "Schwab"}),
        "/has",
        "type-mismatch",
    );
    assert_fault(
        json!({"field": "discretionary", "lte": true}),
        "/lte",
        "type-mismatch",
    );
    assert_fault(
        json!({"field": "expected_funding", "gt": 100}),
        "/gt",
        "type-mismatch",
    );
    assert_fault(
        json!({"field": "discretionary", "eq": "yes"}),
        "/eq",
        "type-mismatch",
    );
    assert_fault(
        json!({"field": "package_signed_on", "lt": "soon"}),
        "/lt",
        "type-mismatch",
    );
    assert_fault(
        json!({"field": "custodian", "eq": "Nobody"}),
        "/eq",
        "unknown-option",
    );
    assert_fault(
        json!({"attribute": "status", "eq": "open"}),
        "/eq",
        "unknown-option",
    );
    assert_fault(
        json!({"field": "expected_funding", "gte": {"ref": {"field": "custodian"}}}),
        "/gte",
        "type-mismatch",
    );
}

/// E4
#[test]
fn what_suits_is_sound() {
    for condition in [
        json!({"field": "expected_funding", "gte": {"ref": {"policy": "limit"}}}),
        json!({"field": "package_signed_on", "gt": {"ref": {"attribute": "adv_delivered_date"}}}),
        json!({"attribute": "status", "in": ["prospect", "client"]}),
        json!({"task": "signatures", "ne": "signed"}),
        json!({"field": "owners", "eq": {"ref": {"field": "custodian"}}}),
    ] {
        assert_faults(when(condition), &[]);
    }
}

/// E4
#[test]
fn a_field_is_shown_by_what_stands_above_it() {
    let visible = |place: usize, by: &str| {
        with(|it| it["start_form"][place]["visible_when"] = json!({"field": by, "is_set": true}))
    };
    assert_faults(visible(1, "account_purpose"), &[]);
    for by in ["registration_type", "custodian", "owners"] {
        assert_faults(
            visible(1, by),
            &[("/start_form/1/visible_when/field", "not-before")],
        );
    }
    let inside = |place: usize, by: &str| {
        with_task("profile", |task| {
            task["form"][place]["visible_when"] = json!({"field": by, "is_set": true});
        })
    };
    assert_faults(inside(1, "identification_documents"), &[]);
    assert_faults(
        inside(0, "trusted_contact"),
        &[("/tasks/profile/form/0/visible_when/field", "not-before")],
    );
}

/// E13
#[test]
fn an_effect_may_hang_on_its_own_task() {
    let effect = |field: &str| {
        with_task("submit", |task| {
            task["on_complete"][0]["when"] = json!({"field": field, "is_set": true});
        })
    };
    assert_faults(effect("account_number"), &[]);
    assert_faults(
        effect("model"),
        &[("/tasks/submit/on_complete/0/when/field", "not-before")],
    );
    assert_faults(
        with(|it| {
            it["results"][0]["effects"][0]["when"] = json!({"field": "nope", "is_set": true});
        }),
        &[("/results/0/effects/0/when/field", "unknown-field")],
    );
}

/// E20
#[test]
fn a_fixed_person_is_an_active_user() {
    let field = json!({"key": "guide", "label": "Guide", "type": "user", "required": true});
    let asks = |id: &str| {
        with(|it| {
            it["start_form"].as_array_mut().unwrap().push(field.clone());
            it["tasks"][0]["when"] = json!({"field": "guide", "eq": id});
        })
    };
    assert_faults(asks("00000000-0000-7000-8000-000000000001"), &[]);
    assert_faults(
        asks("00000000-0000-7000-8000-000000000002"),
        &[("/tasks/0/when/eq", "unknown-user")],
    );
    assert_faults(asks("me"), &[("/tasks/0/when/eq", "type-mismatch")]);
}
