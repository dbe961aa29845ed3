//! Deferred work: what a committed change still has to bring about.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    hand_over::{HandOver, Place},
    ids::{BatchId, EntityId, JobId, MigrationId, ProcessId, ScheduleId, TaskId, UserId},
    task::moment::Moment,
    value::FieldValue,
};

/// What a worker does later, once, after the change that asked for it has been committed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Start a follow-up (E13) or the child of a subprocess, and tell the task that waits for it which child it got (E25).
    StartProcess(StartRequest),
    /// Bring a child's end to the task that waits for it (E25).
    ChildEnded {
        /// The process that waits.
        process_id: ProcessId,
        /// Its subprocess task.
        task_id: TaskId,
        /// The child.
        child_id: ProcessId,
        /// The child's result; none when it was cancelled.
        result: Option<String>,
    },
    /// Look whether a child ended while the process that waits for it was on hold, and if so bring its end (E15, E25).
    CheckChild {
        /// The process that waits.
        process_id: ProcessId,
        /// Its subprocess task.
        task_id: TaskId,
        /// The child.
        child_id: ProcessId,
    },
    /// An attribute from which due rules may count has another value: have the processes dated anew that are for its record,
    /// or that do something for it among others (E11, E24).
    AnchorsChanged {
        /// Whose attribute.
        entity_id: EntityId,
        /// What the attributes were, by key.
        before: BTreeMap<String, Option<FieldValue>>,
        /// The process that changed them, which has dated its own tasks.
        except: Option<ProcessId>,
        /// The last process that was looked at; they are taken in stretches.
        after: Option<ProcessId>,
    },
    /// Date the tasks of a process anew, after attributes of a record have changed elsewhere (E11).
    DateAnew {
        /// The process.
        process_id: ProcessId,
        /// Whose attributes; none in jobs of earlier releases: the process's own record's.
        #[serde(default)]
        entity_id: Option<EntityId>,
        /// What the attributes were, by key.
        before: BTreeMap<String, Option<FieldValue>>,
    },
    /// Hand over the next stretch of what somebody leaves behind (X16).
    HandOver {
        /// What, by whom to whom.
        order: HandOver,
        /// Who asked for it, whose permission counts.
        by: UserId,
        /// The request by which they did.
        request_id: Option<String>,
        /// How far it has come.
        from: Place,
    },
    /// A moment that is counted from a due date has come (E12).
    DueMoment(DueMoment),
    /// Bring a task before the people in charge that nobody but its preparers could execute (E21).
    NobodyElse {
        /// Its process.
        process_id: ProcessId,
        /// The task.
        task_id: TaskId,
        /// In which attempt.
        attempt: u32,
    },
    /// Cancel a child with its parent (E15).
    CancelProcess {
        /// The child.
        process_id: ProcessId,
        /// Why.
        reason: String,
        /// Who cancelled the parent.
        by: Option<UserId>,
    },
    /// Find the processes that are to be moved to another version, in stretches.
    MigrateProcesses {
        /// What was asked for.
        migration_id: MigrationId,
        /// The last process that was found.
        after: Option<ProcessId>,
    },
    /// A schedule's time has come (E18).
    RunSchedule {
        /// The schedule.
        schedule_id: ScheduleId,
        /// For when it was planned; comes to nothing where it is planned for another moment by then.
        at: DateTime<Utc>,
    },
    /// The firm's clocks or business days are others: plan its schedules anew, in stretches (E18).
    PlanSchedules {
        /// The last schedule that was looked at.
        after: Option<ScheduleId>,
    },
    /// A completion plans the next run of a type (E13, `schedule_next`).
    PlanNext(PlanRequest),
    /// Start the next stretch of a batch (E17).
    RunBatch {
        /// The batch.
        batch_id: BatchId,
        /// The turn in which this was asked for.
        turn: i32,
    },
    /// Move one of them, or see whether it can be.
    MigrateProcess {
        /// What was asked for.
        migration_id: MigrationId,
        /// The process.
        process_id: ProcessId,
    },
}

impl Job {
    /// The process that it is about, if it is about one, and its task.
    #[must_use]
    pub const fn about(&self) -> (Option<ProcessId>, Option<TaskId>) {
        match self {
            Self::StartProcess(request) => {
                (Some(request.parent_process_id), request.parent_task_id)
            }
            Self::ChildEnded {
                process_id,
                task_id,
                ..
            }
            | Self::CheckChild {
                process_id,
                task_id,
                ..
            }
            | Self::NobodyElse {
                process_id,
                task_id,
                ..
            } => (Some(*process_id), Some(*task_id)),
            Self::DueMoment(planned) => (Some(planned.process_id), Some(planned.task_id)),
            Self::CancelProcess { process_id, .. }
            | Self::DateAnew { process_id, .. }
            | Self::MigrateProcess { process_id, .. } => (Some(*process_id), None),
            Self::PlanNext(request) => (Some(request.process_id), request.task_id),
            Self::AnchorsChanged { .. }
            | Self::HandOver { .. }
            | Self::RunSchedule { .. }
            | Self::PlanSchedules { .. }
            | Self::RunBatch { .. }
            | Self::MigrateProcesses { .. } => (None, None),
        }
    }

    /// The process and the task that wait for the child that this starts (E25).
    #[must_use]
    pub fn awaited_by(&self) -> Option<(ProcessId, TaskId)> {
        match self {
            Self::StartProcess(request) if request.waited_for => {
                Some((request.parent_process_id, request.parent_task_id?))
            }
            Self::StartProcess(_)
            | Self::ChildEnded { .. }
            | Self::CheckChild { .. }
            | Self::AnchorsChanged { .. }
            | Self::DateAnew { .. }
            | Self::HandOver { .. }
            | Self::DueMoment(_)
            | Self::NobodyElse { .. }
            | Self::CancelProcess { .. }
            | Self::RunSchedule { .. }
            | Self::PlanSchedules { .. }
            | Self::PlanNext(_)
            | Self::RunBatch { .. }
            | Self::MigrateProcesses { .. }
            | Self::MigrateProcess { .. } => None,
        }
    }

    /// When it is to be done; none: as soon as it can.
    #[must_use]
    pub const fn run_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::DueMoment(planned) => Some(planned.at),
            Self::RunSchedule { at, .. } => Some(*at),
            Self::StartProcess(_)
            | Self::ChildEnded { .. }
            | Self::CheckChild { .. }
            | Self::AnchorsChanged { .. }
            | Self::DateAnew { .. }
            | Self::HandOver { .. }
            | Self::NobodyElse { .. }
            | Self::CancelProcess { .. }
            | Self::PlanSchedules { .. }
            | Self::PlanNext(_)
            | Self::RunBatch { .. }
            | Self::MigrateProcesses { .. }
            | Self::MigrateProcess { .. } => None,
        }
    }
}

/// A reminder or an escalation, planned. It comes to nothing where the attempt or the due date is another by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueMoment {
    /// The process.
    pub process_id: ProcessId,
    /// Its task.
    pub task_id: TaskId,
    /// In which attempt of it.
    pub attempt: u32,
    /// Of which due date.
    pub due_at: DateTime<Utc>,
    /// Which reminder or escalation.
    pub moment: Moment,
    /// Of which version of the process type; another one plans its own. None: planned before versions were noted.
    #[serde(default)]
    pub version: Option<i32>,
    /// When it comes.
    pub at: DateTime<Utc>,
}

/// A run of a process type to be planned for a record by a completion, or by a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRequest {
    /// Key of the process type.
    pub process_type: String,
    /// For whom.
    pub entity_id: EntityId,
    /// When.
    pub at: DateTime<Utc>,
    /// Not while one is open then.
    pub unless_open: bool,
    /// The process that plans it.
    pub process_id: ProcessId,
    /// The task that plans it; none: its result.
    pub task_id: Option<TaskId>,
    /// Which attempt of that task; a request of an attempt that has been undone since is dropped (E8).
    pub attempt: Option<u32>,
}

/// A process to be started by a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartRequest {
    /// Key of the process type.
    pub process_type: String,
    /// For whom; none: the firm.
    pub entity_id: Option<EntityId>,
    /// Records handed over, by its key.
    pub related: BTreeMap<String, EntityId>,
    /// Fields handed over, by its key; those that it does not have are left out.
    pub fields: BTreeMap<String, FieldValue>,
    /// The process that starts it.
    pub parent_process_id: ProcessId,
    /// The task that starts it.
    pub parent_task_id: Option<TaskId>,
    /// Which attempt of that task; a request of an attempt that has been undone since is dropped (E8).
    #[serde(default)]
    pub parent_attempt: Option<u32>,
    /// Whether that task waits for it (E25).
    pub waited_for: bool,
    /// How many processes stand above it; more than 8 is treated as a missing type (E13).
    pub depth: u32,
    /// Not while a run of this type is open for this entity (`unless_open`, and rework: E6).
    pub unless_open: bool,
    /// Who brought it about, for the audit trail.
    pub initiator_id: Option<UserId>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Its time has not come: it was asked for later, or it failed and is tried again.
    Scheduled,
    /// The next worker takes it.
    Due,
    /// A worker holds it.
    Leased,
    /// It failed as often as it may and waits for a person.
    Parked,
    /// It has been done.
    Done,
}

/// A job as those see it who look after the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueuedJob {
    /// Its identity.
    pub id: JobId,
    /// What kind of work it is.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// How often it has been begun since it was last queued by hand.
    pub tries: i32,
    /// Why its last try failed, in one sentence.
    pub last_error: Option<String>,
    /// When it is, or was, its turn; while a worker holds it, until when.
    #[serde(skip)]
    pub run_at: DateTime<Utc>,
    /// Since when it is in the queue.
    pub created_at: DateTime<Utc>,
    /// The process that it is about; none where this version of the program cannot read it.
    pub process_id: Option<ProcessId>,
    /// The task of that process.
    pub task_id: Option<TaskId>,
    /// The task that waits for the process that it starts (E25).
    #[serde(skip)]
    pub awaited_by: Option<TaskId>,
}

impl QueuedJob {
    /// The job once it is queued again, with all its tries before it; none unless it is parked.
    #[must_use]
    pub fn requeued(&self, now: DateTime<Utc>) -> Option<Self> {
        match self.state {
            JobState::Parked => Some(Self {
                state: JobState::Due,
                tries: 0,
                run_at: now,
                ..self.clone()
            }),
            JobState::Scheduled | JobState::Due | JobState::Leased | JobState::Done => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn in_state(state: JobState) -> QueuedJob {
        QueuedJob {
            id: JobId(Uuid::from_u128(1)),
            kind: "start_process".to_owned(),
            state,
            tries: 10,
            last_error: Some("It failed.".to_owned()),
            run_at: DateTime::UNIX_EPOCH,
            created_at: DateTime::UNIX_EPOCH,
            process_id: None,
            task_id: None,
            awaited_by: None,
        }
    }

    /// E13
    #[test]
    fn only_a_parked_job_is_queued_again_and_with_all_its_tries() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(1);
        let again = in_state(JobState::Parked).requeued(now).unwrap();
        assert_eq!((again.state, again.tries), (JobState::Due, 0));
        assert_eq!(again.run_at, now);
        for state in [
            JobState::Scheduled,
            JobState::Due,
            JobState::Leased,
            JobState::Done,
        ] {
            assert_eq!(in_state(state).requeued(now), None);
        }
    }
}
