//! Stopping for a while and going on: one task, or a whole process (E11, E15).

use chrono::{DateTime, Utc};

use crate::{
    access::{execution::Decision, managing::TaskAction},
    calendar::due,
    event::EventType,
    ids::{SubmissionId, TaskId, UserId},
    job::Job,
    process::{
        ProcessStatus, clock,
        engine::Engine,
        error::{ProcessError, TaskError, permitted},
        submitting::NigoInput,
    },
    process_type::definition::CalendarKind,
    task::HoldReason,
};

/// Why a task stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldInput {
    /// Why.
    pub reason: HoldReason,
    /// In words.
    pub note: Option<String>,
    /// Whether the due date waits, if it is not past (E11).
    pub pause_clock: bool,
    /// What the custodian had to say, where what it was sent is not in good order (E22).
    pub nigo: NigoInput,
}

impl Engine<'_> {
    /// Puts a task on hold that is open or in progress. If it is overdue its clock is not paused.
    pub fn hold_task(
        &mut self,
        id: TaskId,
        decision: &Decision,
        input: HoldInput,
    ) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        self.gate(index, TaskAction::Hold)?;
        input.check(&self.run.tasks[index])?;
        let nigo = input.answer(&self.run.tasks[index], self.now);
        let unnoted = SubmissionId(self.world.ambient.fresh_id());
        let calendar = self.calendar_of(index);
        let (now, reading) = (self.now, self.clock_reading());
        let calendars = &self.world.catalog.calendars;
        self.change_task(EventType::TaskHeld, index, |task| {
            clock::suspend(task, input, calendars, calendar, now, reading);
            if let Some(answer) = nigo {
                task.answer_submission(unnoted, answer);
            }
        });
        Ok(())
    }

    /// Takes a task off hold: it is again what it was before, and dated again if its clock stood still.
    pub fn resume_task(&mut self, id: TaskId, decision: &Decision) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        self.gate(index, TaskAction::Resume)?;
        self.go_on(index);
        self.spread_late(index);
        Ok(())
    }

    /// What the clocks of its tasks say: the moment at which the process was put on hold, while it is (E15).
    pub(super) fn clock_reading(&self) -> DateTime<Utc> {
        match self.run.process.status {
            ProcessStatus::OnHold => self.run.process.held_at.unwrap_or(self.now),
            ProcessStatus::Running | ProcessStatus::Completed | ProcessStatus::Cancelled => {
                self.now
            }
        }
    }

    pub(super) fn go_on(&mut self, index: usize) {
        let calendar = self.calendar_of(index);
        let (now, reading) = (self.now, self.clock_reading());
        let calendars = &self.world.catalog.calendars;
        let sent_again = self.resubmission(index);
        self.change_task(EventType::TaskResumed, index, |task| {
            clock::resume(task, calendars, calendar, reading);
            if let Some(id) = sent_again {
                task.submit(id, now, None);
            }
        });
    }

    /// Puts the process on hold: nothing opens and nothing is completed, drafts are taken, clocks stand still.
    pub fn hold(&mut self, decision: &Decision, reason: &str) -> Result<(), ProcessError> {
        permitted(decision)?;
        self.require(ProcessStatus::Running)?;
        let now = self.now;
        self.change_process(EventType::ProcessHeld, |process| {
            process.status = ProcessStatus::OnHold;
            process.hold_reason = Some(reason.to_owned());
            process.held_at = Some(now);
        });
        Ok(())
    }

    /// Lets the process go on: tasks are dated again, children that ended meanwhile are looked for, and the run moves on.
    pub fn resume(&mut self, by: UserId, decision: &Decision) -> Result<(), ProcessError> {
        permitted(decision)?;
        self.require(ProcessStatus::OnHold)?;
        let held_at = self.run.process.held_at;
        self.change_process(EventType::ProcessResumed, |process| {
            process.status = ProcessStatus::Running;
            process.hold_reason = None;
            process.held_at = None;
        });
        for index in 0..self.run.tasks.len() {
            self.date_again(index, held_at);
            self.look_for_child(index);
            self.spread_late(index);
        }
        self.propagate(Some(by));
        Ok(())
    }

    /// A due date that lay ahead when the process stopped lies as many business days ahead now; what was overdue stays so.
    fn date_again(&mut self, index: usize, held_at: Option<DateTime<Utc>>) {
        let task = &self.run.tasks[index];
        let (Some(held_at), Some(due_at)) = (held_at, task.due_at) else {
            return;
        };
        if !task.status.is_active() || clock::has_run_out(due_at, held_at) {
            return;
        }
        let (now, calendars) = (self.now, &self.world.catalog.calendars);
        let calendar = self.calendar_of(index);
        let mut dated = task.clone();
        let left = due::remaining_business_days(calendars, calendar, due_at, held_at);
        clock::restart(&mut dated, left, calendars, calendar, now);
        if dated.due_at != task.due_at {
            self.change_task(EventType::TaskUpdated, index, |task| *task = dated);
        }
    }

    fn look_for_child(&mut self, index: usize) {
        let task = &self.run.tasks[index];
        if let Some(child_id) = task.child_process_id
            && task.status.is_active()
        {
            self.changes.jobs.push(Job::CheckChild {
                process_id: self.run.process.id,
                task_id: task.id,
                child_id,
            });
        }
    }

    fn require(&self, status: ProcessStatus) -> Result<(), ProcessError> {
        let present = self.run.process.status;
        if present == status {
            return Ok(());
        }
        Err(ProcessError::WrongStatus { status: present })
    }

    pub(super) fn calendar_of(&self, index: usize) -> CalendarKind {
        let template = self.template(index);
        let rule = template.and_then(|template| template.due.as_ref());
        rule.map_or_else(CalendarKind::default, |rule| rule.calendar)
    }
}

#[cfg(test)]
mod tests;
