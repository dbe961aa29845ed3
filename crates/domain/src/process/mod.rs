//! Processes: a run of a process type version, and the rules by which it moves (E1–E8, E13, E15, E23–E25).

pub mod adhoc;
mod assign;
pub mod attributes;
pub mod cancel;
mod change;
mod child;
pub(crate) mod clock;
mod complete;
pub mod content;
mod create_entity;
pub mod draft;
pub mod edit;
pub mod effects;
mod end;
pub mod engine;
pub mod error;
pub mod facts;
pub mod fan_out;
pub mod field;
mod follow_up;
pub mod form;
mod gate;
mod handover;
pub mod hold;
pub mod input;
pub mod migrate;
mod moments;
pub mod names;
pub mod owner;
mod plan_next;
mod projection;
mod propagation;
pub mod redating;
pub mod request_attribute;
mod rework;
pub mod run;
pub mod simulate;
mod skip;
pub mod start;
pub mod start_request;
pub mod subject;
pub mod submitting;
pub mod undo;
pub mod world;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod movement;
#[cfg(test)]
pub(crate) mod rehearsal;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ids::{BatchId, EntityId, ProcessId, ProcessTypeId, ScheduleId, TaskId, UserId},
    value::FieldValue,
};

/// Where a process is in its life (E15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProcessStatus {
    /// Under way.
    Running,
    /// Opens nothing and completes nothing.
    OnHold,
    /// Reached its result.
    Completed,
    /// Given up.
    Cancelled,
}

impl ProcessStatus {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::OnHold => "on_hold",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Who started a process by a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The process.
    pub process_id: ProcessId,
    /// The task whose completion, or opening, started it.
    pub task_id: Option<TaskId>,
    /// Whether that task waits for it (E25).
    pub waited_for: bool,
}

/// What started a process, if it was neither a person by hand nor another process alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The schedule at whose time it started (E18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule_id: Option<ScheduleId>,
    /// The batch of which it is one (E17).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
}

/// One run of a process type version. Its serialised form is what audit entries and events hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// Its identity.
    pub id: ProcessId,
    /// What it is a run of.
    pub process_type_id: ProcessTypeId,
    /// Which version.
    pub process_type_version: i32,
    /// Name of the type, kept for lists.
    pub name: String,
    /// For whom: the first subject, or the firm.
    pub entity_id: EntityId,
    /// All subjects, where there are several (E16).
    pub entity_ids: Vec<EntityId>,
    /// Further records by key.
    pub related: BTreeMap<String, EntityId>,
    /// Who is accountable.
    pub owner_id: Option<UserId>,
    /// Who started it; none when a process did.
    pub initiator_id: Option<UserId>,
    /// Where it is in its life.
    pub status: ProcessStatus,
    /// The result it reached, or is set to reach (`sets_result`) while it runs.
    pub result: Option<String>,
    /// Key of the task whose outcome set the result, so that rework can forget it (E6).
    pub result_set_by: Option<String>,
    /// Answers of the start form.
    pub fields: BTreeMap<String, FieldValue>,
    /// Required start fields that were not handed over: asked for in the form of the first tasks (E13).
    pub asked_fields: Vec<String>,
    /// What started it, if a process did.
    pub parent: Option<Parent>,
    /// What else started it.
    #[serde(flatten)]
    pub cause: Cause,
    /// How many processes stand above it.
    pub depth: u32,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// Why it is on hold.
    pub hold_reason: Option<String>,
    /// Since when it is on hold: the clocks of its tasks stand still from then on.
    pub held_at: Option<DateTime<Utc>>,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Rises with each change.
    pub version: i64,
}
