//! E13 in sentences.

use serde_json::{Value, json};

use crate::sample::{changed, plain, step};

fn effect(effect: &Value) -> String {
    let step = step(1, |task| task["on_complete"] = json!([effect]));
    plain(&step.effects).remove(0)
}

/// E13
#[test]
fn every_effect_says_what_baton_does() {
    for (document, said) in [
        (
            json!({"type": "log_touchpoint", "touchpoint_type": "email", "subject": "Fees of {{ entity.name }}"}),
            "Records an email with the client: “Fees of [client]”.",
        ),
        (
            json!({"type": "set_attribute", "attribute": "next_review", "value": {"now": true}}),
            "Sets “Next review on” of the client to the date on which this happens.",
        ),
        (
            json!({"type": "set_attribute", "attribute": "status", "of": "fee_account", "value": {"fixed": "closed_out"}}),
            "Sets the status of the fee account to “closed out”.",
        ),
        (
            json!({"type": "set_attribute", "attribute": "tier", "value": {"field": "reason"}}),
            "Sets “Service tier” of the client to the answer to “Reason”.",
        ),
        (
            json!({"type": "request_attribute", "attribute": "tier", "required": true}),
            "The completion form asks for “Service tier” of the client, which must be answered.",
        ),
        (
            json!({"type": "create_task", "title": "Call", "owner": [{"is": "process_owner"}],
                   "due": {"amount": 5, "unit": "business_days", "from": "opened"}}),
            "Creates the follow-up task “Call” for the owner of the process, due 5 business days after this happens.",
        ),
        (
            json!({"type": "create_entity", "kind": "account", "name": "{{ process.fields.reason }}", "as": "fee_account", "relation": "owned_by"}),
            "Adds an account named “[Reason]”, owned by the client, as the fee account of this process unless there is one.",
        ),
        (
            json!({"type": "file_document", "name": "Statement", "files": ["statement"]}),
            "Files the documents of “Statement” with the client as “Statement”.",
        ),
        (
            json!({"type": "file_document"}),
            "Files the documents of this step with the client.",
        ),
        (
            json!({"type": "notify", "to": {"role": "compliance"}, "message": "Look."}),
            "Notifies the Compliance Officer: “Look.”",
        ),
        (
            json!({"type": "start_process", "process_type": "billing", "fields": {"amount": {"field": "difference"}},
                   "related": {"payer": "fee_account"}}),
            "Starts the process “Billing” for the client, handing over the answer to “Difference” as “Amount due” and the fee account as its payer.",
        ),
        (
            json!({"type": "schedule_next", "process_type": "fee_review", "at": {"amount": 12, "unit": "months", "from": "process_start"}}),
            "Schedules the next “Fee review” for the client: 12 months after the process starts.",
        ),
    ] {
        assert_eq!(effect(&document), said);
    }
}

/// E13
#[test]
fn an_effect_says_when_and_on_what_it_happens() {
    let document = json!({
        "type": "start_process", "process_type": "billing", "if_outcome": "yes", "each": "accounts", "of": "accounts",
        "when": {"field": "is_right", "eq": false}, "unless_open": true,
    });
    assert_eq!(
        effect(&document),
        "With “Approved”: starts the process “Billing” for each account named in “Accounts”, once for each of “Accounts”, only if “Is right” \
         is no, unless one is still open."
    );
}

/// E13, E15
#[test]
fn results_say_how_they_are_reached_and_what_comes_of_them() {
    let manual = changed(|document| {
        document["results"] = json!([
            {"key": "completed", "label": "Fees are right", "effects": [{"type": "file_document", "name": "Review"}]},
            {"key": "waived", "label": "Waived"},
            {"key": "stopped", "label": "Stopped"},
        ]);
        document["tasks"][1]["outcomes"][0]["sets_result"] = json!("waived");
        document["tasks"][1]["outcomes"]
            .as_array_mut()
            .unwrap()
            .push(json!({"key": "stop", "label": "Stop", "ends": "stopped"}));
    });
    let said: Vec<(&str, Vec<String>, Vec<String>)> = manual
        .results
        .iter()
        .map(|card| {
            (
                card.label.as_str(),
                plain(&card.reached),
                plain(&card.effects),
            )
        })
        .collect();
    let texts = |texts: &[&str]| texts.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
    assert_eq!(
        said,
        [
            (
                "Fees are right",
                texts(&["When every step is closed and no outcome has chosen another result."]),
                texts(&["Files the documents of the process with the client as “Review”."]),
            ),
            (
                "Waived",
                texts(&["When every step is closed, if step 2 ended with “Approved”."]),
                Vec::new()
            ),
            (
                "Stopped",
                texts(&["At once when step 2 ends with “Stop”."]),
                Vec::new()
            ),
        ]
    );
}
