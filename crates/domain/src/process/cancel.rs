//! Giving up: a whole process (E15), or one task that was made by hand (E23).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::execution::Decision,
    event::EventType,
    fault::Fault,
    ids::{TaskId, UserId},
    job::Job,
    process::{
        ProcessStatus,
        engine::Engine,
        error::{ProcessError, TaskError, permitted},
    },
    process_type::definition::TaskKind,
    task::{Task, TaskStatus},
};

/// What becomes of the processes that a cancelled process, or a skipped task, waits for (E15, E23).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Children {
    /// They are cancelled too.
    Cancel,
    /// They go on by themselves.
    Keep,
}

impl Engine<'_> {
    /// Cancels the process with every unfinished task. Where it waits for children, their fate has to be told.
    pub fn cancel(
        &mut self,
        by: UserId,
        decision: &Decision,
        reason: &str,
        children: Option<Children>,
    ) -> Result<(), ProcessError> {
        permitted(decision)?;
        self.cancel_now(Some(by), reason, children)
    }

    /// Cancels a child because its parent was cancelled; its own children go the same way. One that has ended is refused
    /// by its status, and stays as it is.
    pub fn cancel_with_parent(
        &mut self,
        by: Option<UserId>,
        reason: &str,
    ) -> Result<(), ProcessError> {
        self.cancel_now(by, reason, Some(Children::Cancel))
    }

    fn cancel_now(
        &mut self,
        by: Option<UserId>,
        reason: &str,
        children: Option<Children>,
    ) -> Result<(), ProcessError> {
        let status = self.run.process.status;
        match status {
            ProcessStatus::Running | ProcessStatus::OnHold => {}
            ProcessStatus::Completed | ProcessStatus::Cancelled => {
                return Err(ProcessError::WrongStatus { status });
            }
        }
        let all: Vec<usize> = (0..self.run.tasks.len()).collect();
        let fate = self
            .fate_of_children(&all, children)
            .map_err(|fault| ProcessError::Invalid(vec![fault]))?;
        self.settle_children(&all, fate, by, reason);
        self.cancel_unfinished(reason);
        let now = self.now;
        self.change_process(EventType::ProcessCancelled, |process| {
            process.status = ProcessStatus::Cancelled;
            process.cancel_reason = Some(reason.to_owned());
            process.ended_at = Some(now);
        });
        self.bring_end_to_parent(None);
        Ok(())
    }

    /// What becomes of the processes that some tasks wait for: to be told, where they wait for any (E15).
    pub(super) fn fate_of_children(
        &self,
        places: &[usize],
        told: Option<Children>,
    ) -> Result<Children, Fault> {
        let mut tasks = places.iter().map(|place| &self.run.tasks[*place]);
        match (told, tasks.any(waits_for_child)) {
            (Some(fate), _) => Ok(fate),
            (None, false) => Ok(Children::Keep),
            (None, true) => {
                let detail = "A process is waited for: say `cancel` or `keep`.";
                Err(Fault::new("/children", "required", detail))
            }
        }
    }

    /// Has the processes cancelled that some tasks wait for, if that is to become of them.
    pub(super) fn settle_children(
        &mut self,
        places: &[usize],
        fate: Children,
        by: Option<UserId>,
        reason: &str,
    ) {
        match fate {
            Children::Keep => return,
            Children::Cancel => {}
        }
        let tasks = places.iter().map(|place| &self.run.tasks[*place]);
        let jobs = tasks
            .filter(|task| waits_for_child(task))
            .filter_map(|task| {
                Some(Job::CancelProcess {
                    process_id: task.child_process_id?,
                    reason: reason.to_owned(),
                    by,
                })
            });
        self.changes.jobs.extend(jobs);
    }

    /// Cancels every task that is not finished, in the order of the run.
    pub(super) fn cancel_unfinished(&mut self, reason: &str) {
        for index in 0..self.run.tasks.len() {
            if !self.run.tasks[index].status.is_finished() {
                self.cancel_one(index, reason);
            }
        }
    }

    pub(super) fn cancel_one(&mut self, index: usize, reason: &str) {
        let now = self.now;
        self.change_task(EventType::TaskCancelled, index, |task| {
            task.close(TaskStatus::Cancelled, Some(reason.to_owned()), now);
        });
        self.changes
            .effects
            .cancelled
            .push(self.run.tasks[index].id);
    }

    /// Cancels one task: one that was added by hand (E10), or one that stands still over a child that failed (E25).
    pub fn cancel_task(
        &mut self,
        id: TaskId,
        by: UserId,
        decision: &Decision,
        reason: &str,
    ) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        let task = &self.run.tasks[index];
        task.active()?;
        self.moving(index)?;
        if self.template(index).is_some() && !stands_over_failed_child(task) {
            return Err(TaskError::NotCancellable);
        }
        self.cancel_one(index, reason);
        self.propagate(Some(by));
        Ok(())
    }
}

/// Whether a child is under way for this task, or about to be.
fn waits_for_child(task: &Task) -> bool {
    task.kind == TaskKind::Subprocess && task.status.is_active() && !stands_over_failed_child(task)
}

/// Whether the engine put the task on hold because its child was cancelled or failed (E25); people's holds are no such thing.
pub(super) fn stands_over_failed_child(task: &Task) -> bool {
    task.kind == TaskKind::Subprocess && task.hold.as_ref().is_some_and(|hold| hold.child_failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::ProcessId,
        process::{
            adhoc::NewTask,
            rehearsal::{ANNA, Rehearsal, after, subprocess, task, yes},
        },
    };
    use uuid::Uuid;

    const CHILD: ProcessId = ProcessId(Uuid::from_u128(0xD));

    /// E15
    #[test]
    fn cancelling_a_process_cancels_what_is_unfinished() {
        let plan = Rehearsal::of([task("a"), task("b"), after(&["b"], task("c"))]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        engine.told();
        engine.cancel(ANNA, &yes(), "They left.", None).unwrap();
        assert_eq!(engine.overview(), "a:completed b:cancelled c:cancelled");
        assert_eq!(
            engine.told(),
            ["task.cancelled b", "task.cancelled c", "process.cancelled"]
        );
        let process = &engine.run.process;
        assert_eq!(process.status, ProcessStatus::Cancelled);
        assert_eq!(process.cancel_reason.as_deref(), Some("They left."));

        let status = ProcessStatus::Cancelled;
        let again = engine.cancel(ANNA, &yes(), "They left.", None);
        assert_eq!(again, Err(ProcessError::WrongStatus { status }));
    }

    fn cancelled(fate: Option<Children>) -> (Result<(), ProcessError>, Vec<Job>) {
        let plan = Rehearsal::of([subprocess("move", &[])]);
        let mut engine = plan.start();
        engine
            .child_started(engine.id("move"), Some(CHILD))
            .unwrap();
        engine.changes.jobs.clear();
        let answer = engine.cancel(ANNA, &yes(), "They left.", fate);
        (answer, engine.changes.jobs)
    }

    /// E15
    #[test]
    fn the_fate_of_children_has_to_be_told() {
        let (answer, jobs) = cancelled(None);
        let Err(ProcessError::Invalid(faults)) = answer else {
            panic!("a fault was expected");
        };
        assert_eq!(faults[0].pointer, "/children");
        assert!(jobs.is_empty());
    }

    /// E15
    #[test]
    fn children_are_cancelled_by_job_or_kept() {
        let (answer, jobs) = cancelled(Some(Children::Cancel));
        answer.unwrap();
        let job = Job::CancelProcess {
            process_id: CHILD,
            reason: "They left.".to_owned(),
            by: Some(ANNA),
        };
        assert_eq!(jobs, [job]);

        let (answer, jobs) = cancelled(Some(Children::Keep));
        answer.unwrap();
        assert!(jobs.is_empty());
    }

    /// E23
    #[test]
    fn a_task_of_the_plan_is_not_cancelled_alone() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        let refused = engine.cancel_task(engine.id("a"), ANNA, &yes(), "why");
        assert_eq!(refused, Err(TaskError::NotCancellable));
    }

    /// E23, E10
    #[test]
    fn cancelling_an_ad_hoc_task_lets_the_process_complete() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        let new = NewTask {
            title: "Ring them".to_owned(),
            blocking: true,
            ..NewTask::default()
        };
        let id = engine.add_task(new, ANNA, &yes()).unwrap();
        engine.done(&["a"]);
        assert_eq!(engine.run.process.status, ProcessStatus::Running);
        engine.cancel_task(id, ANNA, &yes(), "Not needed.").unwrap();
        assert_eq!(engine.overview(), "a:completed ad_hoc:cancelled");
        assert_eq!(engine.run.process.status, ProcessStatus::Completed);
    }
}
