use chrono::{DateTime, Utc};
use domain::notification::Notification;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One message to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotificationView {
    id: Uuid,
    /// What is said.
    #[schema(example = "The account of Okafor Household is open.")]
    message: String,
    /// About which process.
    process_id: Option<Uuid>,
    /// About which task.
    task_id: Option<Uuid>,
    /// About whom.
    entity_id: Uuid,
    created_at: DateTime<Utc>,
    /// Null while it is unread.
    read_at: Option<DateTime<Utc>>,
}

impl From<Notification> for NotificationView {
    fn from(notification: Notification) -> Self {
        Self {
            id: notification.id.0,
            message: notification.message,
            process_id: notification.process_id.map(Uuid::from),
            task_id: notification.task_id.map(Uuid::from),
            entity_id: notification.entity_id.0,
            created_at: notification.created_at,
            read_at: notification.read_at,
        }
    }
}
