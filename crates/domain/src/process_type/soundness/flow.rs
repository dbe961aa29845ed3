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
