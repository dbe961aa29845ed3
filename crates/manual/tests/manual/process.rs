//! E24 and E25 in sentences, the kinds of steps, and dynamic data.

use serde_json::json;

use crate::sample::{fact, said, step};

/// E25
#[test]
fn a_subprocess_says_what_it_starts_what_it_hands_over_and_what_its_result_means() {
    let said = fact(1, "Process", |task| {
        task["kind"] = json!("subprocess");
        task["starts"] = json!({
            "type": "billing",
            "fields": {"amount": {"fixed": 5}},
            "related": {"payer": "fee_account"},
            "results": {"completed": "yes", "written_off": "no"},
        });
    });
    assert_eq!(
        said,
        "Starts “Billing” for the client, handing over 5 as “Amount due” and the fee account as its payer, and waits for its end / Its result \
         decides: “Billed” gives “Approved” and “written off” gives “Sent back”"
    );
}

/// E24
#[test]
fn a_fan_out_says_what_it_runs_over() {
    for (over, words) in [
        (
            json!({"field": "accounts"}),
            "Once for each choice in “Accounts”",
        ),
        (
            json!({"related": "household"}),
            "Once for each of the households of the client",
        ),
        (
            json!({"segment": "00000000-0000-7000-8000-000000000001"}),
            "Once for each record of a segment",
        ),
    ] {
        let step = step(1, |task| {
            task["kind"] = json!("fan_out");
            task["over"] = over;
        });
        assert_eq!(said(&step.facts, "Runs").unwrap(), words);
        assert_eq!(step.tags[0].text, "For each");
    }
}

#[test]
fn tags_tell_the_kind_of_work_and_what_presses() {
    let tags = |kind: &str, priority: &str| {
        let step = step(1, |task| {
            task["kind"] = json!(kind);
            task["priority"] = json!(priority);
        });
        step.tags.iter().map(|tag| tag.text).collect::<Vec<_>>()
    };
    assert_eq!(tags("approval", "normal"), ["Approval"]);
    assert_eq!(tags("decision", "high"), ["Decision", "High priority"]);
    assert_eq!(tags("approval", "urgent"), ["Approval", "Urgent"]);
    assert_eq!(tags("approval", "low"), ["Approval", "Low priority"]);
}

/// E22
#[test]
fn a_wait_says_for_whom() {
    let said = fact(1, "Waits for", |task| {
        task["kind"] = json!("wait");
        task["waiting_on"] = json!("other_firm");
    });
    assert_eq!(said, "The other firm");
}

/// E14
#[test]
fn dynamic_data_shows_what_will_stand_there() {
    let step = step(2, |task| {
        task["title"] = json!("Tell {{ entity.name }} by {{ task.due_at | date }}");
        task["description"] = json!(
            "{{ process.fields.reason }}, {{ entity.attributes.tier | default('none') }}, {{ owner.full_name }}\n\n {{ related.fee_account.name }}"
        );
    });
    assert_eq!(step.title, "Tell [client] by [due date]");
    assert_eq!(
        step.description,
        ["[Reason], [Service tier], [owner]", "[fee account]"]
    );
}
