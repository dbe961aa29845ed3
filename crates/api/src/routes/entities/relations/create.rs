use actix_web::post;
use domain::{
    access::{starting::EntityAction, visibility::sees_entity},
    entity::{Entity, Relation},
    event::{EventType, Occurrence},
    fault::Fault,
    ids::{EntityId, RelationId},
    process::engine::snapshot,
};
use persistence::UnitOfWork;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{super::record::Record, occurrence, view::EntityRelationView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem, query::Path},
};

/// A new link from an entity to another.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateEntityRelation {
    /// The other entity.
    #[schema(example = "01979b9f-4c3d-7e11-8a5b-0f6d2c9e4a12")]
    to_entity_id: Uuid,
    /// How the entity in the path is related to it.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "owned_by")]
    kind: String,
}

/// Link an entity to another.
///
/// The people on its teams, managers of its user team and admins may, if they see the other, too.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The entity from which the link goes.")),
    request_body = CreateEntityRelation,
    responses((status = 201, description = "The link.", body = EntityRelationView)),
)]
#[post("/v1/entities/{entity_id}/relations")]
#[tracing::instrument(name = "create_entity_relation", skip_all)]
pub(crate) async fn create_entity_relation(
    call: Call,
    Path(id): Path<EntityId>,
    Body(body): Body<CreateEntityRelation>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let record = Record::lock(&call, tx, &catalog, id).await?;
        call.replay()?;
        record.require(call.actor(), EntityAction::Edit)?;
        let other = body.other(&call, tx, &record).await?;
        let relation = Relation {
            id: RelationId(tx.ambient().fresh_id()),
            from_entity_id: id,
            to_entity_id: other.id,
            kind: body.kind.clone(),
            created_at: tx.ambient().now(),
        };
        tx.insert_relations([&relation]);
        tx.record(Occurrence {
            after: Some(snapshot(&relation)),
            ..occurrence(EventType::RelationCreated, &relation, id)
        });
        let location = format!("/v1/entities/{id}/relations/{}", relation.id);
        let view = EntityRelationView::new(&relation, &other);
        Ok(Answer::created(location, &view)?)
    })
    .await
}

impl CreateEntityRelation {
    /// The other entity; one that the caller may not see does not exist (X17).
    async fn other(
        &self,
        call: &Call,
        tx: &UnitOfWork,
        record: &Record,
    ) -> Result<Entity, Problem> {
        let refuse = |code, detail| {
            let fault = Fault::new("/to_entity_id", code, detail);
            Err(Problem::invalid(vec![fault]))
        };
        let id = EntityId(self.to_entity_id);
        if id == record.entity.id {
            return refuse("not-allowed", "An entity is not related to itself.");
        }
        let team = tx.reads().team_of(&[id]).await?;
        let other = tx.reads().entity(id).await?;
        match other.filter(|it| sees_entity(call.actor(), &record.catalog.firm, it, &team)) {
            Some(other) => Ok(other),
            None => refuse("unknown-reference", "There is no such entity."),
        }
    }
}
