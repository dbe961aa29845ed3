use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    attribute::{Attribute, AttributeType},
    event::EventType,
    ids::AttributeId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::view::{AttributeOption, AttributeView, told};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem},
};

/// A new definition: of a choice, with its options, or of anything else, without.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({
    "key": "risk_profile",
    "label": "Risk profile",
    "entity_kind": "client",
    "value_type": "choice",
    "options": ["cautious", "balanced", "bold"]
}))]
pub(crate) enum CreateAttribute {
    /// Of any type without options.
    Plain(CreatePlainAttribute),
    /// With options to choose from.
    Choice(CreateChoiceAttribute),
}

/// The definition of a choice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateChoiceAttribute {
    /// Unique among those of its kind of entity; never changes.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "risk_profile")]
    key: String,
    /// What people call it.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Risk profile"
    )]
    label: String,
    /// Kind of entity that has it; `client` serves household, person, organization and trust. Never changes.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "client")]
    entity_kind: String,
    value_type: ChoiceType,
    /// What may be chosen, in the order in which it is offered.
    #[schema(
        value_type = std::collections::BTreeSet<AttributeOption>,
        min_items = 1,
        max_items = 500,
        example = json!(["cautious", "balanced", "bold"])
    )]
    options: Vec<String>,
}

/// The definition of anything but a choice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreatePlainAttribute {
    /// Unique among those of its kind of entity; never changes.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "anniversary")]
    key: String,
    /// What people call it.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Anniversary"
    )]
    label: String,
    /// Kind of entity that has it; `client` serves household, person, organization and trust. Never changes.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "person")]
    entity_kind: String,
    value_type: PlainType,
    /// Empty, if given.
    #[serde(default)]
    #[schema(value_type = Option<Vec<AttributeOption>>, max_items = 0, nullable = false)]
    options: Vec<String>,
}

/// Types of attribute whose values are chosen.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChoiceType {
    Choice,
    MultiChoice,
}

/// Types of attribute without options.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlainType {
    Text,
    Number,
    Money,
    Date,
    Boolean,
    User,
    Entity,
}

impl CreateAttribute {
    fn define(&self, id: Uuid) -> Attribute {
        let (key, label, entity_kind, value_type, options) = match self {
            Self::Choice(body) => (
                &body.key,
                &body.label,
                &body.entity_kind,
                body.value_type.into(),
                &body.options,
            ),
            Self::Plain(body) => (
                &body.key,
                &body.label,
                &body.entity_kind,
                body.value_type.into(),
                &body.options,
            ),
        };
        Attribute {
            id: AttributeId(id),
            key: key.clone(),
            label: label.trim().to_owned(),
            entity_kind: entity_kind.clone(),
            value_type,
            options: options
                .iter()
                .map(|option| option.trim().to_owned())
                .collect(),
            archived: false,
            version: 1,
        }
    }
}

impl From<ChoiceType> for AttributeType {
    fn from(chosen: ChoiceType) -> Self {
        match chosen {
            ChoiceType::Choice => Self::Choice,
            ChoiceType::MultiChoice => Self::MultiChoice,
        }
    }
}

impl From<PlainType> for AttributeType {
    fn from(plain: PlainType) -> Self {
        match plain {
            PlainType::Text => Self::Text,
            PlainType::Number => Self::Number,
            PlainType::Money => Self::Money,
            PlainType::Date => Self::Date,
            PlainType::Boolean => Self::Boolean,
            PlainType::User => Self::User,
            PlainType::Entity => Self::Entity,
        }
    }
}

/// Define an attribute.
///
/// Designers and admins may.
#[utoipa::path(
    request_body = CreateAttribute,
    responses((status = 201, description = "The definition.", body = AttributeView)),
)]
#[post("/v1/attributes")]
#[tracing::instrument(name = "create_attribute", skip_all)]
pub(crate) async fn create_attribute(
    call: Call,
    Body(body): Body<CreateAttribute>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let attribute = body.define(tx.ambient().fresh_id());
        let faults = attribute.check();
        if !faults.is_empty() {
            return Err(faults.into());
        }
        tx.insert_attribute(&attribute)?;
        tx.record(told(EventType::AttributeCreated, None, &attribute));
        let location = format!("/v1/attributes/{}", attribute.id);
        let answer = Answer::created(location, &AttributeView::from(&attribute))?;
        Ok(answer.version(attribute.version))
    })
    .await
}
