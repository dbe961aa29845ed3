//! Places on the teams of records, given to a successor.

use std::collections::BTreeMap;

use domain::{
    access::{
        starting::{EntityAction, EntityFacts, decide_entity_action},
        team::role_name,
        visibility::sees_entity,
    },
    entity::{Entity, Membership},
    ids::{EntityId, MembershipId},
    process::world::Surroundings,
};
use persistence::{Reads, StoreError, UnitOfWork};

use super::{HandingOver, Item, Kind, item};
use crate::work::{
    refresh_handed_over,
    team::{record_changed, record_joined, record_left},
};

impl HandingOver<'_> {
    pub(super) async fn teams(
        &self,
        reads: Reads<'_>,
        records: &[EntityId],
    ) -> Result<Vec<Membership>, StoreError> {
        let firm = self.catalog.firm.id.entity();
        let mut ids = records.to_vec();
        if !ids.is_empty() && !ids.contains(&firm) {
            ids.push(firm);
        }
        reads.team_of(&ids).await
    }

    /// The places that are left on a record's team; none if the record is not there for whoever asks (X17).
    pub(super) fn seats<'m>(
        &self,
        entity: &Entity,
        team: &'m [Membership],
    ) -> Vec<(&'m Membership, Item)> {
        if !sees_entity(self.actor, &self.catalog.firm, entity, team) {
            return Vec::new();
        }
        let facts = EntityFacts {
            firm: &self.catalog.firm,
            entity,
            memberships: team,
            roles: &self.catalog.roles,
        };
        let decision = decide_entity_action(EntityAction::EditTeam, self.actor, facts);
        team.iter()
            .filter(|seat| seat.entity_id == entity.id && self.order.takes(seat))
            .map(|seat| {
                let title = role_name(seat.role_id, &self.catalog.roles);
                (
                    seat,
                    item(Kind::Membership, seat.id.0, title, entity, decision.clone()),
                )
            })
            .collect()
    }

    /// Makes the places on teams as they will be by the time that work is handed over.
    pub(super) fn foresee(&self, around: &mut Surroundings) {
        let mut going: Vec<MembershipId> = Vec::new();
        for entity in around.entities.values() {
            let seats = self.seats(entity, &around.memberships);
            let allowed = seats.iter().filter(|(_, item)| item.decision.allowed);
            going.extend(allowed.map(|(seat, _)| seat.id));
        }
        for seat in &mut around.memberships {
            if going.contains(&seat.id) {
                seat.user_id = self.successor.id;
            }
        }
    }

    pub(super) async fn give_seats(
        &self,
        tx: &mut UnitOfWork,
        records: &[EntityId],
    ) -> Result<Vec<Item>, StoreError> {
        let entities = tx.lock_entities(records).await?;
        let team = self.teams(tx.reads(), records).await?;
        let mut items = Vec::new();
        let mut going: Vec<&Membership> = Vec::new();
        for entity in entities.values() {
            for (seat, item) in self.seats(entity, &team) {
                if item.decision.allowed {
                    going.push(seat);
                }
                items.push(item);
            }
        }
        if going.is_empty() {
            return Ok(items);
        }
        let ids: Vec<MembershipId> = going.iter().map(|seat| seat.id).collect();
        tx.free_memberships(&ids).await?;
        for seat in &going {
            self.take_seat(tx, seat, &team)?;
        }
        tx.settle().await?;
        let changed: BTreeMap<EntityId, Entity> = entities
            .into_iter()
            .filter(|(id, _)| going.iter().any(|seat| seat.entity_id == *id))
            .collect();
        refresh_handed_over(tx, self.catalog, self.leaving, self.successor.id, &changed).await?;
        tx.settle().await?;
        Ok(items)
    }

    /// The successor takes a place that was left. Where they hold the role already they only become its primary holder.
    fn take_seat(
        &self,
        tx: &mut UnitOfWork,
        left: &Membership,
        team: &[Membership],
    ) -> Result<(), StoreError> {
        record_left(tx, left);
        let to = self.successor.id;
        let theirs = team.iter().find(|seat| {
            seat.user_id == to && seat.entity_id == left.entity_id && seat.role_id == left.role_id
        });
        match theirs {
            Some(theirs) if left.is_primary && !theirs.is_primary => {
                let after = Membership {
                    is_primary: true,
                    version: theirs.version + 1,
                    ..theirs.clone()
                };
                tx.update_membership(&after)?;
                record_changed(tx, theirs, &after);
            }
            Some(_) => {}
            None => {
                let joined = Membership {
                    id: MembershipId(tx.ambient().fresh_id()),
                    user_id: to,
                    created_at: tx.ambient().now(),
                    version: 1,
                    ..left.clone()
                };
                tx.insert_memberships([&joined])?;
                record_joined(tx, &joined);
            }
        }
        Ok(())
    }
}
