use chrono::{DateTime, Utc};
use domain::{
    attribute::{Attribute, AttributeType, find},
    entity::Entity,
    value::FieldValue,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A household, person, account … or the firm itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityView {
    id: Uuid,
    /// `household`, `person`, `organization`, `trust`, `account`, `center_of_influence`, `employee`, `equipment`, `firm`, or
    /// a word of the firm's own. It never changes.
    #[schema(example = "household")]
    kind: String,
    #[schema(example = "Okafor Household")]
    name: String,
    /// One of its kind's: `prospect`, `client`, `former`; for accounts `pending`, `open`, `restricted`, `closed`; else
    /// `active`, `inactive`.
    #[schema(example = "client")]
    status: String,
    /// The team of users that it belongs to: they see it, and their managers run it.
    team_id: Option<Uuid>,
    /// Whether only the people on its teams and auditors see it. Records of kind `employee` always are.
    restricted: bool,
    /// Its attributes that have a value, by key.
    attributes: Vec<EntityAttributeView>,
    created_at: DateTime<Utc>,
    /// Rises with each change.
    #[schema(example = 1)]
    version: i64,
}

/// An attribute of an entity with its present value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityAttributeView {
    #[schema(example = "risk_profile")]
    key: String,
    #[schema(example = "Risk profile")]
    label: String,
    #[serde(rename = "type")]
    value_type: AttributeType,
    value: FieldValue,
}

impl EntityView {
    /// As whoever may see it sees it.
    pub(super) fn new(entity: &Entity, definitions: &[Attribute]) -> Self {
        let attributes = entity.attributes.iter().filter_map(|(key, value)| {
            find(definitions, &entity.kind, key).map(|definition| EntityAttributeView {
                key: key.clone(),
                label: definition.label.clone(),
                value_type: definition.value_type,
                value: value.clone(),
            })
        });
        Self {
            id: entity.id.0,
            kind: entity.kind.clone(),
            name: entity.name.clone(),
            status: entity.status.clone(),
            team_id: entity.team_id.map(Uuid::from),
            restricted: entity.is_restricted(),
            attributes: attributes.collect(),
            created_at: entity.created_at,
            version: entity.version,
        }
    }
}
