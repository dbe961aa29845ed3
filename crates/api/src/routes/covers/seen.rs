use std::collections::BTreeSet;

use domain::{
    access::{cover::Cover, visibility::sees_entity},
    ids::EntityId,
};
use persistence::Reads;

use crate::{call::Call, http::problem::Problem};

/// Those of these records that the caller may see.
pub(super) async fn records_seen(
    call: &Call,
    reads: Reads<'_>,
    ids: &[EntityId],
) -> Result<BTreeSet<EntityId>, Problem> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let catalog = call.catalog().await?;
    let entities = reads.entities(ids).await?;
    let memberships = reads.team_of(ids).await?;
    Ok(entities
        .into_iter()
        .filter(|(_, entity)| sees_entity(call.actor(), &catalog.firm, entity, &memberships))
        .map(|(id, _)| id)
        .collect())
}

/// Those of the records that covers name that the caller may see.
pub(super) async fn records_of<'c>(
    call: &Call,
    covers: impl IntoIterator<Item = &'c Cover>,
) -> Result<BTreeSet<EntityId>, Problem> {
    let named: BTreeSet<EntityId> = covers
        .into_iter()
        .flat_map(|cover| cover.entity_ids.iter().copied())
        .collect();
    let named: Vec<EntityId> = named.into_iter().collect();
    records_seen(call, call.reads(), &named).await
}
