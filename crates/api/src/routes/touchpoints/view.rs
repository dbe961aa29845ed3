use chrono::{DateTime, Utc};
use domain::touchpoint::Touchpoint;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One contact with a client, or a note about one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TouchpointView {
    id: Uuid,
    /// With whom.
    entity_id: Uuid,
    /// `call`, `meeting`, `email`, `letter`, `note`, `other`, or what a workflow of the firm calls it.
    #[schema(example = "call")]
    touchpoint_type: String,
    /// What it was about.
    #[schema(example = "Welcome call")]
    subject: String,
    /// What was said.
    note: Option<String>,
    /// When it took place.
    occurred_at: DateTime<Utc>,
    /// Who recorded it; null when a workflow did.
    author_id: Option<Uuid>,
    /// The process that it came of.
    process_id: Option<Uuid>,
    /// The task that it came of.
    task_id: Option<Uuid>,
    /// When it was voided, because the completion that it came of was taken back; null: it stands.
    voided_at: Option<DateTime<Utc>>,
    /// Rises with each change.
    #[schema(example = 1)]
    version: i64,
}

impl From<&Touchpoint> for TouchpointView {
    fn from(touchpoint: &Touchpoint) -> Self {
        Self {
            id: touchpoint.id.0,
            entity_id: touchpoint.entity_id.0,
            touchpoint_type: touchpoint.touchpoint_type.clone(),
            subject: touchpoint.subject.clone(),
            note: touchpoint.note.clone(),
            occurred_at: touchpoint.occurred_at,
            author_id: touchpoint.author_id.map(Uuid::from),
            process_id: touchpoint.process_id.map(Uuid::from),
            task_id: touchpoint.task_id.map(Uuid::from),
            voided_at: touchpoint.voided_at,
            version: touchpoint.version,
        }
    }
}
