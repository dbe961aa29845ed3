use actix_web::delete;
use domain::{
    access::{starting::EntityAction, visibility::sees_entity},
    entity::Relation,
    event::{EventType, Occurrence},
    ids::{EntityId, RelationId},
    process::engine::snapshot,
};
use persistence::UnitOfWork;
use serde::Deserialize;

use super::{super::record::Record, occurrence, other_end};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Where a link stands.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Link {
    entity_id: EntityId,
    relation_id: RelationId,
}

/// Remove a link between entities.
///
/// The people on the entity's teams, managers of its user team and admins may, from either end.
#[utoipa::path(
    params(
        ("entity_id" = Uuid, Path, description = "The entity at one end."),
        ("relation_id" = Uuid, Path, description = "The link."),
    ),
    responses((status = 204, description = "Removed.")),
)]
#[delete("/v1/entities/{entity_id}/relations/{relation_id}")]
#[tracing::instrument(name = "delete_entity_relation", skip_all)]
pub(crate) async fn delete_entity_relation(
    call: Call,
    Path(link): Path<Link>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let record = Record::lock(&call, tx, &catalog, link.entity_id).await?;
        let relation = seen(&call, tx, &record, link.relation_id).await?;
        record.require(call.actor(), EntityAction::Edit)?;
        tx.delete_relation(relation.id);
        tx.record(Occurrence {
            before: Some(snapshot(&relation)),
            ..occurrence(EventType::RelationDeleted, &relation, link.entity_id)
        });
        Ok(Answer::no_content())
    })
    .await
}

/// The link, if it is one of the entity with another that the caller may see (X17).
async fn seen(
    call: &Call,
    tx: &UnitOfWork,
    record: &Record,
    id: RelationId,
) -> Result<Relation, Problem> {
    let here = record.entity.id;
    let relation = tx.reads().relation(id).await?;
    let relation = relation
        .filter(|link| link.from_entity_id == here || link.to_entity_id == here)
        .ok_or_else(Problem::not_found)?;
    let other = other_end(&relation, here);
    let team = tx.reads().team_of(&[other]).await?;
    let other = tx.reads().entity(other).await?;
    if other.is_some_and(|it| sees_entity(call.actor(), &record.catalog.firm, &it, &team)) {
        Ok(relation)
    } else {
        Err(Problem::not_found())
    }
}
