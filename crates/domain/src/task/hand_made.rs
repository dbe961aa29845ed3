//! Tasks made by hand that belong to no process: the same moves as in a process, and nothing that follows from them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Completion, Source, Task, TaskStatus};
use crate::{
    access::{Rule, execution::Decision, managing::TaskAction, owning::fit},
    event::{EventType, Occurrence, SubjectType},
    fault::{Fault, Faults, segment},
    ids::{EntityId, TaskId, UserId},
    process::{
        adhoc::NewTask,
        clock,
        edit::TaskEdit,
        engine::snapshot,
        error::{TaskError, Unsubmittable, permitted},
        hold::HoldInput,
        input::{CheckState, CompletionInput},
        run::Changes,
        world::World,
    },
    process_type::definition::CalendarKind,
    value::FieldValue,
};

/// One command at work on a task that stands alone.
pub struct HandMade<'a> {
    world: World<'a>,
    now: DateTime<Utc>,
    task: Task,
    changes: Changes,
}

impl<'a> HandMade<'a> {
    /// Takes up a task at the present moment.
    #[must_use]
    pub fn new(world: World<'a>, task: Task) -> Self {
        Self {
            world,
            now: world.ambient.now(),
            task,
            changes: Changes::default(),
        }
    }

    /// Makes a task for an entity, or for the firm.
    pub fn create(
        world: World<'a>,
        entity_id: EntityId,
        new: NewTask,
        by: UserId,
        decision: &Decision,
    ) -> Result<Self, TaskError> {
        permitted(decision)?;
        let id = TaskId(world.ambient.fresh_id());
        let task = new.into_task(id, entity_id, Source::person(by), world.ambient.now());
        let mut made = Self::new(world, task);
        made.changes.effects.created.push(id);
        made.tell(EventType::TaskCreated, None);
        made.changes.link(made.task.document_links(world.ambient));
        Ok(made)
    }

    /// The task as it is now, and what was changed.
    #[must_use]
    pub fn finish(self) -> (Task, Changes) {
        (self.task, self.changes)
    }

    /// Completes it: its required items are done, and it has neither form nor outcomes (E7).
    pub fn complete(
        &mut self,
        by: UserId,
        decision: &Decision,
        input: &CompletionInput,
    ) -> Result<(), TaskError> {
        self.executable(decision)?;
        let faults = self.missing(input);
        if !faults.is_empty() {
            return Err(TaskError::Invalid(faults));
        }
        let completion = Completion::of(by, decision, input, self.now);
        let now = self.now;
        self.change(EventType::TaskCompleted, |task| {
            for item in &mut task.checklist {
                let state = match input.checklist.get(&item.key) {
                    Some(true) => CheckState::Done,
                    Some(false) => CheckState::Open,
                    None => continue,
                };
                if !item.stands(&state) {
                    item.set(&state, by, now);
                }
            }
            task.complete(completion);
        });
        Ok(())
    }

    /// Ticks an item, unticks it or marks it not applicable.
    pub fn set_check(
        &mut self,
        key: &str,
        state: &CheckState,
        by: UserId,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        self.executable(decision)?;
        let found = self.task.checklist.iter().position(|item| item.key == key);
        let place = found.ok_or(TaskError::NotFound)?;
        if self.task.checklist[place].stands(state) {
            return Ok(());
        }
        self.begin();
        let now = self.now;
        self.change(EventType::TaskUpdated, |task| {
            task.checklist[place].set(state, by, now);
        });
        Ok(())
    }

    /// It has no form, so that every value is one too many.
    pub fn edit_form(
        &mut self,
        values: &BTreeMap<String, Option<FieldValue>>,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        self.executable(decision)?;
        if values.is_empty() {
            return Ok(());
        }
        let mut faults = Faults::default();
        for key in values.keys() {
            let detail = "The task has no form.";
            faults.add(format!("/{}", segment(key)), "unknown-key", detail);
        }
        Err(TaskError::Invalid(faults.into_vec()))
    }

    /// Somebody who may execute it begins it (E7); a second time changes nothing.
    pub fn start_task(&mut self, decision: &Decision) -> Result<(), TaskError> {
        self.task.beginnable()?;
        permitted(decision)?;
        self.begin();
        Ok(())
    }

    /// Gives it to somebody who may have it.
    pub fn assign(
        &mut self,
        owner: UserId,
        decision: &Decision,
        may_own: &Decision,
    ) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Assign)?;
        fit(may_own).map_err(TaskError::Invalid)?;
        if self.task.owner_id != Some(owner) {
            self.change(EventType::TaskAssigned, |task| task.assign(owner));
        }
        Ok(())
    }

    /// Takes it while nobody owns it (X20).
    pub fn claim(&mut self, by: UserId, decision: &Decision) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Claim)?;
        self.change(EventType::TaskAssigned, |task| task.owner_id = Some(by));
        Ok(())
    }

    /// Leaves it to nobody.
    pub fn release(&mut self, decision: &Decision) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Release)?;
        if self.task.owner_id.is_some() {
            self.change(EventType::TaskAssigned, Task::release);
        }
        Ok(())
    }

    /// Changes what it says and when it is due.
    pub fn edit(&mut self, edit: &TaskEdit, decisions: &[Decision]) -> Result<(), TaskError> {
        for decision in decisions {
            permitted(decision)?;
        }
        for action in edit.actions() {
            self.lets(action)?;
        }
        if edit.changes(&self.task) {
            self.change(EventType::TaskUpdated, |task| edit.apply(task));
        }
        Ok(())
    }

    /// Moves the date on which it is due, for a reason that the trail keeps.
    pub fn reschedule(
        &mut self,
        due_at: Option<DateTime<Utc>>,
        reason: Option<&str>,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        let told = self.changes.occurrences.len();
        self.edit(&TaskEdit::to_date(due_at), std::slice::from_ref(decision))?;
        if self.changes.occurrences.len() > told {
            self.changes.annotate("reason", reason.into());
        }
        Ok(())
    }

    /// Takes its completion back (E8): nothing else can have come of it.
    pub fn reopen(&mut self, decision: &Decision, reason: Option<&str>) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Reopen)?;
        let now = self.now;
        self.change(EventType::TaskReopened, |task| {
            task.take_back(reason, now);
        });
        self.changes.annotate("reason", reason.into());
        Ok(())
    }

    /// Puts it on hold (E11).
    pub fn hold(&mut self, decision: &Decision, input: HoldInput) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Hold)?;
        input.check(&self.task)?;
        let (calendars, now) = (&self.world.catalog.calendars, self.now);
        self.change(EventType::TaskHeld, |task| {
            clock::suspend(task, input, calendars, CalendarKind::default(), now, now);
        });
        Ok(())
    }

    /// It waits for no custodian whom anything could have been sent (E22).
    pub fn submit(&self, decision: &Decision) -> Result<(), TaskError> {
        self.executable(decision)?;
        Err(TaskError::Submission(Unsubmittable::NoCustodian))
    }

    /// Takes it off hold (E11).
    pub fn resume(&mut self, decision: &Decision) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Resume)?;
        let (calendars, now) = (&self.world.catalog.calendars, self.now);
        self.change(EventType::TaskResumed, |task| {
            clock::resume(task, calendars, CalendarKind::default(), now);
        });
        Ok(())
    }

    /// No process stands behind it that could be started again (E25).
    pub fn retry(&self, decision: &Decision) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Retry)
    }

    /// Gives it up (E23).
    pub fn cancel(&mut self, decision: &Decision, reason: &str) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Cancel)?;
        self.close(EventType::TaskCancelled, TaskStatus::Cancelled, reason);
        self.changes.effects.cancelled.push(self.task.id);
        Ok(())
    }

    /// Leaves it out (E23).
    pub fn skip(&mut self, decision: &Decision, reason: &str) -> Result<(), TaskError> {
        permitted(decision)?;
        self.lets(TaskAction::Skip)?;
        self.close(EventType::TaskSkipped, TaskStatus::Skipped, reason);
        self.changes.effects.skipped.push(self.task.id);
        Ok(())
    }

    fn close(&mut self, event: EventType, status: TaskStatus, reason: &str) {
        let now = self.now;
        self.change(event, |task| {
            task.close(status, Some(reason.to_owned()), now);
        });
    }

    /// Refuses what nobody can do to the task as it stands; no process that could have failed stands behind it (E25).
    pub fn lets(&self, action: TaskAction) -> Result<(), TaskError> {
        self.task.lets(action)?;
        if action == TaskAction::Retry {
            return Err(TaskError::NothingToRetry);
        }
        Ok(())
    }

    /// Refuses to have it executed as it stands (X8).
    pub fn lets_execute(&self) -> Result<(), TaskError> {
        self.task.active()
    }

    /// Inactivity is decided before the status, every other rule after it (X13, X8).
    fn executable(&self, decision: &Decision) -> Result<(), TaskError> {
        if decision.rule == Rule::X13 {
            permitted(decision)?;
        }
        self.lets_execute()?;
        permitted(decision)?;
        Ok(())
    }

    /// All faults of what is handed in to complete it, together with what it holds already (E7).
    #[must_use]
    pub fn missing(&self, input: &CompletionInput) -> Vec<Fault> {
        let mut faults = Faults::default();
        let items = &self.task.checklist;
        for key in input.checklist.keys() {
            if !items.iter().any(|item| item.key == *key) {
                let detail = "The task has no such item.";
                faults.add(
                    format!("/checklist/{}", segment(key)),
                    "unknown-key",
                    detail,
                );
            }
        }
        for item in items.iter().filter(|item| item.required) {
            let ticked = input.checklist.get(&item.key).copied();
            if !ticked.unwrap_or(item.done || item.not_applicable) {
                let detail = "Do this, or mark it not applicable.";
                faults.add(
                    format!("/checklist/{}", segment(&item.key)),
                    "required",
                    detail,
                );
            }
        }
        for key in input.form.keys() {
            let detail = "The task has no form.";
            faults.add(format!("/form/{}", segment(key)), "unknown-key", detail);
        }
        if input.outcome.is_some() {
            faults.add("/outcome", "not-allowed", "The task has no outcomes.");
        }
        if input.reason_code.is_some() {
            faults.add("/reason_code", "not-allowed", "The task has no outcomes.");
        }
        faults.into_vec()
    }

    fn begin(&mut self) {
        if self.task.status == TaskStatus::Open {
            let now = self.now;
            self.change(EventType::TaskStarted, |task| {
                task.begin(now);
            });
        }
    }

    fn change(&mut self, event: EventType, change: impl FnOnce(&mut Task)) {
        let before = self.task.clone();
        change(&mut self.task);
        self.task.version += 1;
        self.tell(event, Some(&before));
    }

    fn tell(&mut self, event: EventType, before: Option<&Task>) {
        self.changes.occurrences.push(Occurrence {
            event,
            subject_type: SubjectType::Task,
            subject_id: self.task.id.0,
            entity_id: Some(self.task.entity_id),
            before: before.map(snapshot),
            after: Some(snapshot(&self.task)),
        });
    }
}

#[cfg(test)]
mod tests;
