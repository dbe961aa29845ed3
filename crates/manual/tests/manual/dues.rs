//! E11 in sentences.

use serde_json::{Value, json};

use crate::sample::fact;

fn due(rule: Value) -> String {
    fact(1, "Due", |task| task["due"] = rule)
}

/// E11
#[test]
fn a_due_rule_says_how_much_of_what_after_which_event() {
    for (rule, said) in [
        (
            json!({"amount": 1, "unit": "business_days", "from": "opened"}),
            "1 business day after the step opens",
        ),
        (
            json!({"amount": 2, "unit": "business_days", "from": "process_start"}),
            "2 business days after the process starts",
        ),
        (
            json!({"amount": 3, "unit": "business_days", "from": "opened", "calendar": "bank"}),
            "3 bank business days after the step opens",
        ),
        (
            json!({"amount": 10, "unit": "days", "from": "task", "key": "compare"}),
            "10 calendar days after step 1 is completed",
        ),
        (
            json!({"amount": 4, "unit": "hours", "from": "opened"}),
            "4 hours after the step opens",
        ),
        (
            json!({"amount": 6, "unit": "months", "from": "field", "key": "seen_on"}),
            "6 months after the date in “Seen on”",
        ),
        (
            json!({"amount": 1, "unit": "years", "from": "attribute", "key": "next_review"}),
            "1 year after “Next review on” of the client",
        ),
        (
            json!({"amount": 5, "unit": "days", "from": "quarter_end"}),
            "5 calendar days after the end of the quarter",
        ),
        (
            json!({"amount": 1, "unit": "months", "from": "fiscal_year_start"}),
            "1 month after the start of the fiscal year",
        ),
    ] {
        assert_eq!(due(rule), said);
    }
}

/// E11
#[test]
fn before_an_event_and_on_its_day_read_as_such() {
    for (rule, said) in [
        (
            json!({"amount": -30, "unit": "days", "from": "attribute", "key": "next_review"}),
            "30 calendar days before “Next review on” of the client",
        ),
        (
            json!({"amount": -1, "unit": "business_days", "from": "fiscal_year_end"}),
            "1 business day before the end of the fiscal year",
        ),
        (
            json!({"amount": 0, "unit": "business_days", "from": "opened"}),
            "By close of business on the day when the step opens",
        ),
        (
            json!({"amount": 0, "unit": "hours", "from": "opened"}),
            "As soon as the step opens",
        ),
        (
            json!({"amount": 0, "unit": "days", "from": "field", "key": "seen_on"}),
            "On the date in “Seen on”",
        ),
    ] {
        assert_eq!(due(rule), said);
    }
}

/// E11
#[test]
fn tiers_and_fallbacks_are_spelled_out() {
    let rule = json!({
        "amount_by": {"attribute": "tier", "map": {"Basic": 10, "Key": 1, "Core": 5}},
        "unit": "business_days",
        "from": "field",
        "key": "seen_on",
        "fallback": {"amount": 3, "unit": "business_days", "from": "opened"},
    });
    assert_eq!(
        due(rule),
        "By “Service tier” of the client: 1 business day after the date in “Seen on” for “Key”, 5 business days after the date in “Seen on” \
         for “Core” and 10 business days after the date in “Seen on” for “Basic”; while that is not known, 3 business days after the step opens"
    );
    assert_eq!(fact(1, "Due", |_| {}), "No due date");
}
