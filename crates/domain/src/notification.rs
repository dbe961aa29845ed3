//! Notifications: what an inbox will show.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{EntityId, NotificationId, ProcessId, TaskId, UserId};

/// One message to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Its identity.
    pub id: NotificationId,
    /// To whom.
    pub user_id: UserId,
    /// What is said.
    pub message: String,
    /// About which process.
    pub process_id: Option<ProcessId>,
    /// About which task.
    pub task_id: Option<TaskId>,
    /// About whom.
    pub entity_id: EntityId,
    /// When.
    pub created_at: DateTime<Utc>,
}
