//! The largest processes.

use serde_json::{Value, json};

use super::definition;
use crate::{Diagram, MAX_STEPS, Names, Theme};

fn process(tasks: &[Value]) -> domain::process_type::Definition {
    definition(json!({
        "key": "large", "name": "Large", "category": "service_requests", "summary": "Large.",
        "trigger": {"kind": "as_needed", "description": "x"}, "subject": {"kinds": ["client"]}, "tasks": tasks,
    }))
}

/// Each step waits for several before it, may be passed over, and may send work far back.
fn tangle(steps: usize, reach: usize) -> domain::process_type::Definition {
    let tasks: Vec<Value> = (0..steps)
        .map(|place| {
            let sources = (1..=reach).filter_map(|back| place.checked_sub(back * back));
            let after: Vec<Value> = sources.map(|source| json!({"task": format!("t{source}"), "outcome": "on"})).collect();
            json!({
                "key": format!("t{place}"), "title": format!("Step number {place} of a very large process"),
                "owner": [{"role": format!("role_{}", place % 9)}], "after": after, "join": "any",
                "outcomes": [
                    {"key": "on", "label": "Goes on"},
                    {"key": "back", "label": "Sent back", "reopens": format!("t{}", place / 2)},
                ],
            })
        })
        .collect();
    process(&tasks)
}

#[test]
fn more_steps_or_lines_than_can_be_drawn_are_refused() {
    let tasks: Vec<Value> = (0..=MAX_STEPS)
        .map(|place| json!({"key": format!("t{place}"), "title": "Task"}))
        .collect();
    let refused = Diagram::of(&process(&tasks), &Names::default()).unwrap_err();
    assert_eq!(refused.steps, MAX_STEPS + 1);
    assert!(
        refused.to_string().contains("at most 300 steps"),
        "{refused}"
    );
    let refused = Diagram::of(&tangle(MAX_STEPS, 12), &Names::default()).unwrap_err();
    assert!(refused.lines > crate::MAX_LINES, "{refused}");
}

/// That it ends is what is wanted first; then that it is whole, that no line takes more turns than there is reason for, and that
/// a browser can show it.
#[test]
fn the_worst_that_is_drawn_is_whole_and_of_bounded_size() {
    let diagram = Diagram::of(&tangle(120, 3), &Names::default()).unwrap();
    let (graph, layout) = &diagram.lanes;
    let corners: usize = layout.lines.iter().map(Vec::len).sum();
    let lines = graph.links.len();
    assert!(corners < 4 * lines, "{corners} corners of {lines} lines");
    let picture = diagram.svg(Theme::Light, None);
    assert!(picture.len() < 2_000_000, "{}", picture.len());
    assert_eq!(picture.matches("<title>Step ").count(), 120);
}
