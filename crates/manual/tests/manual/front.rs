//! The process at a glance.

use serde_json::{Value, json};

use crate::sample::{changed, said};

/// A heading with its steps.
type Printed<'m> = (Option<&'m str>, Vec<(usize, &'m str)>);

fn glance(label: &str, change: impl FnOnce(&mut Value)) -> String {
    said(&changed(change).glance, label).unwrap()
}

/// X20
#[test]
fn initiators_are_named() {
    let started = |keys: Value| glance("Started by", |it| it["initiators"] = keys);
    assert_eq!(
        started(json!(["lead_advisor", "associate"])),
        "The Lead Advisor or the Associate"
    );
    assert_eq!(
        started(json!(["anyone"])),
        "Anyone of the firm who may see the client"
    );
    assert_eq!(started(json!([])), "Managers and administrators");
    let firm = |it: &mut Value| {
        it["subject"]["kinds"] = json!(["firm"]);
        it["initiators"] = json!(["anyone"]);
    };
    assert_eq!(glance("Started by", firm), "Anyone of the firm");
}

/// E16
#[test]
fn the_subject_is_named_with_its_kinds_and_statuses() {
    let run_for = |subject: Value| {
        let titled = |it: &mut Value| {
            it["subject"] = subject;
            it["tasks"][2]["title"] = json!("Tell");
        };
        glance("Run for", titled)
    };
    assert_eq!(run_for(json!({"kinds": ["firm"]})), "The firm itself");
    assert_eq!(
        run_for(json!({"kinds": ["household", "account"]})),
        "A household or an account"
    );
    assert_eq!(
        run_for(json!({"kinds": ["household"], "many": true})),
        "One or more households"
    );
    assert_eq!(
        run_for(json!({"kinds": ["client"], "statuses": ["prospect"]})),
        "A client in the status “prospect”"
    );
}

/// E18
#[test]
fn a_schedule_is_put_in_words() {
    for (schedule, words) in [
        (json!({"rule": "FREQ=YEARLY"}), "Every year"),
        (
            json!({"rule": "RRULE:FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15"}),
            "Every 3 months on the 15th",
        ),
        (
            json!({"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "unless_open": true}),
            "Every second week on Monday and Friday, unless one is still open",
        ),
        (
            json!({"rule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"}),
            "Every month on the first weekday",
        ),
        (
            json!({"rule": "FREQ=MONTHLY;BYDAY=-1FR"}),
            "Every month on the last Friday",
        ),
        (
            json!({"rule": "FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=-1"}),
            "Every year on the last day of January and July",
        ),
        (
            json!({"rule": "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=5"}),
            "Every day on weekdays, 5 times",
        ),
        (
            json!({"rule": "FREQ=MONTHLY;BYMONTH=1,4;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=10"}),
            "Every year on the 10th weekday of January and April",
        ),
        (
            json!({"rule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-10"}),
            "Every month on the 10th to last weekday",
        ),
        (
            json!({"rule": "FREQ=YEARLY;BYMONTH=10"}),
            "Every year in October",
        ),
        (
            json!({"rule": "FREQ=DAILY;INTERVAL=10", "closed_days": "after"}),
            "Every 10 days, or on the next business day when that day is closed",
        ),
        (
            json!({"at": {"amount": 3, "unit": "business_days", "from": "quarter_end"}, "unless_open": true}),
            "3 business days after the end of the quarter, unless one is still open",
        ),
        (
            json!({"at": {"amount": -60, "unit": "days", "from": "fiscal_year_end"}}),
            "60 calendar days before the end of the fiscal year",
        ),
        (
            json!({"attribute": "next_review", "offset_days": -30}),
            "30 calendar days before “Next review on” of the client",
        ),
        (
            json!({"attribute": "next_review"}),
            "On “Next review on” of the client",
        ),
    ] {
        assert_eq!(glance("Cadence", |it| it["schedule"] = schedule), words);
    }
    for (kind, words) in [
        ("reactionary", "Whenever it happens"),
        ("proactive", "On the firm’s own initiative"),
        ("periodic", "At set times"),
        ("as_needed", "As needed"),
    ] {
        assert_eq!(
            glance("Cadence", |it| it["trigger"]["kind"] = json!(kind)),
            words
        );
    }
}

#[test]
fn steps_are_numbered_under_their_stages_in_the_order_of_the_stages() {
    let manual = changed(|it| {
        it["stages"] =
            json!([{"key": "last", "title": "Last"}, {"key": "first", "title": "First"}]);
        it["tasks"][0]["stage"] = json!("first");
        it["tasks"][1]["stage"] = json!("last");
    });
    let parts: Vec<Printed<'_>> = manual
        .parts
        .iter()
        .map(|part| {
            let steps = part
                .steps
                .iter()
                .map(|step| (step.number, step.title.as_str()));
            (part.title.as_deref(), steps.collect())
        })
        .collect();
    assert_eq!(
        parts,
        [
            (Some("Last"), vec![(1, "Approve the comparison")]),
            (Some("First"), vec![(2, "Compare the fees")]),
            (None, vec![(3, "Tell [client]")]),
        ]
    );
}

#[test]
fn what_a_manual_is_about_stands_in_front() {
    let manual = changed(|it| it["area"] = json!("Billing"));
    assert_eq!(manual.category, "Client Management");
    assert_eq!(manual.area.as_deref(), Some("Billing"));
    assert_eq!(said(&manual.glance, "Trigger").unwrap(), "Once a year.");
    assert_eq!(
        said(&manual.glance, "Also deals with").unwrap(),
        "A fee account (account)"
    );
}
