//! What a new version makes of the tasks that a run has already.

use std::collections::BTreeSet;

use super::{Fate, Fates, Target, TaskChange, of_plan, planned};
use crate::{
    event::EventType,
    ids::TaskId,
    process::{
        engine::Engine,
        fan_out::kind_of,
        field,
        start::{checklist_of, execution},
    },
    process_type::{
        Definition,
        definition::{Field, TaskTemplate},
    },
    task::{ChecklistItem, Task, TaskStatus},
    text,
    value::FieldValue,
};

impl<'a> Engine<'a> {
    /// Makes of every task what the version makes of it.
    pub(super) fn carry_over(&mut self, from: &Definition, target: Target<'a>) -> Fates {
        let claimed: BTreeSet<&str> = self
            .run
            .tasks
            .iter()
            .filter_map(|task| planned(from, task))
            .filter_map(|old| target.counterpart(&old.key))
            .map(|new| new.key.as_str())
            .collect();
        let mut fates = Fates::new();
        for index in 0..self.run.tasks.len() {
            let task = &self.run.tasks[index];
            let id: TaskId = task.id;
            let fate = match (planned(from, task), target.counterpart(&task.key)) {
                (Some(old), Some(new)) => self.renew(index, (old, new), from, target),
                (Some(_), None) => self.give_up(index, target.version),
                (None, Some(new)) if left_behind(task) && !claimed.contains(new.key.as_str()) => {
                    self.take_up_again(index, new)
                }
                (None, _) => continue,
            };
            fates.insert(id, fate);
        }
        fates
    }

    /// A task that the version has, too.
    fn renew(
        &mut self,
        index: usize,
        (old, new): (&TaskTemplate, &'a TaskTemplate),
        from: &Definition,
        target: Target<'_>,
    ) -> Fate {
        let present = &self.run.tasks[index];
        let finished = present.status.is_finished();
        let mut task = present.clone();
        task.key.clone_from(&new.key);
        self.bind(&mut task, new, target);
        let mut dropped_fields = Vec::new();
        if !finished {
            self.restate(index, &mut task, (old, new));
            let stays = |key: &String, value: &FieldValue| self.takes((from, old, new), key, value);
            dropped_fields = task
                .form
                .iter()
                .filter(|(key, value)| !stays(key, value))
                .map(|(key, _)| key.clone())
                .collect();
            task.form.retain(|key, _| !dropped_fields.contains(key));
        }
        let differs = task != self.run.tasks[index];
        if differs {
            self.change_task(EventType::TaskUpdated, index, |present| *present = task);
        }
        let change = if !finished && (differs || old != new) {
            TaskChange::Changed
        } else {
            TaskChange::Kept
        };
        Fate {
            change,
            dropped_fields,
        }
    }

    /// Who may execute it, and who may not: the lists are the version's (X6), separation is added and never dropped (X11).
    /// Of a finished task they say what holds if it is sent back.
    fn bind(&self, task: &mut Task, new: &TaskTemplate, target: Target<'_>) {
        task.execution = execution(self.world, &new.execution);
        let kept = task.separate_from.iter().map(|key| target.key(key));
        let mut separate_from: Vec<String> = new.separate_from.clone();
        for key in kept {
            if !separate_from.iter().any(|known| known == key) {
                separate_from.push(key.to_owned());
            }
        }
        task.separate_from = separate_from;
        if let Some(source) = &mut task.skip_marked_by {
            *source = target.key(source).to_owned();
        }
    }

    /// What it says and asks for; owner, dates and drafts stay, and so does what somebody has set by hand.
    fn restate(&self, index: usize, task: &mut Task, (old, new): (&TaskTemplate, &TaskTemplate)) {
        let child = task.is_child();
        // A subprocess that was left to its owner stays theirs (E25).
        if task.kind == kind_of(old, child) {
            task.kind = kind_of(new, child);
        }
        task.stage.clone_from(&new.stage);
        task.waiting_on = new.waiting_on;
        if task.priority == old.priority {
            task.priority = new.priority;
        }
        let names = self.names(Some(index));
        let active = task.status.is_active();
        let shown = |text: &str| {
            if active {
                text::render(text, &names)
            } else {
                text.to_owned()
            }
        };
        if task.title == shown(&old.title) {
            task.title = shown(&new.title);
        }
        if task.description == old.description.as_deref().map(shown) {
            task.description = new.description.as_deref().map(shown);
        }
        let known = std::mem::take(&mut task.checklist);
        task.checklist = checklist_of(new, child)
            .into_iter()
            .map(|item| ticked_as_before(item, &known))
            .collect();
    }

    /// Whether a draft stays: the version has the field, and of the same type, or at least takes the value.
    fn takes(
        &self,
        (from, old, new): (&Definition, &TaskTemplate, &TaskTemplate),
        key: &str,
        value: &FieldValue,
    ) -> bool {
        let find = |definition: &'_ Definition, template: &TaskTemplate| -> Option<Field> {
            let mut fields = template.form.iter().chain(&definition.start_form);
            fields.find(|field| field.key == key).cloned()
        };
        match (find(from, old), find(self.definition, new)) {
            (Some(old), Some(new)) => {
                let same = (old.field_type, old.multiple, &old.entity_kind)
                    == (new.field_type, new.multiple, &new.entity_kind);
                same || field::check(&new, value, self.world.around).is_ok()
            }
            (None, Some(new)) => field::check(&new, value, self.world.around).is_ok(),
            (_, None) => self.definition.requests(key),
        }
    }

    /// A task that has not begun and that the version does not have.
    fn give_up(&mut self, index: usize, version: i32) -> Fate {
        if self.run.tasks[index].status == TaskStatus::Waiting {
            let reason =
                format!("The process was moved to version {version}, which does not have it.");
            self.cancel_one(index, &reason);
            return Fate::of(TaskChange::Removed);
        }
        Fate::of(TaskChange::Kept)
    }

    /// A task that an earlier version has dropped, and this one has again.
    fn take_up_again(&mut self, index: usize, template: &'a TaskTemplate) -> Fate {
        let (now, world) = (self.now, self.world);
        self.change_task(EventType::TaskUpdated, index, |task| {
            task.withdraw(now);
            task.kind = kind_of(template, false);
            task.stage.clone_from(&template.stage);
            task.title.clone_from(&template.title);
            task.description.clone_from(&template.description);
            task.priority = template.priority;
            task.waiting_on = template.waiting_on;
            task.execution = execution(world, &template.execution);
            task.checklist = checklist_of(template, false);
            let added = template.separate_from.iter();
            for key in added {
                if !task.separate_from.contains(key) {
                    task.separate_from.push(key.clone());
                }
            }
        });
        Fate::of(TaskChange::Added)
    }
}

/// Whether a task belongs to no template any more since its run was moved.
fn left_behind(task: &Task) -> bool {
    of_plan(task) && !task.is_child() && task.status == TaskStatus::Cancelled
}

fn ticked_as_before(item: ChecklistItem, known: &[ChecklistItem]) -> ChecklistItem {
    match known.iter().find(|known| known.key == item.key) {
        Some(known) => ChecklistItem {
            text: item.text,
            required: item.required,
            ..known.clone()
        },
        None => item,
    }
}
