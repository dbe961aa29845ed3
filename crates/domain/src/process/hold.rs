//! Stopping for a while and going on: one task, or a whole process (E11, E15).

use chrono::{DateTime, Utc};

use crate::{
    access::execution::Decision,
    calendar::due,
    event::EventType,
    ids::{SubmissionId, TaskId, UserId},
    job::Job,
    process::{
        ProcessStatus,
        cancel::stands_over_failed_child,
        clock,
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
        self.run.tasks[index].beginnable()?;
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
        let task = &self.run.tasks[index];
        task.held()?;
        if stands_over_failed_child(task) {
            // It would be open with nothing that could ever complete it.
            return Err(TaskError::ChildFailed);
        }
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
mod tests {
    use super::*;
    use crate::{
        ids::ProcessId,
        process::{
            input::CompletionInput,
            rehearsal::{ANNA, Rehearsal, after, subprocess, task, yes},
        },
        process_type::definition::{DueAmount, DueBase, DueRule, DueUnit, TaskTemplate},
        task::TaskStatus,
    };
    use uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Due three business days after it opens.
    fn dated(template: TaskTemplate) -> TaskTemplate {
        TaskTemplate {
            due: Some(DueRule {
                amount: DueAmount::Fixed(3),
                unit: DueUnit::BusinessDays,
                from: DueBase::Opened,
                calendar: CalendarKind::Market,
                fallback: None,
            }),
            ..template
        }
    }

    fn paused() -> HoldInput {
        HoldInput {
            reason: HoldReason::Client,
            note: Some("On holiday.".to_owned()),
            pause_clock: true,
            nigo: crate::process::submitting::NigoInput::default(),
        }
    }

    /// E11
    #[test]
    fn a_paused_clock_keeps_the_business_days_that_are_left() {
        let plan = Rehearsal::of([dated(task("a"))]);
        let engine = plan.start();
        assert_eq!(engine.of("a").due_at, Some(at("2026-03-05T22:00:00Z")));
        let (run, _) = engine.finish();

        let mut engine = plan.later(run, 1);
        engine.hold_task(engine.id("a"), &yes(), paused()).unwrap();
        let held = engine.of("a");
        assert_eq!(held.status, TaskStatus::OnHold);
        assert_eq!(held.due_at, None);
        assert_eq!(held.hold.as_ref().unwrap().remaining_days, Some(2));
        let (run, _) = engine.finish();

        // From Tuesday to the next Friday: two business days on is the Tuesday after.
        let mut engine = plan.later(run, 3);
        engine.resume_task(engine.id("a"), &yes()).unwrap();
        let resumed = engine.of("a");
        assert_eq!(resumed.status, TaskStatus::Open);
        assert_eq!(resumed.hold, None);
        assert_eq!(resumed.due_at, Some(at("2026-03-10T21:00:00Z")));
    }

    /// E11, X16: who may not move dates does not move them by a pause either.
    #[test]
    fn a_clock_that_has_run_out_is_not_paused() {
        let plan = Rehearsal::of([dated(task("a"))]);
        let (run, _) = plan.start().finish();
        let due_at = run.tasks[0].due_at;
        let mut engine = plan.later(run, 4);
        assert!(engine.of("a").is_overdue(engine.now));
        engine.hold_task(engine.id("a"), &yes(), paused()).unwrap();
        let held = engine.of("a");
        assert_eq!((held.status, held.due_at), (TaskStatus::OnHold, due_at));
        let hold = held.hold.as_ref().unwrap();
        assert_eq!((hold.pause_clock, hold.remaining_days), (false, None));
        let (run, _) = engine.finish();

        let mut engine = plan.later(run, 10);
        engine.resume_task(engine.id("a"), &yes()).unwrap();
        let resumed = engine.of("a");
        assert_eq!(resumed.status, TaskStatus::Open);
        assert_eq!((resumed.due_at, resumed.compressed), (due_at, false));
    }

    /// E11
    #[test]
    fn a_running_clock_leaves_the_due_date_alone() {
        let plan = Rehearsal::of([dated(task("a"))]);
        let mut engine = plan.start();
        let due_at = engine.of("a").due_at;
        let hold = HoldInput {
            pause_clock: false,
            nigo: crate::process::submitting::NigoInput::default(),
            ..paused()
        };
        engine.start_task(engine.id("a"), &yes()).unwrap();
        engine.hold_task(engine.id("a"), &yes(), hold).unwrap();
        assert_eq!(engine.of("a").due_at, due_at);
        engine.resume_task(engine.id("a"), &yes()).unwrap();
        assert_eq!(engine.of("a").status, TaskStatus::InProgress);
        assert_eq!(engine.of("a").due_at, due_at);
    }

    /// X8
    #[test]
    fn only_what_is_worked_on_is_held_and_only_what_is_held_resumes() {
        let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
        let mut engine = plan.start();
        let status = TaskStatus::Waiting;
        let refused = engine.hold_task(engine.id("b"), &yes(), paused());
        assert_eq!(refused, Err(TaskError::NotExecutable { status }));
        let status = TaskStatus::Open;
        let refused = engine.resume_task(engine.id("a"), &yes());
        assert_eq!(refused, Err(TaskError::NotExecutable { status }));
    }

    /// E15
    #[test]
    fn a_process_on_hold_completes_nothing_and_goes_on_where_it_was() {
        let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
        let mut engine = plan.start();
        engine.hold(&yes(), "Waiting for counsel.").unwrap();
        let input = CompletionInput::default();
        let refused = engine.complete(engine.id("a"), ANNA, &yes(), &input);
        assert_eq!(refused, Err(TaskError::ProcessNotRunning));
        let status = ProcessStatus::OnHold;
        let again = engine.hold(&yes(), "Again.");
        assert_eq!(again, Err(ProcessError::WrongStatus { status }));

        engine.resume(ANNA, &yes()).unwrap();
        assert_eq!(engine.run.process.hold_reason, None);
        engine.done(&["a"]);
        assert_eq!(engine.overview(), "a:completed b:open");
    }

    /// E15
    #[test]
    fn resuming_runs_on_to_what_became_due_meanwhile() {
        let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
        let mut engine = plan.start();
        engine.hold(&yes(), "Waiting for counsel.").unwrap();
        // As a migration would leave it: the source is finished, and nothing could open.
        let now = engine.now;
        engine.run.tasks[0].close(TaskStatus::Skipped, None, now);
        engine.propagate(None);
        assert_eq!(engine.overview(), "a:skipped b:waiting");
        engine.resume(ANNA, &yes()).unwrap();
        assert_eq!(engine.overview(), "a:skipped b:open");
    }

    /// E15, E11
    #[test]
    fn the_clocks_of_a_process_on_hold_stand_still() {
        let plan = Rehearsal::of([dated(task("a")), task("b")]);
        let mut engine = plan.start();
        engine.hold(&yes(), "Waiting for counsel.").unwrap();
        let (run, _) = engine.finish();
        let mut engine = plan.later(run, 2);
        engine.resume(ANNA, &yes()).unwrap();
        assert_eq!(engine.of("a").due_at, Some(at("2026-03-09T21:00:00Z")));
        assert_eq!(engine.told(), ["process.resumed", "task.updated a"]);
    }

    /// E15, E11
    #[test]
    fn what_was_overdue_when_the_process_stopped_stays_overdue() {
        let plan = Rehearsal::of([dated(task("a")), task("b")]);
        let (run, _) = plan.start().finish();
        let due_at = run.tasks[0].due_at;
        let mut engine = plan.later(run, 4);
        engine.hold(&yes(), "Waiting for counsel.").unwrap();
        let (run, _) = engine.finish();
        let mut engine = plan.later(run, 10);
        engine.resume(ANNA, &yes()).unwrap();
        assert_eq!(engine.of("a").due_at, due_at);
        assert_eq!(engine.told(), ["process.resumed"]);
    }

    /// E15, E11: three business days were left when the process stopped, whatever is done to the task meanwhile.
    #[test]
    fn a_pause_during_that_of_the_process_counts_no_day_twice() {
        let plan = Rehearsal::of([dated(task("a")), task("b")]);
        let mut engine = plan.start();
        engine.hold(&yes(), "Waiting for counsel.").unwrap();
        let (run, _) = engine.finish();

        // Past the due date, which has waited since Monday.
        let mut engine = plan.later(run, 7);
        engine.hold_task(engine.id("a"), &yes(), paused()).unwrap();
        let hold = engine.of("a").hold.as_ref().unwrap();
        assert_eq!((hold.pause_clock, hold.remaining_days), (true, Some(3)));
        let (held, _) = engine.finish();

        let mut engine = plan.later(held.clone(), 0);
        engine.resume_task(engine.id("a"), &yes()).unwrap();
        engine.resume(ANNA, &yes()).unwrap();
        assert_eq!(engine.of("a").due_at, Some(at("2026-03-12T21:00:00Z")));

        let mut engine = plan.later(held, 0);
        engine.resume(ANNA, &yes()).unwrap();
        assert_eq!(engine.of("a").due_at, None);
        engine.resume_task(engine.id("a"), &yes()).unwrap();
        assert_eq!(engine.of("a").due_at, Some(at("2026-03-12T21:00:00Z")));
    }

    /// E15, E25
    #[test]
    fn resuming_looks_for_children_that_ended_meanwhile() {
        let child = ProcessId(Uuid::from_u128(0xD));
        let plan = Rehearsal::of([subprocess("move", &[])]);
        let mut engine = plan.start();
        let id = engine.id("move");
        engine.child_started(id, Some(child)).unwrap();
        engine.hold(&yes(), "Waiting for counsel.").unwrap();
        let early = engine.child_ended(id, child, Some("completed"));
        assert_eq!(early, Err(TaskError::ProcessNotRunning));

        engine.changes.jobs.clear();
        engine.resume(ANNA, &yes()).unwrap();
        let look = Job::CheckChild {
            process_id: engine.run.process.id,
            task_id: id,
            child_id: child,
        };
        assert_eq!(engine.changes.jobs, [look]);
    }
}
