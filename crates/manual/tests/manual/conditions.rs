//! E4 in sentences.

use serde_json::{Value, json};

use crate::sample::fact;

/// The condition of the third step, which follows the approval.
fn when(condition: Value) -> String {
    let said = fact(2, "Condition", |task| task["when"] = condition);
    let clause = said.strip_prefix("Only if ").unwrap();
    clause
        .strip_suffix("; otherwise it is skipped")
        .unwrap()
        .to_owned()
}

/// E4
#[test]
fn every_operator_reads_as_english() {
    for (condition, said) in [
        (
            json!({"field": "reason", "eq": "Complaint"}),
            "“Reason” is “Complaint”",
        ),
        (
            json!({"field": "reason", "ne": "Complaint"}),
            "“Reason” is something other than “Complaint”",
        ),
        (
            json!({"field": "is_right", "eq": true}),
            "“Is right” is yes",
        ),
        (
            json!({"field": "difference", "gt": {"amount": "12500.5", "currency": "USD"}}),
            "“Difference” is more than USD 12,500.5",
        ),
        (
            json!({"field": "difference", "gte": {"amount": "1", "currency": "USD"}}),
            "“Difference” is at least USD 1",
        ),
        (
            json!({"field": "difference", "lt": {"ref": {"policy": "largest_waiver"}}}),
            "“Difference” is less than the setting “largest waiver”",
        ),
        (
            json!({"field": "difference", "lte": {"amount": "-3000", "currency": "USD"}}),
            "“Difference” is at most USD -3,000",
        ),
        (
            json!({"field": "seen_on", "gt": "2026-07-01"}),
            "“Seen on” is after July 1, 2026",
        ),
        (
            json!({"field": "seen_on", "gte": {"ref": {"attribute": "next_review"}}}),
            "“Seen on” is on or after “Next review on” of the client",
        ),
        (
            json!({"field": "seen_on", "lt": "2026-07-01"}),
            "“Seen on” is before July 1, 2026",
        ),
        (
            json!({"field": "seen_on", "lte": "2026-07-01"}),
            "“Seen on” is on or before July 1, 2026",
        ),
        (
            json!({"field": "reason", "in": ["Yearly", "Complaint"]}),
            "“Reason” is “Yearly” or “Complaint”",
        ),
        (
            json!({"attribute": "tier", "has": "Key"}),
            "“Service tier” of the client includes “Key”",
        ),
        (
            json!({"field": "seen_on", "is_set": true}),
            "“Seen on” is filled in",
        ),
        (
            json!({"field": "seen_on", "is_set": false}),
            "“Seen on” is empty",
        ),
        (
            json!({"attribute": "tier", "is_set": false}),
            "“Service tier” of the client is not known",
        ),
        (
            json!({"attribute": "status", "eq": "prospect"}),
            "the status of the client is “prospect”",
        ),
        (
            json!({"task": "approve", "eq": "yes"}),
            "step 2 ended with “Approved”",
        ),
        (
            json!({"task": "approve", "in": ["yes", "no"]}),
            "step 2 ended with “Approved” or “Sent back”",
        ),
        (
            json!({"task": "approve", "ne": "yes"}),
            "step 2 ended with something other than “Approved”",
        ),
        (
            json!({"task": "approve", "is_set": true}),
            "step 2 ended with an outcome",
        ),
    ] {
        assert_eq!(when(condition), said);
    }
}

/// E4
#[test]
fn what_does_not_hold_is_said_in_the_verb() {
    for (condition, said) in [
        (
            json!({"field": "reason", "eq": "Yearly"}),
            "“Reason” is not “Yearly”",
        ),
        (
            json!({"field": "difference", "gt": {"amount": "5", "currency": "USD"}}),
            "“Difference” is at most USD 5, or empty",
        ),
        (
            json!({"field": "reason", "in": ["Yearly", "Complaint"]}),
            "“Reason” is not “Yearly” or “Complaint”",
        ),
        (
            json!({"attribute": "tier", "has": "Key"}),
            "“Service tier” of the client does not include “Key”",
        ),
        (
            json!({"field": "seen_on", "is_set": true}),
            "“Seen on” is empty",
        ),
        (
            json!({"task": "approve", "eq": "yes"}),
            "step 2 did not end with “Approved”",
        ),
        (
            json!({"field": "reason", "ne": "Yearly"}),
            "“Reason” is “Yearly”, or empty",
        ),
        (
            json!({"not": {"field": "reason", "eq": "Yearly"}}),
            "“Reason” is “Yearly”",
        ),
    ] {
        assert_eq!(when(json!({ "not": condition })), said);
    }
}

/// E4
#[test]
fn groups_are_joined_and_nested_ones_stand_in_brackets() {
    let reason = json!({"field": "reason", "eq": "Yearly"});
    let right = json!({"field": "is_right", "eq": false});
    let seen = json!({"field": "seen_on", "is_set": true});
    assert_eq!(
        when(json!({"all": [reason, right, seen]})),
        "“Reason” is “Yearly”, “Is right” is no and “Seen on” is filled in"
    );
    assert_eq!(
        when(json!({"any": [seen, {"all": [reason, right]}]})),
        "“Seen on” is filled in or (“Reason” is “Yearly” and “Is right” is no)"
    );
    assert_eq!(
        when(json!({"not": {"any": [reason, seen]}})),
        "“Reason” is not “Yearly” and “Seen on” is empty"
    );
    assert_eq!(
        when(json!({"not": {"all": [reason, seen]}})),
        "“Reason” is not “Yearly” or “Seen on” is empty"
    );
}
