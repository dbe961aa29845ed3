//! Random flows: any that can be written down, sound or not, with titles and labels of any length.

use domain::process_type::Definition;
use proptest::{collection::vec, prelude::*, sample::Index as Pick};
use serde_json::{Value, json};

use super::definition;

#[derive(Debug, Clone)]
struct Draft {
    title: String,
    owner: usize,
    edges: Vec<(Pick, Option<Pick>)>,
    any: bool,
    conditional: bool,
    outcomes: Vec<(String, Turn)>,
}

#[derive(Debug, Clone)]
enum Turn {
    On,
    Ends,
    Reopens(Pick),
    Skips(Pick),
}

fn words(most: usize) -> impl Strategy<Value = String> {
    vec("[A-Za-z&<>\"']{1,14}", 1..most).prop_map(|words| words.join(" "))
}

fn draft() -> impl Strategy<Value = Draft> {
    let edges = vec((any::<Pick>(), proptest::option::of(any::<Pick>())), 0..3);
    let turn = prop_oneof![
        3 => Just(Turn::On),
        1 => Just(Turn::Ends),
        2 => any::<Pick>().prop_map(Turn::Reopens),
        1 => any::<Pick>().prop_map(Turn::Skips),
    ];
    let outcomes = vec((words(5), turn), 0..5);
    (
        words(12),
        0..5_usize,
        edges,
        any::<bool>(),
        any::<bool>(),
        outcomes,
    )
        .prop_map(|(title, owner, edges, any, conditional, outcomes)| Draft {
            title,
            owner,
            edges,
            any,
            conditional,
            outcomes,
        })
}

pub(super) fn flows() -> impl Strategy<Value = Definition> {
    vec(draft(), 1..16).prop_map(|drafts| flow(&drafts))
}

fn flow(drafts: &[Draft]) -> Definition {
    let tasks: Vec<Value> = (0..drafts.len()).map(|place| task(place, drafts)).collect();
    definition(json!({
        "key": "random", "name": "Random <&> \"flow\"", "category": "service_requests", "summary": "Made by chance.",
        "trigger": {"kind": "as_needed", "description": "By chance."},
        "subject": {"kinds": ["client"]},
        "tasks": tasks,
    }))
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
    let outcomes = draft
        .outcomes
        .iter()
        .enumerate()
        .map(|(key, (label, turn))| {
            let mut outcome = json!({"key": format!("o{key}"), "label": label});
            match turn {
                Turn::On => {}
                Turn::Ends => outcome["ends"] = json!("completed"),
                Turn::Reopens(target) => {
                    outcome["reopens"] = json!(format!("t{}", target.index(place + 1)));
                }
                Turn::Skips(target) => {
                    outcome["skips"] = json!([format!("t{}", target.index(drafts.len()))]);
                }
            }
            outcome
        });
    let mut task = json!({
        "key": format!("t{place}"),
        "title": draft.title,
        "owner": [{"role": format!("role_{}", draft.owner)}],
        "after": edges.collect::<Vec<_>>(),
        "join": if draft.any { "any" } else { "all" },
        "outcomes": outcomes.collect::<Vec<_>>(),
    });
    if draft.conditional {
        task["when"] = json!({"task": "t0", "eq": "o0"});
    }
    task
}
