//! Outcomes and results: where each leads (E4a, E6, E15).

use std::collections::HashSet;

use super::{index::Index, kinds::unknown_task};
use crate::{
    fault::Faults,
    process_type::definition::{COMPLETED, Outcome, TaskTemplate},
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    let mut named_edges: HashSet<(&str, &str)> = HashSet::new();
    let mut plain_edges: HashSet<&str> = HashSet::new();
    for (_, template) in index.tasks() {
        for edge in &template.after {
            match &edge.outcome {
                Some(outcome) => {
                    named_edges.insert((&edge.task, outcome));
                }
                None => {
                    plain_edges.insert(&edge.task);
                }
            }
        }
    }
    for (task, template) in index.tasks() {
        let leads_on = |outcome: &Outcome| {
            plain_edges.contains(template.key.as_str())
                || named_edges.contains(&(template.key.as_str(), outcome.key.as_str()))
        };
        let any_leads_on = template.outcomes.iter().any(leads_on);
        for (place, outcome) in template.outcomes.iter().enumerate() {
            let at = format!("/tasks/{task}/outcomes/{place}");
            targets(index, task, outcome, &at, faults);
            contradictions(outcome, &at, faults);
            if any_leads_on && !leads_on(outcome) && !settles(outcome) {
                faults.add(
                    at,
                    "dead-end-outcome",
                    format!(
                        "`{}` leads nowhere while another outcome leads on: add an edge, or say what becomes of the process \
                         with `ends`, `sets_result` or `reopens`.",
                        outcome.key
                    ),
                );
            }
        }
    }
    results(index, faults);
}

/// Whether an outcome without an edge still says what becomes of the process.
const fn settles(outcome: &Outcome) -> bool {
    outcome.ends.is_some() || outcome.sets_result.is_some() || outcome.reopens.is_some()
}

fn targets(index: &Index<'_>, task: usize, outcome: &Outcome, at: &str, faults: &mut Faults) {
    if let Some(key) = &outcome.reopens {
        let place = format!("{at}/reopens");
        match index.task(key) {
            None => unknown_task(key, place, faults),
            Some((target, _)) if target == task || index.graph.precedes(target, task) => {}
            Some(_) => faults.add(
                place,
                "not-upstream",
                format!("Work is sent back to this task or one before it, and `{key}` is neither: name another."),
            ),
        }
    }
    for (skip, key) in outcome.skips.iter().enumerate() {
        let place = format!("{at}/skips/{skip}");
        match index.task(key) {
            None => unknown_task(key, place, faults),
            Some((target, _)) if index.graph.precedes(task, target) => {}
            Some(_) => faults.add(
                place,
                "not-downstream",
                format!("Only a task that comes behind this one can be skipped, and `{key}` does not: drop it."),
            ),
        }
    }
    for (member, result) in [
        ("ends", &outcome.ends),
        ("sets_result", &outcome.sets_result),
    ] {
        if let Some(key) = result
            && key != COMPLETED
            && index.definition.result(key).is_none()
        {
            faults.add(
                format!("{at}/{member}"),
                "unknown-result",
                format!("There is no result `{key}`: add it to `results`, or name another."),
            );
        }
    }
}

/// Ending at once leaves nothing to send back, to skip or to set; sending back forgets what was set or marked (E4a, E6).
fn contradictions(outcome: &Outcome, at: &str, faults: &mut Faults) {
    let ends = outcome.ends.is_some();
    let reopens = outcome.reopens.is_some();
    let pairs = [
        ("reopens", ends && reopens, "the process ends at once"),
        (
            "sets_result",
            ends && outcome.sets_result.is_some(),
            "`ends` gives the result",
        ),
        (
            "skips",
            ends && !outcome.skips.is_empty(),
            "the process ends at once",
        ),
        (
            "sets_result",
            !ends && reopens && outcome.sets_result.is_some(),
            "rework forgets the result",
        ),
        (
            "skips",
            !ends && reopens && !outcome.skips.is_empty(),
            "rework takes the mark back",
        ),
    ];
    for (member, _, because) in pairs.into_iter().filter(|(_, contradicts, _)| *contradicts) {
        faults.add(
            format!("{at}/{member}"),
            "contradicting-members",
            format!("`{member}` comes to nothing, for {because}: leave one of the two out."),
        );
    }
}

fn results(index: &Index<'_>, faults: &mut Faults) {
    let mut reached: HashSet<&str> = HashSet::from([COMPLETED]);
    let outcomes = index
        .tasks()
        .flat_map(|(_, template): (usize, &TaskTemplate)| &template.outcomes);
    for outcome in outcomes {
        reached.extend(outcome.ends.as_deref());
        if outcome.reopens.is_none() {
            reached.extend(outcome.sets_result.as_deref());
        }
    }
    for (place, result) in index.definition.results.iter().enumerate() {
        if !reached.contains(result.key.as_str()) {
            faults.add(
                format!("/results/{place}"),
                "unreachable-result",
                format!(
                    "No outcome ends in `{}`: let one name it in `ends` or `sets_result`, or drop it.",
                    result.key
                ),
            );
        }
    }
}
