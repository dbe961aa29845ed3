//! E1–E4a, E6 and E15 in sentences: when steps open, and what outcomes lead to.

use serde_json::{Value, json};

use crate::sample::{changed, fact, plain, said, step};

/// What a fourth step that waits for these says of its opening.
fn opens(after: &Value, join: &str) -> String {
    let manual = changed(|document| {
        let last = json!({"key": "last", "title": "Close", "after": after, "join": join});
        document["tasks"].as_array_mut().unwrap().push(last);
    });
    said(&manual.steps().nth(3).unwrap().facts, "Opens").unwrap()
}

/// E1, E2
#[test]
fn a_step_says_what_it_waits_for() {
    assert_eq!(fact(0, "Opens", |_| {}), "When the process starts");
    assert_eq!(
        opens(&json!([{"task": "tell"}]), "all"),
        "When step 3 is done"
    );
    assert_eq!(
        opens(&json!([{"task": "approve", "outcome": "yes"}]), "all"),
        "When step 2 ends with “Approved”"
    );
    assert_eq!(
        opens(&json!([{"task": "tell"}, {"task": "compare"}]), "all"),
        "When steps 1 and 3 are both done"
    );
    assert_eq!(
        opens(
            &json!([{"task": "tell"}, {"task": "compare"}, {"task": "approve"}]),
            "all"
        ),
        "When steps 1, 2 and 3 are all done"
    );
    assert_eq!(
        opens(
            &json!([{"task": "compare"}, {"task": "approve", "outcome": "yes"}]),
            "all"
        ),
        "When step 1 is done and step 2 ends with “Approved”"
    );
}

/// E3
#[test]
fn the_first_of_several_is_enough_where_the_join_says_so() {
    assert_eq!(
        opens(&json!([{"task": "compare"}, {"task": "tell"}]), "any"),
        "As soon as one of steps 1 and 3 is done"
    );
    let by_outcomes = json!([{"task": "approve", "outcome": "yes"}, {"task": "approve", "outcome": "no"}, {"task": "compare"}]);
    assert_eq!(
        opens(&by_outcomes, "any"),
        "As soon as step 1 is done or step 2 ends with “Approved” or “Sent back”"
    );
}

fn outcome(outcome: Value) -> Vec<String> {
    let step = step(1, |task| {
        let mut outcome = outcome;
        outcome["key"] = json!("maybe");
        outcome["label"] = json!("Perhaps");
        task["outcomes"].as_array_mut().unwrap().push(outcome);
    });
    assert_eq!(step.outcomes[2].label, "Perhaps");
    plain(&step.outcomes[2].leads)
}

/// E6
#[test]
fn rework_says_where_to_and_how_often() {
    assert_eq!(
        outcome(json!({"reopens": "compare", "max_rounds": 3})),
        [
            "Sends the work back to step 1, “Compare the fees”; it and everything after it are done again, at most 3 times."
        ]
    );
    assert_eq!(
        outcome(json!({"reopens": "approve", "max_rounds": 1})),
        ["The step is done again, at most once."]
    );
    assert_eq!(
        outcome(json!({"reopens": "approve", "max_rounds": 2})),
        ["The step is done again, at most twice."]
    );
    assert_eq!(
        outcome(json!({"reopens": "approve"})),
        ["The step is done again, at most 10 times."]
    );
}

/// E1, E15
#[test]
fn an_outcome_says_what_follows_it() {
    let step = step(1, |_| {});
    assert_eq!(plain(&step.outcomes[0].leads), ["Goes on to step 3."]);
    assert_eq!(outcome(json!({})), ["The process ends."]);
    assert_eq!(
        outcome(json!({"ends": "completed"})),
        [
            "Ends the process at once with the result “Completed”; whatever is still open is cancelled."
        ]
    );
}

/// E1
#[test]
fn the_last_step_of_a_branch_does_not_end_the_process() {
    let manual = changed(|document| {
        let side = json!({"key": "side", "title": "File", "after": [{"task": "compare"}]});
        document["tasks"].as_array_mut().unwrap().push(side);
    });
    let facts: Vec<_> = manual
        .steps()
        .map(|step| said(&step.facts, "Next"))
        .collect();
    assert_eq!(facts[0].as_deref(), Some("Goes on to steps 2 and 4"));
    assert_eq!(
        facts[3].as_deref(),
        Some("Nothing follows; the process ends when every other step is closed")
    );
}

/// E4a, E7, E15
#[test]
fn skips_results_notes_and_reasons_are_said_too() {
    let said = outcome(json!({
        "skips": ["tell"],
        "sets_result": "waived",
        "requires_note": true,
        "reason_codes": ["too_high", "Agreed"],
    }));
    assert_eq!(
        said,
        [
            "The process ends.",
            "Step 3 is skipped.",
            "The process will end with the result “Completed”.",
            "A note must say why.",
            "A reason must be chosen: “too high” or “Agreed”.",
        ]
    );
}
