use chrono::{DateTime, Utc};
use domain::entity::{Entity, Relation};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A directed link between two entities: the first *is* `kind` the second.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityRelationView {
    id: Uuid,
    from_entity_id: Uuid,
    to_entity_id: Uuid,
    /// How the first is related to the second.
    #[schema(example = "owned_by")]
    kind: String,
    /// The entity at the other end.
    entity: RelatedEntityView,
    created_at: DateTime<Utc>,
}

/// What has to be known of the entity at the other end.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelatedEntityView {
    id: Uuid,
    #[schema(example = "account")]
    kind: String,
    #[schema(example = "Joint brokerage 77")]
    name: String,
    #[schema(example = "open")]
    status: String,
}

impl EntityRelationView {
    /// As it is seen from one of its ends.
    pub(super) fn new(relation: &Relation, other: &Entity) -> Self {
        Self {
            id: relation.id.0,
            from_entity_id: relation.from_entity_id.0,
            to_entity_id: relation.to_entity_id.0,
            kind: relation.kind.clone(),
            entity: RelatedEntityView {
                id: other.id.0,
                kind: other.kind.clone(),
                name: other.name.clone(),
                status: other.status.clone(),
            },
            created_at: relation.created_at,
        }
    }
}
