//! Touchpoints: records of contact with a client (plays.md T12).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{EntityId, ProcessId, TaskId, TouchpointId, UserId};

/// One contact, or an internal note about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touchpoint {
    /// Its identity.
    pub id: TouchpointId,
    /// With whom.
    pub entity_id: EntityId,
    /// From the firm's list: `call`, `meeting`, `email`, `letter`, `note` …; a note is no contact.
    pub touchpoint_type: String,
    /// What it was about.
    pub subject: String,
    /// What was said.
    pub note: Option<String>,
    /// When it took place.
    pub occurred_at: DateTime<Utc>,
    /// Who recorded it; none when an effect did without a person.
    pub author_id: Option<UserId>,
    /// The process that it came of.
    pub process_id: Option<ProcessId>,
    /// The task that it came of.
    pub task_id: Option<TaskId>,
    /// When it was voided, because the completion that it came of was taken back (E8).
    #[serde(default)]
    pub voided_at: Option<DateTime<Utc>>,
    /// Rises with each change.
    pub version: i64,
}
