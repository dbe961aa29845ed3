//! How tasks follow each other: edges, cycles, tasks that can never open (E1–E3).

use super::{index::Index, kinds::unknown_task};
use crate::{
    fault::Faults,
    process_type::definition::{Join, TaskTemplate},
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (task, template) in index.tasks() {
        stage(index, task, template, faults);
        edges(index, task, template, faults);
        cycle(index, task, faults);
        if index.graph.behind_cycle(task) {
            faults.add(
                format!("/tasks/{task}/after"),
                "waits-forever",
                format!(
                    "`{}` waits for tasks that wait for each other: break that cycle.",
                    template.key
                ),
            );
        }
        always_skipped(index, task, template, faults);
    }
    for &(task, over) in &index.fates.excluded {
        let template = &index.definition.tasks[task];
        faults.add(
            format!("/tasks/{task}/after"),
            "excluding-outcomes",
            format!(
                "`{}` waits for all of these, but no outcome of `{}` leads to every one: use `join: any`, or drop an edge.",
                template.key, index.definition.tasks[over].key
            ),
        );
    }
}

fn stage(index: &Index<'_>, task: usize, template: &TaskTemplate, faults: &mut Faults) {
    let Some(key) = &template.stage else { return };
    if !index
        .definition
        .stages
        .iter()
        .any(|stage| stage.key == *key)
    {
        faults.add(
            format!("/tasks/{task}/stage"),
            "unknown-stage",
            format!("There is no stage `{key}`: add it to `stages`, or name another."),
        );
    }
}

fn edges(index: &Index<'_>, task: usize, template: &TaskTemplate, faults: &mut Faults) {
    let mut live = 0;
    let mut dead = Vec::new();
    for (place, (edge, source)) in template
        .after
        .iter()
        .zip(&index.graph.sources[task])
        .enumerate()
    {
        let at = format!("/tasks/{task}/after/{place}");
        let Some(source) = *source else {
            unknown_task(&edge.task, format!("{at}/task"), faults);
            continue;
        };
        let unknown = edge
            .outcome
            .as_ref()
            .filter(|outcome| index.definition.tasks[source].outcome(outcome).is_none());
        if let Some(outcome) = unknown {
            faults.add(
                format!("{at}/outcome"),
                "unknown-outcome",
                format!(
                    "`{}` has no outcome `{outcome}`: name one that it has.",
                    edge.task
                ),
            );
        } else if index
            .fates
            .can_be_live(&index.definition.tasks, source, edge)
        {
            live += 1;
        } else {
            dead.push(at);
        }
    }
    let needed = match template.join {
        Join::All => true,
        Join::Any => live == 0,
    };
    let (code, effect) = if needed {
        ("never-opens", "so the task can never open")
    } else {
        ("dead-edge", "so the edge says nothing")
    };
    for at in dead {
        faults.add(
            at,
            code,
            format!(
                "Work never goes on this way, because the outcome ends the process or sends work back, {effect}: name another \
                 outcome, or drop the edge."
            ),
        );
    }
}

/// Names each cycle once, at the edge by which its first task is entered.
fn cycle(index: &Index<'_>, task: usize, faults: &mut Faults) {
    let members: Vec<usize> = (0..index.definition.tasks.len())
        .filter(|other| index.graph.share_cycle(task, *other))
        .collect();
    if members.first() != Some(&task) {
        return;
    }
    let entry = index.graph.sources[task]
        .iter()
        .position(|source| source.is_some_and(|source| members.contains(&source)));
    let Some(entry) = entry else { return };
    let keys: Vec<&str> = members
        .iter()
        .map(|member| index.definition.tasks[*member].key.as_str())
        .collect();
    faults.add(
        format!("/tasks/{task}/after/{entry}"),
        "cycle",
        format!(
            "These tasks wait for each other: {}. Drop an edge; to send work back, use an outcome with `reopens`.",
            keys.join(", ")
        ),
    );
}

fn always_skipped(index: &Index<'_>, task: usize, template: &TaskTemplate, faults: &mut Faults) {
    for (marker, marking) in index.tasks() {
        let marks = marking
            .outcomes
            .iter()
            .any(|outcome| outcome.skips.contains(&template.key));
        if marks
            && index.graph.precedes(marker, task)
            && !index.graph.on_cycle(task)
            && index
                .fates
                .always_marked(&index.definition.tasks, marker, task)
        {
            faults.add(
                format!("/tasks/{task}"),
                "never-opens",
                format!(
                    "Every outcome of `{}` that leads here skips `{}`, so it can never open: drop it, or a `skips`.",
                    marking.key, template.key
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::process_type::soundness::sample::{assert_faults, with, with_task};

    /// A type of these tasks alone.
    fn of_tasks(tasks: Value) -> Value {
        with(|document| {
            document["results"] = json!([]);
            document["tasks"] = tasks;
        })
    }

    fn choice(key: &str, outcomes: Value) -> Value {
        let mut choice = json!({"key": key, "kind": "decision", "title": key});
        choice["outcomes"] = outcomes;
        choice
    }

    fn task(key: &str, after: Value) -> Value {
        let mut task = json!({"key": key, "title": key});
        task["after"] = after;
        task
    }

    /// E20
    #[test]
    fn edges_and_stages_name_what_there_is() {
        assert_faults(
            with_task("welcome", |task| {
                task["stage"] = json!("nowhere");
                task["after"] = json!([
                    {"task": "nope"},
                    {"task": "verify_first", "outcome": "nope"},
                    {"task": "intake", "outcome": "done"},
                    {"task": "verify_first"},
                ]);
            }),
            &[
                ("/tasks/welcome/stage", "unknown-stage"),
                ("/tasks/welcome/after/0/task", "unknown-task"),
                ("/tasks/welcome/after/1/outcome", "unknown-outcome"),
                ("/tasks/welcome/after/2/outcome", "unknown-outcome"),
            ],
        );
    }

    /// E20
    #[test]
    fn a_cycle_is_named_once_and_what_waits_for_it_too() {
        let tasks = json!([
            task("a", json!([])),
            task("b", json!([{"task": "a"}, {"task": "d"}])),
            task("c", json!([{"task": "b"}])),
            task("d", json!([{"task": "c"}])),
            task("e", json!([{"task": "d"}])),
            task("f", json!([{"task": "f"}])),
        ]);
        assert_faults(
            of_tasks(tasks),
            &[
                ("/tasks/1/after/1", "cycle"),
                ("/tasks/4/after", "waits-forever"),
                ("/tasks/5/after/0", "cycle"),
            ],
        );
    }

    /// E1
    #[test]
    fn a_task_behind_an_outcome_that_ends_or_sends_back_never_opens() {
        for outcome in [json!({"ends": "completed"}), json!({"reopens": "a"})] {
            let mut stop = json!({"key": "stop", "label": "Stop"});
            stop.as_object_mut()
                .unwrap()
                .extend(outcome.as_object().unwrap().clone());
            let start = choice("a", json!([{"key": "go", "label": "Go"}, stop]));
            let behind = json!([{"task": "a", "outcome": "stop"}, {"task": "a", "outcome": "go"}]);
            assert_faults(
                of_tasks(json!([start, task("b", behind.clone())])),
                &[("/tasks/1/after/0", "never-opens")],
            );
            let mut any = task("b", behind);
            any["join"] = json!("any");
            assert_faults(
                of_tasks(json!([start, any])),
                &[("/tasks/1/after/0", "dead-edge")],
            );
        }
    }

    /// E2, E3
    #[test]
    fn all_of_outcomes_that_exclude_each_other_never_come_but_any_does() {
        let decide = choice(
            "a",
            json!([{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}]),
        );
        let after_yes = task("b", json!([{"task": "a", "outcome": "yes"}]));
        let after_no = task("c", json!([{"task": "a", "outcome": "no"}]));
        let both = json!([{"task": "b"}, {"task": "c"}]);
        let behind = task("e", json!([{"task": "d"}]));
        // Only the join is at fault, not what comes behind it.
        assert_faults(
            of_tasks(json!([
                decide,
                after_yes,
                after_no,
                task("d", both.clone()),
                behind
            ])),
            &[("/tasks/3/after", "excluding-outcomes")],
        );
        let mut any = task("d", both);
        any["join"] = json!("any");
        assert_faults(
            of_tasks(json!([decide, after_yes, after_no, any, behind])),
            &[],
        );
    }

    /// E1
    #[test]
    fn one_decision_may_lead_to_a_join_by_one_outcome_on_both_sides() {
        let decide = choice(
            "a",
            json!([{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No", "ends": "completed"}]),
        );
        let left = task("b", json!([{"task": "a", "outcome": "yes"}]));
        let right = task("c", json!([{"task": "a"}]));
        let join = task("d", json!([{"task": "b"}, {"task": "c"}]));
        assert_faults(of_tasks(json!([decide, left, right, join])), &[]);
    }

    /// E4a
    #[test]
    fn a_task_that_every_way_skips_never_opens() {
        let skipping = |both: bool| {
            let no_skips = if both { json!(["b"]) } else { json!([]) };
            choice(
                "a",
                json!([
                    {"key": "yes", "label": "Yes", "skips": ["b"]},
                    {"key": "no", "label": "No", "skips": no_skips},
                    {"key": "stop", "label": "Stop", "ends": "completed"},
                ]),
            )
        };
        let behind = task("b", json!([{"task": "a"}]));
        assert_faults(
            of_tasks(json!([skipping(true), behind])),
            &[("/tasks/1", "never-opens")],
        );
        assert_faults(of_tasks(json!([skipping(false), behind])), &[]);
    }

    /// E3, E4a
    #[test]
    fn a_task_that_may_open_without_its_marker_may_open() {
        let marker = choice("a", json!([{"key": "go", "label": "Go", "skips": ["c"]}]));
        let mut either = task("c", json!([{"task": "a"}, {"task": "b"}]));
        either["join"] = json!("any");
        assert_faults(of_tasks(json!([marker, task("b", json!([])), either])), &[]);
    }

    /// E20
    #[test]
    fn the_largest_type_is_checked_in_no_time() {
        let outcomes = json!([{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}]);
        let tasks: Vec<Value> = (0..300)
            .map(|place| {
                let after: Vec<Value> = (usize::saturating_sub(place, 100)..place)
                    .map(|before| json!({"task": format!("t{before}")}))
                    .collect();
                let mut task = choice(&format!("t{place}"), outcomes.clone());
                task["after"] = json!(after);
                task
            })
            .collect();
        let started = std::time::Instant::now();
        assert_faults(of_tasks(json!(tasks)), &[]);
        assert!(started.elapsed() < std::time::Duration::from_secs(10));
    }

    /// E20
    #[test]
    fn a_type_with_too_many_tasks_is_refused_unchecked() {
        let tasks: Vec<Value> = (0..301).map(|_| task("same", json!([]))).collect();
        assert_faults(of_tasks(json!(tasks)), &[("/tasks", "too-many-tasks")]);
    }
}
