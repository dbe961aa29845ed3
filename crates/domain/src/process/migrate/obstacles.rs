//! Why a run cannot be moved to another version: every reason at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{Target, planned};
use crate::{
    fault::{Fault, Faults, segment},
    process::{fan_out::kind_of, run::Run},
    process_type::{
        Definition,
        definition::{TaskKind, TaskTemplate},
    },
    task::{Task, TaskStatus},
};

/// By whom or what a kind of task is done: one that has begun cannot be done otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    People,
    Items,
    Process,
}

impl Manner {
    const fn of(kind: TaskKind) -> Self {
        match kind {
            TaskKind::Task | TaskKind::Approval | TaskKind::Decision | TaskKind::Wait => {
                Self::People
            }
            TaskKind::FanOut => Self::Items,
            TaskKind::Subprocess => Self::Process,
        }
    }
}

/// Keys under `/map` that name no task of the version that is left, or of the one to which runs are moved; where runs of
/// several versions are moved, only the latter is a fault.
#[must_use]
pub fn unknown_keys(from: Option<&Definition>, target: Target<'_>) -> Vec<Fault> {
    let mut faults = Faults::default();
    for (present, new) in target.renamed {
        let pointer = format!("/map/{}", segment(present));
        if from.is_some_and(|from| from.task(present).is_none()) {
            let detail = format!("The present version has no task `{present}`.");
            faults.add(pointer.clone(), "unknown-key", detail);
        }
        if target.definition.task(new).is_none() {
            let detail = format!("Version {} has no task `{new}`.", target.version);
            faults.add(pointer, "unknown-key", detail);
        }
    }
    faults.into_vec()
}

/// Every reason why a run cannot be moved, with pointers `/tasks/KEY` that name its tasks by their present keys.
#[must_use]
pub fn obstacles(from: &Definition, run: &Run, target: Target<'_>) -> Vec<Fault> {
    let mut found = Found {
        target,
        faults: Faults::default(),
        told: BTreeSet::new(),
    };
    found.look_for_collisions(from);
    for task in &run.tasks {
        let Some(old) = planned(from, task) else {
            continue;
        };
        match target.counterpart(&task.key) {
            Some(new) => found.look_at(run, task, (old, new)),
            None if task.status == TaskStatus::Waiting => {}
            None => found.tell(task, "no-counterpart", || {
                format!(
                    "It is {}, and version {} has no such task; `map` can say what it is called there.",
                    task.status.as_str(),
                    target.version
                )
            }),
        }
    }
    found.faults.into_vec()
}

struct Found<'t> {
    target: Target<'t>,
    faults: Faults,
    told: BTreeSet<(String, &'static str)>,
}

impl Found<'_> {
    /// Tells a reason once for a task, whichever of its children give it too.
    fn tell(&mut self, task: &Task, code: &'static str, detail: impl FnOnce() -> String) {
        if self.told.insert((task.key.clone(), code)) {
            let pointer = format!("/tasks/{}", segment(&task.key));
            self.faults.add(pointer, code, detail());
        }
    }

    fn look_for_collisions(&mut self, from: &Definition) {
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        for template in &from.tasks {
            let Some(new) = self.target.counterpart(&template.key) else {
                continue;
            };
            if let Some(first) = taken.insert(&new.key, &template.key) {
                let pointer = format!("/tasks/{}", segment(&template.key));
                let detail = format!("It and `{first}` would both be `{}`.", new.key);
                self.faults.add(pointer, "duplicate-key", detail);
            }
        }
    }

    fn look_at(&mut self, run: &Run, task: &Task, (old, new): (&TaskTemplate, &TaskTemplate)) {
        let has_children = run.children(task.id).next().is_some();
        let child = task.is_child();
        let manner = |template| Manner::of(kind_of(template, child));
        let begun = task.status.is_active() && manner(old) != manner(new);
        if begun || has_children && new.kind != TaskKind::FanOut {
            self.tell(task, "other-kind", || {
                "It has begun, and the version has it done in another way.".to_owned()
            });
        }
        if task.status.is_active() && !begun {
            self.look_at_work(task, (old, new));
        }
        let parent = task.parent_task_id.and_then(|id| run.task_by_id(id));
        let settled = parent.is_some_and(|parent| parent.status.is_finished());
        if task.status == TaskStatus::Completed && !settled {
            self.look_at_outcome(task, new);
        }
    }

    /// What has begun goes on over the same items, and with the same child.
    fn look_at_work(&mut self, task: &Task, (old, new): (&TaskTemplate, &TaskTemplate)) {
        if new.kind == TaskKind::FanOut && old.over != new.over {
            self.tell(task, "other-items", || {
                "It has begun, and the version runs over other items.".to_owned()
            });
        }
        let started = |template: &TaskTemplate| {
            let starts = template.starts.as_ref();
            starts.map(|starts| starts.process_type.clone())
        };
        if started(old) != started(new) {
            self.tell(task, "other-process", || {
                "It has begun, and the version starts another process for it.".to_owned()
            });
        }
    }

    /// What comes next is told by the outcome that was chosen, so the version has to know it.
    fn look_at_outcome(&mut self, task: &Task, new: &TaskTemplate) {
        match task.outcome() {
            Some(chosen) if new.outcome(chosen).is_none() => {
                self.tell(task, "unknown-outcome", || {
                    format!("It was completed with `{chosen}`, which the version does not know.")
                });
            }
            None if !task.is_child() && self.needs_outcome(new) => {
                self.tell(task, "outcome-needed", || {
                    "It was completed without an outcome, and the version goes on by one."
                        .to_owned()
                });
            }
            Some(_) | None => {}
        }
    }

    fn needs_outcome(&self, new: &TaskTemplate) -> bool {
        let templates = &self.target.definition.tasks;
        let mut edges = templates.iter().flat_map(|template| &template.after);
        edges.any(|edge| edge.task == new.key && edge.outcome.is_some())
    }
}
