//! Batches: one process for each of many entities (E17).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::Actor,
    event::{EventType, Occurrence, SubjectType},
    fault::Fault,
    ids::{BatchId, EntityId, ProcessId, ProcessTypeId, ScheduleId, UserId},
    process::engine::snapshot,
    user::PermissionLevel,
    value::FieldValue,
};

/// One process for each of many entities, started a stretch at a time. Its serialised form is what audit entries and events hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Its identity.
    pub id: BatchId,
    /// What people call it.
    pub name: String,
    /// What is started.
    pub process_type_id: ProcessTypeId,
    /// Answers of the start form, the same for all.
    pub fields: BTreeMap<String, FieldValue>,
    /// Whether an entity is skipped while a process of the type is open for it.
    pub unless_open: bool,
    /// Where it is in its life.
    pub status: BatchStatus,
    /// How many have come to what; kept by whoever works on it, who holds the batch meanwhile.
    pub counts: BatchCounts,
    /// Who asked for it, whose permission counts; none: a schedule.
    pub requested_by: Option<UserId>,
    /// The schedule that started it.
    pub schedule_id: Option<ScheduleId>,
    /// How often it was set going: work that was asked for before a pause is not done after it.
    pub turn: i32,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it was completed or cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// Rises with each stretch and each change.
    pub version: i64,
}

/// Where a batch is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BatchStatus {
    /// Processes are being started.
    Running,
    /// Nothing is started until somebody resumes it.
    Paused,
    /// Every entity has had its turn.
    Completed,
    /// The rest will not be started.
    Cancelled,
}

impl BatchStatus {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// How many entities have come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchCounts {
    /// All of them.
    pub total: u32,
    /// A process was started.
    pub started: u32,
    /// One was open already.
    pub skipped: u32,
    /// None could be started, or not by whoever asked.
    pub refused: u32,
}

impl BatchCounts {
    /// Their turn has not come.
    #[must_use]
    pub const fn waiting(&self) -> u32 {
        self.total
            .saturating_sub(self.started)
            .saturating_sub(self.skipped)
            .saturating_sub(self.refused)
    }

    /// The share that has had its turn, from 0 to 1.
    #[must_use]
    pub fn progress(&self) -> f64 {
        if self.total == 0 {
            return 1.0;
        }
        f64::from(self.total - self.waiting()) / f64::from(self.total)
    }

    /// Counts one more.
    pub const fn count(&mut self, state: ItemState) {
        match state {
            ItemState::Waiting => {}
            ItemState::Started => self.started += 1,
            ItemState::Skipped => self.skipped += 1,
            ItemState::Refused => self.refused += 1,
        }
    }
}

/// What became of one entity.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Its turn has not come; in a cancelled batch it never will.
    Waiting,
    /// A process was started.
    Started,
    /// A process of the type was open for it (`unless_open`).
    Skipped,
    /// None could be started, or not by whoever asked.
    Refused,
}

impl ItemState {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Started => "started",
            Self::Skipped => "skipped",
            Self::Refused => "refused",
        }
    }
}

/// One entity of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchItem {
    /// Its place in the batch.
    pub ordinal: i32,
    /// Which.
    pub entity_id: EntityId,
    /// What became of it.
    pub state: ItemState,
    /// The process that was started.
    pub process_id: Option<ProcessId>,
    /// Why none was.
    pub reasons: Vec<Fault>,
}

impl BatchItem {
    /// The item once its process has been started.
    #[must_use]
    pub fn started(self, process: ProcessId) -> Self {
        Self {
            state: ItemState::Started,
            process_id: Some(process),
            ..self
        }
    }

    /// The item for which nothing is started.
    #[must_use]
    pub fn left_out(self, state: ItemState, reasons: Vec<Fault>) -> Self {
        Self {
            state,
            reasons,
            ..self
        }
    }
}

/// The batch does not change like this in its present status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the batch is {}", status.as_str())]
pub struct BatchRefused {
    /// The status.
    pub status: BatchStatus,
}

impl Batch {
    /// Whether somebody may follow it: who asked, because it holds what they saw, and admins and auditors, who see all (X17), so
    /// that it can be stopped when who asked has left; one that a schedule began, those who keep schedules, too.
    #[must_use]
    pub fn is_followed_by(&self, actor: &Actor) -> bool {
        match (self.requested_by, actor.level) {
            (Some(by), _) if by == actor.user_id => true,
            (_, PermissionLevel::Auditor | PermissionLevel::Admin)
            | (None, PermissionLevel::Designer) => true,
            (Some(_), PermissionLevel::Designer)
            | (_, PermissionLevel::Manager | PermissionLevel::Member) => false,
        }
    }

    /// The batch paused: what has been begun is finished, nothing else is begun.
    pub fn pause(&self) -> Result<Self, BatchRefused> {
        match self.status {
            BatchStatus::Running => Ok(self.put_to(BatchStatus::Paused)),
            BatchStatus::Paused | BatchStatus::Completed | BatchStatus::Cancelled => {
                Err(self.refused())
            }
        }
    }

    /// The batch going on where it was.
    pub fn resume(&self) -> Result<Self, BatchRefused> {
        match self.status {
            BatchStatus::Paused => Ok(Self {
                turn: self.turn + 1,
                ..self.put_to(BatchStatus::Running)
            }),
            BatchStatus::Running | BatchStatus::Completed | BatchStatus::Cancelled => {
                Err(self.refused())
            }
        }
    }

    /// The batch given up; what it has started goes on.
    pub fn cancel(&self, now: DateTime<Utc>) -> Result<Self, BatchRefused> {
        match self.status {
            BatchStatus::Running | BatchStatus::Paused => Ok(Self {
                ended_at: Some(now),
                ..self.put_to(BatchStatus::Cancelled)
            }),
            BatchStatus::Completed | BatchStatus::Cancelled => Err(self.refused()),
        }
    }

    /// The batch after a stretch of it; completed if that was the last.
    #[must_use]
    pub fn advanced(&self, counts: BatchCounts, now: DateTime<Utc>) -> Self {
        let done = counts.waiting() == 0;
        Self {
            counts,
            status: if done {
                BatchStatus::Completed
            } else {
                self.status
            },
            ended_at: done.then_some(now),
            version: self.version + 1,
            ..self.clone()
        }
    }

    /// A change of it, as the trail tells it: of no record, and for those only who may follow it.
    #[must_use]
    pub fn told(event: EventType, before: Option<&Self>, after: &Self) -> Occurrence {
        Occurrence {
            event,
            subject_type: SubjectType::Batch,
            subject_id: after.id.0,
            entity_id: None,
            before: before.map(snapshot),
            after: Some(snapshot(after)),
        }
    }

    const fn refused(&self) -> BatchRefused {
        BatchRefused {
            status: self.status,
        }
    }

    fn put_to(&self, status: BatchStatus) -> Self {
        Self {
            status,
            version: self.version + 1,
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
