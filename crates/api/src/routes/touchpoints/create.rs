use actix_web::post;
use chrono::{DateTime, SubsecRound as _, Utc};
use domain::{
    access::starting::{EntityAction, decide_entity_action},
    ambient::Ambient,
    event::{EventType, Occurrence, SubjectType},
    ids::{EntityId, TouchpointId, UserId},
    process::engine::snapshot,
    touchpoint::Touchpoint,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::TouchpointView;
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem},
    record::Record,
};

/// A contact to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTouchpoint {
    /// With whom.
    #[schema(value_type = uuid::Uuid)]
    entity_id: EntityId,
    touchpoint_type: TouchpointType,
    /// What it was about.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Annual review"
    )]
    subject: String,
    /// What was said.
    #[schema(max_length = 20000, example = "Wants to retire two years earlier.")]
    note: Option<String>,
    /// When it took place; now unless told otherwise.
    #[schema(nullable = false)]
    occurred_at: Option<DateTime<Utc>>,
}

/// How the contact took place.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TouchpointType {
    Call,
    Meeting,
    Email,
    Letter,
    Note,
    Other,
}

impl TouchpointType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Meeting => "meeting",
            Self::Email => "email",
            Self::Letter => "letter",
            Self::Note => "note",
            Self::Other => "other",
        }
    }
}

impl CreateTouchpoint {
    fn made(&self, author: UserId, ambient: &dyn Ambient) -> Touchpoint {
        let note = self.note.as_deref().map(str::trim);
        let occurred_at = self.occurred_at.unwrap_or_else(|| ambient.now());
        Touchpoint {
            id: TouchpointId(ambient.fresh_id()),
            entity_id: self.entity_id,
            touchpoint_type: self.touchpoint_type.as_str().to_owned(),
            subject: self.subject.trim().to_owned(),
            note: note.filter(|note| !note.is_empty()).map(str::to_owned),
            // The databases keep microseconds.
            occurred_at: occurred_at.trunc_subsecs(6),
            author_id: Some(author),
            process_id: None,
            task_id: None,
            voided_at: None,
            version: 1,
        }
    }
}

/// Record a contact.
///
/// Whoever may see the entity may, but no auditor.
#[utoipa::path(
    request_body = CreateTouchpoint,
    responses((status = 201, description = "The touchpoint.", body = TouchpointView)),
)]
#[post("/v1/touchpoints")]
#[tracing::instrument(name = "create_touchpoint", skip_all)]
pub(crate) async fn create_touchpoint(
    call: Call,
    Body(body): Body<CreateTouchpoint>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let record = Record::named(&call, tx.reads(), body.entity_id).await?;
        call.replay()?;
        decide_entity_action(EntityAction::AddTo, call.actor(), record.facts()).or_denied(true)?;
        let touchpoint = body.made(call.actor().user_id, tx.ambient());
        tx.insert_touchpoints(std::slice::from_ref(&touchpoint));
        tx.record(Occurrence {
            event: EventType::TouchpointCreated,
            subject_type: SubjectType::Touchpoint,
            subject_id: touchpoint.id.0,
            entity_id: Some(touchpoint.entity_id),
            before: None,
            after: Some(snapshot(&touchpoint)),
        });
        let location = format!("/v1/touchpoints/{}", touchpoint.id);
        let answer = Answer::created(location, &TouchpointView::from(&touchpoint))?;
        Ok(answer.version(touchpoint.version))
    })
    .await
}
