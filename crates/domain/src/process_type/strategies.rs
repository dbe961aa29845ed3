//! Random process types for property tests: any flow without a cycle, and sound ones.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, sample::Index as Pick};
use serde_json::{Value, json};

use super::{CheckContext, Definition, ProcessTypeDocument, check, parse};

/// What a random task is made of; edges and the like pick among the tasks before or behind it.
#[derive(Debug, Clone)]
struct Draft {
    edges: Vec<(Pick, Option<Pick>)>,
    any: bool,
    conditional: bool,
    skippable: bool,
    outcomes: Vec<Turn>,
}

/// Where a random outcome leads.
#[derive(Debug, Clone)]
enum Turn {
    On,
    Ends,
    SetsResult,
    Reopens(Pick),
    Skips(Pick),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        4 => Just(Turn::On),
        1 => Just(Turn::Ends),
        1 => Just(Turn::SetsResult),
        1 => any::<Pick>().prop_map(Turn::Reopens),
        1 => any::<Pick>().prop_map(Turn::Skips),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    let edge = (any::<Pick>(), proptest::option::of(any::<Pick>()));
    (
        vec(edge, 0..4),
        any::<bool>(),
        proptest::bool::weighted(0.2),
        any::<bool>(),
        vec(turn(), 0..4),
    )
        .prop_map(|(edges, any, conditional, skippable, outcomes)| Draft {
            edges,
            any,
            conditional,
            skippable,
            outcomes,
        })
}

/// Any flow of up to eight tasks whose keys are known and whose edges lead forward and rework back; seldom sound in every point.
pub(crate) fn flows() -> impl Strategy<Value = ProcessTypeDocument> {
    vec(draft(), 1..9).prop_map(|drafts| {
        let tasks: Vec<Value> = (0..drafts.len())
            .map(|place| task(place, &drafts))
            .collect();
        document(&tasks)
    })
}

/// Sound documents, in a firm that has nothing of its own.
pub(crate) fn sound_documents() -> impl Strategy<Value = ProcessTypeDocument> {
    flows().prop_map(repaired)
}

/// Sound definitions.
pub(crate) fn sound_definitions() -> impl Strategy<Value = Definition> {
    sound_documents().prop_filter_map("a sound document parses", |document| parse(&document).ok())
}

fn task(place: usize, drafts: &[Draft]) -> Value {
    let draft = &drafts[place];
    let edges = draft
        .edges
        .iter()
        .filter(|_| place > 0)
        .map(|(source, outcome)| {
            let source = source.index(place);
            let outcomes = drafts[source].outcomes.len();
            let mut edge = json!({"task": format!("t{source}")});
            if let (Some(outcome), 1..) = (outcome, outcomes) {
                edge["outcome"] = json!(format!("o{}", outcome.index(outcomes)));
            }
            edge
        });
    let outcomes = draft.outcomes.iter().enumerate().map(|(key, turn)| {
        let mut outcome = json!({"key": format!("o{key}"), "label": "Outcome"});
        match turn {
            Turn::On => {}
            Turn::Ends => outcome["ends"] = json!("completed"),
            Turn::SetsResult => outcome["sets_result"] = json!("completed"),
            Turn::Reopens(target) => {
                let back: Vec<usize> = upstream(place, drafts).into_iter().collect();
                outcome["reopens"] = json!(format!("t{}", target.get(&back)));
                outcome["max_rounds"] = json!(2);
            }
            Turn::Skips(target) => {
                outcome["skips"] = json!([format!("t{}", target.index(drafts.len()))]);
            }
        }
        outcome
    });
    let mut task = json!({
        "key": format!("t{place}"),
        "title": "Task",
        "owner": [{"is": "process_owner"}],
        "due": {"amount": 1, "unit": "business_days", "from": "opened"},
        "skippable": draft.skippable,
        "after": edges.collect::<Vec<_>>(),
        "join": if draft.any { "any" } else { "all" },
        "outcomes": outcomes.collect::<Vec<_>>(),
    });
    if draft.conditional {
        task["when"] = json!({"field": "answer", "eq": true});
    }
    task
}

/// The task itself and all that come before it.
fn upstream(place: usize, drafts: &[Draft]) -> BTreeSet<usize> {
    let mut all = BTreeSet::from([place]);
    for (source, _) in drafts[place].edges.iter().filter(|_| place > 0) {
        all.extend(upstream(source.index(place), drafts));
    }
    all
}

fn document(tasks: &[Value]) -> ProcessTypeDocument {
    serde_json::from_value(json!({
        "key": "random",
        "name": "Random",
        "category": "service_requests",
        "summary": "Made by chance.",
        "trigger": {"kind": "as_needed", "description": "By chance."},
        "owner": [{"is": "initiator"}],
        "subject": {"kinds": ["client"]},
        "start_form": [{"key": "answer", "label": "Answer", "type": "boolean", "required": true}],
        "tasks": tasks,
    }))
    .unwrap()
}

/// The document with what is at fault taken out, fault by fault.
fn repaired(mut document: ProcessTypeDocument) -> ProcessTypeDocument {
    // Each round takes something away for good, so it ends.
    while let Some(fault) = check(&document, &CheckContext::default()).faults.first() {
        let parts: Vec<&str> = fault.pointer.split('/').skip(1).collect();
        let number = |place: usize| parts[place].parse::<usize>().unwrap();
        let task = number(1);
        match fault.code.as_str() {
            "excluding-outcomes" => {
                document.tasks[task].after.pop();
            }
            "never-opens" if parts.len() == 2 => {
                let key = document.tasks[task].key.clone();
                let outcomes = document
                    .tasks
                    .iter_mut()
                    .flat_map(|task| &mut task.outcomes);
                outcomes.for_each(|outcome| outcome.skips.retain(|skip| *skip != key));
            }
            "never-opens" | "dead-edge" => {
                document.tasks[task].after.remove(number(3));
            }
            "dead-end-outcome" => {
                document.tasks[task].outcomes[number(3)].sets_result = Some("completed".to_owned());
            }
            // An edge that was taken out may have been the way back.
            "not-upstream" => {
                let outcome = &mut document.tasks[task].outcomes[number(3)];
                (outcome.reopens, outcome.max_rounds) = (None, None);
            }
            "not-downstream" => {
                document.tasks[task].outcomes[number(3)].skips.clear();
            }
            other => panic!("a random flow has no fault `{other}` at {}", fault.pointer),
        }
    }
    document
}
