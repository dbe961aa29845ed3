use chrono::{DateTime, Utc};
use domain::{
    audit::{Agent, Entry},
    event::event_id,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::problem::Problem;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventView {
    /// The same whenever and however the event is delivered.
    id: Uuid,
    /// Its number in the firm, rising by one from event to event; those that the caller may not see are left out.
    #[schema(example = 1042)]
    sequence: i64,
    /// What happened. New types may be added.
    #[schema(example = "task.completed")]
    #[serde(rename = "type")]
    event_type: &'static str,
    occurred_at: DateTime<Utc>,
    actor: ActorView,
    subject: SubjectView,
    /// The entity whose record or work it is; null for the firm's set-up.
    entity_id: Option<Uuid>,
    /// Members of the subject that differ from before; empty when it was made or deleted.
    #[schema(example = json!(["status", "version"]))]
    changed: Vec<String>,
    /// The whole subject as it became or, when it was deleted, as it was.
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

/// Who changed something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActorView {
    /// `user`, or `system` for Baton itself.
    #[schema(example = "user")]
    #[serde(rename = "type")]
    actor_type: &'static str,
    /// The user; null for the system.
    id: Option<Uuid>,
}

/// What was changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubjectView {
    /// What kind of thing it is.
    #[schema(example = "task")]
    #[serde(rename = "type")]
    subject_type: &'static str,
    id: Uuid,
}

impl EventView {
    /// The event of an entry of the trail.
    pub(in crate::routes) fn new(entry: Entry) -> Result<Self, Problem> {
        Ok(Self {
            id: event_id(entry.firm_id, entry.sequence),
            sequence: entry.sequence,
            event_type: entry.action.as_str(),
            occurred_at: entry.occurred_at,
            actor: ActorView::from(entry.origin.agent),
            subject: SubjectView::of(&entry),
            entity_id: entry.entity_id.map(Uuid::from),
            data: kept(entry.after.or(entry.before))?,
            changed: entry.changed,
        })
    }
}

impl From<Agent> for ActorView {
    fn from(agent: Agent) -> Self {
        match agent {
            Agent::User { id } => Self {
                actor_type: "user",
                id: Some(id.0),
            },
            Agent::System => Self {
                actor_type: "system",
                id: None,
            },
        }
    }
}

impl SubjectView {
    /// What an entry is about.
    pub(in crate::routes) fn of(entry: &Entry) -> Self {
        Self {
            subject_type: entry.subject_type.as_str(),
            id: entry.subject_id,
        }
    }
}

/// JSON as the trail keeps it.
pub(in crate::routes) fn kept(text: Option<String>) -> Result<Option<Value>, Problem> {
    text.map(|text| serde_json::from_str(&text).map_err(Problem::internal))
        .transpose()
}
