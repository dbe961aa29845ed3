//! E12 in sentences.

use serde_json::json;

use crate::sample::{fact, said, step};

/// E12
#[test]
fn reminders_say_who_hears_when() {
    let said = fact(1, "Reminders", |task| {
        task["reminders"] = json!([
            {"amount": -2, "unit": "business_days"},
            {"amount": 0, "unit": "hours", "to": {"role": "compliance"}},
        ]);
    });
    assert_eq!(
        said,
        "The owner is reminded 2 business days before the due date / The owner and the Compliance Officer are reminded on the due date"
    );
}

/// E12
#[test]
fn an_escalation_says_whom_it_is_brought_before_and_to_whom_it_passes() {
    let escalation = |document| fact(1, "Escalation", |task| task["escalation"] = document);
    assert_eq!(
        escalation(json!({"amount": 1, "unit": "business_days"})),
        "1 business day after the due date, if it is still not done, the owner of the process is told"
    );
    assert_eq!(
        escalation(
            json!({"amount": 3, "unit": "days", "to": {"role": "compliance"}, "new_owner": [{"role": "lead_advisor"}]})
        ),
        "3 calendar days after the due date, if it is still not done, the Compliance Officer is told and the step passes to the Lead Advisor"
    );
}

/// E23
#[test]
fn a_step_that_may_not_be_skipped_says_so() {
    let locked = step(0, |task| task["skippable"] = json!(false));
    assert_eq!(
        said(&locked.facts, "Skipping").unwrap(),
        "It cannot be skipped by hand"
    );
    assert_eq!(said(&step(0, |_| {}).facts, "Skipping"), None);
}
