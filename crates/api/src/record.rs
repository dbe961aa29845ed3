//! A record that a request is about, with what decides who may see it and add to it.

use std::sync::Arc;

use domain::{
    access::{
        starting::EntityFacts,
        visibility::{EntityScope, sees_entity},
    },
    entity::{Entity, Membership},
    fault::Fault,
    ids::EntityId,
    process::world::Catalog,
};
use persistence::Reads;

use crate::{call::Call, http::problem::Problem};

/// An entity with its team.
#[derive(Debug)]
pub(crate) struct Record {
    catalog: Arc<Catalog>,
    entity: Entity,
    memberships: Vec<Membership>,
}

impl Record {
    /// The record as these reads see it; refused as unknown where the caller may not see it.
    pub(crate) async fn seen(call: &Call, reads: Reads<'_>, id: EntityId) -> Result<Self, Problem> {
        let found = Self::found(call, reads, id).await?;
        found.ok_or_else(Problem::not_found)
    }

    /// The record that a body names as its `entity_id`; a fault of the body where it is not there for the caller (X17).
    pub(crate) async fn named(
        call: &Call,
        reads: Reads<'_>,
        id: EntityId,
    ) -> Result<Self, Problem> {
        let found = Self::found(call, reads, id).await?;
        found.ok_or_else(|| {
            let detail = "The firm has no such entity.";
            Problem::invalid(vec![Fault::new("/entity_id", "unknown-entity", detail)])
        })
    }

    async fn found(call: &Call, reads: Reads<'_>, id: EntityId) -> Result<Option<Self>, Problem> {
        let catalog = call.catalog().await?;
        let Some(entity) = reads.entity(id).await? else {
            return Ok(None);
        };
        let memberships = reads.team_of(&[id]).await?;
        let seen = sees_entity(call.actor(), &catalog.firm, &entity, &memberships);
        Ok(seen.then_some(Self {
            catalog,
            entity,
            memberships,
        }))
    }

    /// What the gate asks of it.
    pub(crate) fn facts(&self) -> EntityFacts<'_> {
        EntityFacts {
            firm: &self.catalog.firm,
            entity: &self.entity,
            memberships: &self.memberships,
            roles: &self.catalog.roles,
        }
    }
}

/// Which records the caller sees.
pub(crate) async fn scope_of(call: &Call) -> Result<EntityScope, Problem> {
    let catalog = call.catalog().await?;
    Ok(EntityScope::of(call.actor(), &catalog.firm))
}
