//! Moving a run to a newer version of its type: what is done is kept, what is under way goes on, the rest follows the new plan.

pub mod bulk;
mod carrying;
mod obstacles;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub use obstacles::{obstacles, unknown_keys};

use crate::{
    access::execution::Decision,
    event::EventType,
    ids::{TaskId, UserId},
    process::{
        Process, ProcessStatus,
        engine::Engine,
        error::{ProcessError, permitted},
        moments::Clocks,
        start::new_task,
    },
    process_type::{
        Definition,
        definition::{COMPLETED, TaskTemplate},
    },
    task::{SourceType, Task, TaskStatus},
};

/// The version to which runs are moved.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Its number.
    pub version: i32,
    /// What it says.
    pub definition: &'a Definition,
    /// The new keys of tasks that have another one there, by their present keys.
    pub renamed: &'a BTreeMap<String, String>,
}

impl<'a> Target<'a> {
    /// What a task is called there.
    fn key<'k>(&self, present: &'k str) -> &'k str
    where
        'a: 'k,
    {
        self.renamed.get(present).map_or(present, String::as_str)
    }

    /// The counterpart of a task.
    fn counterpart(&self, present: &str) -> Option<&'a TaskTemplate> {
        let key = self.renamed.get(present).map_or(present, String::as_str);
        self.definition.task(key)
    }
}

/// What moving a process to another version makes of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskChange {
    /// It stays as it is.
    Kept,
    /// It goes on as the new version has it.
    Changed,
    /// The new version brings it.
    Added,
    /// It had not begun, and the new version does not have it.
    Removed,
}

/// What became of one task of a run that was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigratedTask {
    /// Which.
    pub id: TaskId,
    /// Its key from now on.
    pub key: String,
    /// The key that it had, where that was another.
    pub previous_key: Option<String>,
    /// What became of it.
    pub change: TaskChange,
    /// Its status before; none for one that the version brings.
    pub previous_status: Option<TaskStatus>,
    /// Its status now.
    pub status: TaskStatus,
    /// Drafts that were dropped, because the new version has no such field or one of another type.
    pub dropped_fields: Vec<String>,
}

impl<'a> Engine<'a> {
    /// Moves the run to a newer version; gives what became of each of its tasks. Where it cannot be moved, nothing was
    /// changed, and every reason is told.
    pub fn migrate(
        &mut self,
        by: Option<UserId>,
        decision: &Decision,
        target: Target<'a>,
    ) -> Result<Vec<MigratedTask>, ProcessError> {
        permitted(decision)?;
        self.movable(target)?;
        let from = std::mem::replace(&mut self.definition, target.definition);
        let before = self.run.tasks.clone();
        let told = self.changes.occurrences.len();
        self.change_process(EventType::ProcessMigrated, |process| {
            moved(process, target);
        });

        let mut fates = self.carry_over(from, target);
        let added = self.add_missing(&mut fates);
        self.put_in_order();
        self.mark_anew();
        self.set_result_anew();
        // Whoever works on a task keeps its date; what the new version reminds of is planned for all of them.
        self.said_before = self.rules_say(None);
        self.clocks_before = Clocks::new();
        self.tell_tasks(told, &fates);
        self.pass_over(&added);
        self.propagate(by);
        self.look_at_separation(&before);
        Ok(self.what_became(&before, fates))
    }

    fn movable(&self, target: Target<'_>) -> Result<(), ProcessError> {
        let process = &self.run.process;
        match process.status {
            ProcessStatus::Running | ProcessStatus::OnHold => {}
            status @ (ProcessStatus::Completed | ProcessStatus::Cancelled) => {
                return Err(ProcessError::WrongStatus { status });
            }
        }
        if target.version <= process.process_type_version {
            return Err(ProcessError::NotNewer {
                present: process.process_type_version,
            });
        }
        let reasons = obstacles(self.definition, &self.run, target);
        if reasons.is_empty() {
            Ok(())
        } else {
            Err(ProcessError::NotMigratable(reasons))
        }
    }

    /// Makes the tasks that the run does not have yet.
    fn add_missing(&mut self, fates: &mut Fates) -> Vec<TaskId> {
        let missing: Vec<&TaskTemplate> = self
            .definition
            .tasks
            .iter()
            .filter(|template| self.run.task(&template.key).is_none())
            .collect();
        for template in missing {
            let task = Task {
                created_at: self.now,
                ..new_task(self.world, &self.run.process, 0, template)
            };
            fates.insert(task.id, Fate::of(TaskChange::Added));
            self.run.tasks.push(task);
        }
        fates
            .iter()
            .filter(|(_, fate)| fate.change == TaskChange::Added)
            .map(|(id, _)| *id)
            .collect()
    }

    /// The order of the new version's templates; behind them what was made by hand or belongs to no template any more.
    fn put_in_order(&mut self) {
        let templates = self.definition.tasks.iter();
        let places: BTreeMap<&str, i32> = templates
            .map(|template| template.key.as_str())
            .zip(0..)
            .collect();
        let mut next = i32::try_from(places.len()).unwrap_or(i32::MAX);
        for task in &mut self.run.tasks {
            let place = places.get(task.key.as_str()).copied();
            task.ordinal = place.filter(|_| of_plan(task)).unwrap_or_else(|| {
                next = next.saturating_add(1);
                next - 1
            });
        }
        self.run.tasks.sort_by_key(|task| (task.ordinal, task.id));
    }

    /// Which tasks are to be skipped follows from the outcomes chosen so far, as the new version has them (E4a).
    fn mark_anew(&mut self) {
        for index in 0..self.run.tasks.len() {
            let task = &self.run.tasks[index];
            if task.status != TaskStatus::Waiting
                || task.is_child()
                || self.template(index).is_none()
            {
                continue;
            }
            let mark = self.mark_outside(&task.key, &BTreeSet::new());
            if mark.is_some() != task.skip_marked_by.is_some() {
                self.mark(index, mark);
            }
        }
    }

    /// A result that was set on the way holds if the outcome that set it still sets it; else the latest one that does.
    fn set_result_anew(&mut self) {
        let process = &self.run.process;
        let Some(source) = process.result_set_by.clone() else {
            return;
        };
        let place = |task: &Task| task.key == source && !task.is_child();
        let set = self.run.tasks.iter().position(place).and_then(|index| {
            let outcome = self.outcome(index, self.run.tasks[index].outcome())?;
            outcome.sets_result.as_deref()
        });
        if set.is_none() || set != process.result.as_deref() {
            self.forget_result(&BTreeSet::from([source.as_str()]));
        }
    }

    /// Says at the beginning of what happened which tasks the run has from now on.
    fn tell_tasks(&mut self, told: usize, fates: &Fates) {
        let tasks: Vec<_> = self
            .run
            .tasks
            .iter()
            .map(|task| {
                json!({
                    "id": task.id,
                    "key": task.key,
                    "status": task.status,
                    "change": fates.get(&task.id).map_or(TaskChange::Kept, |fate| fate.change),
                })
            })
            .collect();
        let occurrence = self.changes.occurrences.get_mut(told);
        if let Some(serde_json::Value::Object(after)) =
            occurrence.and_then(|occurrence| occurrence.after.as_mut())
        {
            after.insert("tasks".to_owned(), tasks.into());
        }
    }

    /// Skips the new tasks that come too late: everything behind them is finished.
    fn pass_over(&mut self, added: &[TaskId]) {
        while let Some(index) = self.comes_too_late(added) {
            self.skip(index, "All that comes after it was finished before the process was moved to this version.");
        }
    }

    fn comes_too_late(&self, added: &[TaskId]) -> Option<usize> {
        self.run.tasks.iter().position(|task| {
            let mut after = self.definition.tasks.iter().filter(|template| {
                let mut edges = template.after.iter();
                edges.any(|edge| edge.task == task.key)
            });
            let finished = |template: &TaskTemplate| {
                let behind = self.run.task(&template.key);
                behind.is_some_and(|behind| behind.status.is_finished())
            };
            task.status == TaskStatus::Waiting
                && added.contains(&task.id)
                && after.clone().next().is_some()
                && after.all(finished)
        })
    }

    /// Separation that the new version adds may leave a task to nobody but its preparers (E21).
    fn look_at_separation(&mut self, before: &[Task]) {
        for known in before.iter().filter(|task| task.status.is_active()) {
            if let Ok(index) = self.index_of(known.id) {
                let task = &self.run.tasks[index];
                if task.status.is_active() && task.separate_from != known.separate_from {
                    self.look_for_executors(index);
                }
            }
        }
    }

    fn what_became(&self, before: &[Task], mut fates: Fates) -> Vec<MigratedTask> {
        let known: BTreeMap<TaskId, &Task> = before.iter().map(|task| (task.id, task)).collect();
        let tasks = self.run.tasks.iter();
        tasks
            .filter_map(|task| {
                let known = known.get(&task.id);
                let fate = fates.remove(&task.id);
                // The children of a fan-out that has just opened are not the version's, but its items'.
                let fate = fate.or_else(|| known.map(|_| Fate::of(TaskChange::Kept)))?;
                Some(MigratedTask {
                    id: task.id,
                    key: task.key.clone(),
                    previous_key: known
                        .map(|known| known.key.clone())
                        .filter(|key| *key != task.key),
                    change: fate.change,
                    previous_status: known.map(|known| known.status),
                    status: task.status,
                    dropped_fields: fate.dropped_fields,
                })
            })
            .collect()
    }
}

/// What becomes of tasks, by id.
type Fates = BTreeMap<TaskId, Fate>;

/// What becomes of one task.
#[derive(Debug)]
struct Fate {
    change: TaskChange,
    dropped_fields: Vec<String>,
}

impl Fate {
    const fn of(change: TaskChange) -> Self {
        Self {
            change,
            dropped_fields: Vec::new(),
        }
    }
}

/// The process as one of the new version.
fn moved(process: &mut Process, target: Target<'_>) {
    let definition = target.definition;
    process.process_type_version = target.version;
    process.name.clone_from(&definition.name);
    let asked = |key: &String| definition.start_form.iter().any(|field| field.key == *key);
    process.asked_fields.retain(asked);
    if let Some(key) = &mut process.result_set_by {
        *key = target.key(key).to_owned();
    }
    let has = |result: &String| result == COMPLETED || definition.result(result).is_some();
    if process.result_set_by.is_none() && !process.result.as_ref().is_none_or(has) {
        process.result = None;
    }
}

/// Whether a task was made from a template, and not by hand or by an effect.
fn of_plan(task: &Task) -> bool {
    task.source.kind == SourceType::Process
}

/// The template of a task in the version that its run has followed so far.
fn planned<'d>(from: &'d Definition, task: &Task) -> Option<&'d TaskTemplate> {
    from.task(&task.key).filter(|_| of_plan(task))
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
