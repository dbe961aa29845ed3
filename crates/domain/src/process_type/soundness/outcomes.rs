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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::process_type::soundness::sample::{assert_faults, with, with_task};

    /// E6
    #[test]
    fn work_is_sent_back_to_itself_or_upstream() {
        assert_faults(
            with_task("approval", |task| {
                task["outcomes"][1]["reopens"] = json!("nope");
                task["outcomes"].as_array_mut().unwrap().extend([
                    json!({"key": "down", "label": "Down", "reopens": "submit"}),
                    json!({"key": "itself", "label": "Itself", "reopens": "approval"}),
                ]);
            }),
            &[
                ("/tasks/approval/outcomes/1/reopens", "unknown-task"),
                ("/tasks/approval/outcomes/3/reopens", "not-upstream"),
            ],
        );
        // Beside is not before.
        assert_faults(
            with_task("legal_papers", |task| {
                task["outcomes"][1]["reopens"] = json!("profile");
            }),
            &[("/tasks/legal_papers/outcomes/1/reopens", "not-upstream")],
        );
    }

    /// E4a
    #[test]
    fn only_what_comes_behind_is_skipped() {
        assert_faults(
            with_task("legal_papers", |task| {
                task["outcomes"][0]["skips"] = json!(["profile", "forms", "legal_papers", "nope"]);
                task["outcomes"]
                    .as_array_mut()
                    .unwrap()
                    .push(json!({"key": "other", "label": "Other"}));
            }),
            &[
                ("/tasks/legal_papers/outcomes/0/skips/0", "not-downstream"),
                ("/tasks/legal_papers/outcomes/0/skips/2", "not-downstream"),
                ("/tasks/legal_papers/outcomes/0/skips/3", "unknown-task"),
            ],
        );
    }

    /// E15
    #[test]
    fn results_are_known_and_each_is_reached() {
        assert_faults(
            with_task("approval", |task| {
                task["outcomes"][2]["ends"] = json!("nope");
            }),
            &[("/tasks/approval/outcomes/2/ends", "unknown-result")],
        );
        assert_faults(
            with_task("approval", |task| {
                task["outcomes"][0]["sets_result"] = json!("nope");
            }),
            &[("/tasks/approval/outcomes/0/sets_result", "unknown-result")],
        );
        let lost = json!({"key": "lost", "label": "Lost"});
        assert_faults(
            with(|it| it["results"].as_array_mut().unwrap().push(lost)),
            &[("/results/2", "unreachable-result")],
        );
    }

    /// E20
    #[test]
    fn an_outcome_leads_on_when_another_does() {
        let chosen = |outcome: serde_json::Value| {
            with(|it| {
                it["tasks"][18]["outcomes"] = json!([{"key": "more", "label": "More"}, outcome]);
                let behind = json!({
                    "key": "extra", "title": "Extra", "after": [{"task": "welcome", "outcome": "more"}],
                });
                it["tasks"].as_array_mut().unwrap().push(behind);
            })
        };
        assert_faults(
            chosen(json!({"key": "done", "label": "Done"})),
            &[("/tasks/welcome/outcomes/1", "dead-end-outcome")],
        );
        for member in ["ends", "sets_result"] {
            assert_faults(
                chosen(json!({"key": "done", "label": "Done", member: "completed"})),
                &[],
            );
        }
        // At the end of the flow none leads on, and that is fine.
        assert_faults(
            with_task("welcome", |task| {
                task["outcomes"] = json!([{"key": "a", "label": "A"}, {"key": "b", "label": "B"}]);
            }),
            &[],
        );
    }

    /// E4a, E6, E15
    #[test]
    fn what_an_outcome_says_does_not_undo_itself() {
        assert_faults(
            with_task("approval", |task| {
                task["outcomes"][1]["skips"] = json!(["submit"]);
                task["outcomes"][1]["sets_result"] = json!("declined");
                task["outcomes"][2]["skips"] = json!(["submit"]);
                task["outcomes"][2]["reopens"] = json!("forms");
                task["outcomes"][2]["sets_result"] = json!("declined");
            }),
            &[
                ("/tasks/approval/outcomes/1/skips", "contradicting-members"),
                (
                    "/tasks/approval/outcomes/1/sets_result",
                    "contradicting-members",
                ),
                ("/tasks/approval/outcomes/2/skips", "contradicting-members"),
                (
                    "/tasks/approval/outcomes/2/reopens",
                    "contradicting-members",
                ),
                (
                    "/tasks/approval/outcomes/2/sets_result",
                    "contradicting-members",
                ),
            ],
        );
    }
}
