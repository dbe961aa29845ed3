//! A record with those who stand around it: what every question about it is answered from.

use std::sync::Arc;

use domain::{
    access::{
        Actor,
        starting::{EntityAction, EntityFacts, decide_entity_action},
        visibility::sees_entity,
    },
    entity::{Entity, Membership},
    ids::{EntityId, MembershipId, UserId},
    process::world::Catalog,
};
use persistence::{Reads, UnitOfWork};

use crate::{call::Call, http::problem::Problem};

/// A record that the caller was found to see.
pub(super) struct Record {
    pub(super) catalog: Arc<Catalog>,
    pub(super) entity: Entity,
    /// Who holds what on it and on the firm.
    pub(super) memberships: Vec<Membership>,
}

impl Record {
    /// Reads a record to show it; 404 unless the caller sees it (X17), else it is noted that they do (X19).
    pub(super) async fn read(call: &Call, id: EntityId) -> Result<Self, Problem> {
        let record = Self::look(call, id).await?;
        call.shows(&record.catalog, [id]).await?;
        Ok(record)
    }

    /// Reads a record of which nothing is shown; 404 unless the caller sees it (X17).
    pub(super) async fn look(call: &Call, id: EntityId) -> Result<Self, Problem> {
        let catalog = call.catalog().await?;
        let found = call.reads().entity(id).await?;
        Self::around(call.actor(), call.reads(), &catalog, found).await
    }

    /// Reads a record and holds it until the end of the change; 404 unless the caller sees it (X17).
    pub(super) async fn lock(
        call: &Call,
        tx: &UnitOfWork,
        catalog: &Arc<Catalog>,
        id: EntityId,
    ) -> Result<Self, Problem> {
        let found = tx.lock_entity(id).await?;
        Self::around(call.actor(), tx.reads(), catalog, found).await
    }

    async fn around(
        actor: &Actor,
        reads: Reads<'_>,
        catalog: &Arc<Catalog>,
        found: Option<Entity>,
    ) -> Result<Self, Problem> {
        let entity = found.ok_or_else(Problem::not_found)?;
        let firm = catalog.firm.id.entity();
        let memberships = if entity.id == firm {
            reads.team_of(&[firm]).await?
        } else {
            reads.team_of(&[entity.id, firm]).await?
        };
        if !sees_entity(actor, &catalog.firm, &entity, &memberships) {
            return Err(Problem::not_found());
        }
        Ok(Self {
            catalog: Arc::clone(catalog),
            entity,
            memberships,
        })
    }

    /// Whether it is the firm's own.
    pub(super) fn is_firm(&self) -> bool {
        self.entity.id == self.catalog.firm.id.entity()
    }

    /// The places of somebody on its team.
    pub(super) fn places_of(&self, user: UserId) -> impl Iterator<Item = &Membership> {
        self.memberships
            .iter()
            .filter(move |held| held.entity_id == self.entity.id && held.user_id == user)
    }

    /// A place on its team.
    pub(super) fn place(&self, id: MembershipId) -> Result<&Membership, Problem> {
        self.memberships
            .iter()
            .find(|held| held.entity_id == self.entity.id && held.id == id)
            .ok_or_else(Problem::not_found)
    }

    /// Refuses what the caller may not do to it (X20).
    pub(super) fn require(&self, actor: &Actor, action: EntityAction) -> Result<(), Problem> {
        let facts = EntityFacts {
            firm: &self.catalog.firm,
            entity: &self.entity,
            memberships: &self.memberships,
            roles: &self.catalog.roles,
        };
        decide_entity_action(action, actor, facts).or_denied(true)?;
        Ok(())
    }
}
