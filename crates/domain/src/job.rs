//! Deferred work: what a committed change still has to bring about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{EntityId, ProcessId, TaskId, UserId},
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
    /// An attribute from which due rules may count has another value: have the processes for its record dated anew (E11).
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
    /// Date the tasks of a process anew, after attributes of its record have changed elsewhere (E11).
    DateAnew {
        /// The process.
        process_id: ProcessId,
        /// What the attributes were, by key.
        before: BTreeMap<String, Option<FieldValue>>,
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
