//! Subprocesses: starting the child, and what its end means to the task that waits for it (E25).

use serde_json::json;

use crate::{
    access::execution::Decision,
    event::EventType,
    ids::{ProcessId, TaskId, UserId},
    job::{Job, StartRequest},
    process::{
        cancel::stands_over_failed_child,
        clock,
        effects::Occasion,
        engine::Engine,
        error::{TaskError, permitted},
        fan_out::over_field,
        handover::Handover,
        hold::HoldInput,
        input::EffectSource,
    },
    process_type::definition::{TaskKind, TaskTemplate},
    task::{Completion, Consequences, HoldReason, TaskStatus, Via},
};

impl<'a> Engine<'a> {
    /// Asks for the child of a subprocess task that has opened. Where there is nothing to start it for, the task becomes
    /// one of its owner's.
    pub(super) fn launch(&mut self, index: usize, template: &'a TaskTemplate, by: Option<UserId>) {
        let Some(starts) = &template.starts else {
            return self.leave_to_owner(index, "");
        };
        let records = self.records(&starts.of, Some(index));
        let Some(&entity_id) = records.first() else {
            return self.leave_to_owner(index, &starts.process_type);
        };
        let handover = Handover {
            process_type: &starts.process_type,
            fields: &starts.fields,
            related: &starts.related,
        };
        let occasion = Occasion {
            source: &EffectSource::Task {
                index,
                outcome: None,
            },
            each: over_field(template),
            item: self.run.tasks[index]
                .item
                .as_ref()
                .map(|item| item.value.clone()),
        };
        // Rework keeps the old child and starts a new one, so an open child does not stand in the way.
        let request = StartRequest {
            waited_for: true,
            initiator_id: by,
            ..self.handed_over(handover, entity_id, &occasion)
        };
        self.changes.jobs.push(Job::StartProcess(request));
    }

    /// Whether a task still wants the child that was asked for; to be asked before the child is started. With a child it
    /// wants no other, so that of two starts that were asked for one happens.
    #[must_use]
    pub fn wants_child(&self, id: TaskId) -> bool {
        let task = self.run.task_by_id(id);
        task.is_some_and(|task| {
            task.kind == TaskKind::Subprocess
                && task.status.is_active()
                && task.child_process_id.is_none()
                && !stands_over_failed_child(task)
        })
    }

    /// Notes which child a task got; none: its type is missing (or the chain too deep), and the task becomes one of its
    /// owner's. A task that no longer waits stays as it is.
    pub fn child_started(&mut self, id: TaskId, child: Option<ProcessId>) -> Result<(), TaskError> {
        let index = self.index_of(id)?;
        if !self.wants_child(id) {
            return Ok(());
        }
        if let Some(child) = child {
            self.change_task(EventType::TaskUpdated, index, |task| {
                task.child_process_id = Some(child);
            });
        } else {
            let starts = self.template(index).and_then(|task| task.starts.as_ref());
            let process_type = starts.map_or("", |starts| &starts.process_type);
            self.leave_to_owner(index, process_type);
        }
        Ok(())
    }

    /// Brings the end of a child: its result completes the task with the outcome that stands for it; a cancelled child, or
    /// a result that stands for no outcome, puts the task on hold. An old child's end changes nothing.
    pub fn child_ended(
        &mut self,
        id: TaskId,
        child: ProcessId,
        result: Option<&str>,
    ) -> Result<(), TaskError> {
        let index = self.index_of(id)?;
        let task = &self.run.tasks[index];
        if task.kind != TaskKind::Subprocess
            || !task.status.is_active()
            || task.child_process_id != Some(child)
        {
            return Ok(());
        }
        self.moving(index)?;
        let Some(result) = result else {
            self.child_failed(index, "The process that this task waits for was cancelled.");
            return Ok(());
        };
        match self.outcome_of_child(index, result) {
            Ok(outcome) => self.complete_by_child(index, child, result, outcome),
            Err(why) => self.child_failed(index, &why),
        }
        Ok(())
    }

    /// Tells that the child that was asked for was not started, however often it was tried: the task stands still until
    /// somebody decides. A task that no longer wants it stays as it is.
    pub fn child_not_begun(&mut self, id: TaskId) -> Result<(), TaskError> {
        let index = self.index_of(id)?;
        if self.wants_child(id) {
            self.child_failed(
                index,
                "The process that this task waits for could not be started.",
            );
        }
        Ok(())
    }

    /// The start of the child that failed is tried again, so that the task waits for it again.
    pub fn child_asked_again(&mut self, id: TaskId) -> Result<(), TaskError> {
        let index = self.index_of(id)?;
        if stands_over_failed_child(&self.run.tasks[index]) {
            self.go_on(index);
        }
        Ok(())
    }

    /// Starts another child for a task that stands still over a cancelled one.
    pub fn retry_child(
        &mut self,
        id: TaskId,
        by: UserId,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        self.moving(index)?;
        match self.template(index) {
            Some(template) if stands_over_failed_child(&self.run.tasks[index]) => {
                self.go_on(index);
                self.launch(index, template, Some(by));
                Ok(())
            }
            Some(_) | None => Err(TaskError::NothingToRetry),
        }
    }

    /// Tells that a follow-up or child could not be started: nothing else of the process changes (E13, E20).
    pub fn not_started(&mut self, process_type: &str, task: Option<TaskId>) {
        self.change_process(EventType::ProcessNotStarted, |_| {});
        let missing = json!({"process_type": process_type, "task_id": task});
        self.annotate("not_started", missing);
    }

    fn leave_to_owner(&mut self, index: usize, process_type: &str) {
        self.not_started(process_type, Some(self.run.tasks[index].id));
        self.change_task(EventType::TaskUpdated, index, |task| {
            task.kind = TaskKind::Task;
        });
    }

    fn child_failed(&mut self, index: usize, note: &str) {
        if self.run.tasks[index].status == TaskStatus::OnHold {
            self.go_on(index);
        }
        let calendar = self.calendar_of(index);
        let (now, reading) = (self.now, self.clock_reading());
        let calendars = &self.world.catalog.calendars;
        let hold = HoldInput {
            reason: HoldReason::Internal,
            note: Some(note.to_owned()),
            pause_clock: false,
            nigo: crate::process::submitting::NigoInput::default(),
        };
        self.change_task(EventType::TaskHeld, index, |task| {
            task.child_process_id = None;
            clock::suspend(task, hold, calendars, calendar, now, reading);
            if let Some(hold) = &mut task.hold {
                hold.child_failed = true;
            }
        });
    }

    /// The outcome that a child's result stands for; none for a task without outcomes.
    fn outcome_of_child(&self, index: usize, result: &str) -> Result<Option<String>, String> {
        let Some(template) = self.template(index) else {
            return Ok(None);
        };
        let results = template.starts.as_ref().map(|starts| &starts.results);
        let mapped = results.and_then(|results| results.get(result));
        if template.outcomes.is_empty() {
            return Ok(None);
        }
        let Some(outcome) = mapped.and_then(|key| template.outcome(key)) else {
            return Err(format!("The result `{result}` stands for no outcome."));
        };
        match self.within_rounds(index, Some(outcome)) {
            Ok(()) => Ok(Some(outcome.key.clone())),
            Err(limit) => Err(limit.to_string()),
        }
    }

    fn complete_by_child(
        &mut self,
        index: usize,
        child: ProcessId,
        result: &str,
        outcome: Option<String>,
    ) {
        let before = self.run.tasks[index].clone();
        self.run.tasks[index].child_process_id = Some(child);
        let completion = Completion {
            at: self.now,
            by: None,
            on_behalf_of: None,
            via: Via::System,
            role_id: None,
            rule: "E25".to_owned(),
            reason: format!("The process that it waited for ended with the result `{result}`."),
            outcome,
            reason_code: None,
            note: None,
            consequences: Consequences::default(),
        };
        self.complete_with(index, &before, completion);
    }
}

#[cfg(test)]
mod tests;
