//! Notifications: what an inbox will show.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    event::{EventType, Occurrence, SubjectType},
    ids::{EntityId, NotificationId, ProcessId, TaskId, UserId},
    process::engine::snapshot,
};

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
    /// When it was read, if it was.
    pub read_at: Option<DateTime<Utc>>,
}

impl Notification {
    /// The notification once it has been read; none if it had been before.
    #[must_use]
    pub fn read(&self, now: DateTime<Utc>) -> Option<Self> {
        match self.read_at {
            None => Some(Self {
                read_at: Some(now),
                ..self.clone()
            }),
            Some(_) => None,
        }
    }

    /// What is told of its having been read.
    #[must_use]
    pub fn told_read(&self, after: &Self) -> Occurrence {
        Occurrence {
            event: EventType::NotificationRead,
            subject_type: SubjectType::Notification,
            subject_id: self.id.0,
            entity_id: Some(self.entity_id),
            before: Some(snapshot(self)),
            after: Some(snapshot(after)),
        }
    }
}
