use domain::{
    attribute::{Attribute, AttributeType},
    event::{EventType, Occurrence, SubjectType},
    process::engine::snapshot,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The definition of an attribute.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttributeView {
    id: Uuid,
    /// Unique among those of its kind of entity; never changes.
    #[schema(example = "risk_profile")]
    key: String,
    /// What people call it.
    #[schema(example = "Risk profile")]
    label: String,
    /// Kind of entity that has it; `client` serves household, person, organization and trust.
    #[schema(example = "client")]
    entity_kind: String,
    value_type: AttributeType,
    /// What may be chosen, in the order in which it is offered; empty unless it is a choice.
    #[schema(example = json!(["cautious", "balanced", "bold"]))]
    options: Vec<String>,
    /// Whether it is no longer offered; values that were given stay.
    archived: bool,
    /// Rises with each change.
    #[schema(example = 1)]
    version: i64,
}

impl From<&Attribute> for AttributeView {
    fn from(attribute: &Attribute) -> Self {
        Self {
            id: attribute.id.0,
            key: attribute.key.clone(),
            label: attribute.label.clone(),
            entity_kind: attribute.entity_kind.clone(),
            value_type: attribute.value_type,
            options: attribute.options.clone(),
            archived: attribute.archived,
            version: attribute.version,
        }
    }
}

/// One of the options of a choice.
#[derive(ToSchema)]
#[schema(value_type = String, min_length = 1, max_length = 200, pattern = r"\S", example = "balanced")]
#[expect(dead_code, reason = "only its schema is of interest")]
pub(super) struct AttributeOption(String);

/// What is told of a change to a definition.
pub(super) fn told(event: EventType, before: Option<&Attribute>, after: &Attribute) -> Occurrence {
    Occurrence {
        event,
        subject_type: SubjectType::Attribute,
        subject_id: after.id.0,
        entity_id: None,
        before: before.map(snapshot),
        after: Some(snapshot(after)),
    }
}
