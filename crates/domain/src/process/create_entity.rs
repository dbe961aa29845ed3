//! Records that a run makes (E13).

use std::collections::BTreeMap;

use super::{
    effects::Occasion,
    engine::{Engine, snapshot},
};
use crate::{
    entity::{Entity, Membership, Relation, statuses_of, team::places_for_others},
    event::{EventType, SubjectType},
    ids::{EntityId, MembershipId, RelationId},
    process_type::definition::Target,
};

impl Engine<'_> {
    /// Makes a record in its kind's first status, related to the effect's records; nothing where that record exists. What
    /// completed tasks hold for it is written to it.
    ///
    /// It is seen by whoever serves the subject (X17): it belongs to the same user team, is restricted if the subject is,
    /// and the people on the subject's teams stand on its own in the same roles. From then on the two teams live apart.
    /// Of several subjects the first counts, as it does for who sees the process.
    pub(super) fn create_entity(
        &mut self,
        kind: &str,
        name: &str,
        as_related: Option<&str>,
        relation: Option<(&str, &[EntityId])>,
        occasion: &Occasion<'_>,
    ) {
        if as_related.is_some_and(|key| self.run.process.related.contains_key(key)) {
            return;
        }
        let subjects = self.records(&Target::Subject, occasion.source.task());
        let subject = subjects.first().and_then(|id| self.entity(*id));
        let entity = Entity {
            id: EntityId(self.world.ambient.fresh_id()),
            kind: kind.to_owned(),
            name: self.rendered(name, occasion),
            status: statuses_of(kind)
                .first()
                .copied()
                .unwrap_or_default()
                .to_owned(),
            team_id: subject.and_then(|subject| subject.team_id),
            restricted: subject.is_some_and(Entity::is_restricted),
            attributes: BTreeMap::new(),
            created_at: self.now,
            version: 1,
        };
        let id = entity.id;
        self.tell_made(
            EventType::EntityCreated,
            SubjectType::Entity,
            id.0,
            id,
            snapshot(&entity),
        );
        self.changes.entities.insert(id, entity);
        if let Some(subject) = subjects.first() {
            self.take_over_team(*subject, id);
        }
        if let Some((kind, others)) = relation {
            for &other in others {
                self.relate(id, other, kind);
            }
        }
        if let Some(key) = as_related {
            self.change_process(EventType::ProcessUpdated, |process| {
                process.related.insert(key.to_owned(), id);
            });
            self.write_kept_values(key);
        }
    }

    fn take_over_team(&mut self, from: EntityId, to: EntityId) {
        let team: Vec<Membership> = places_for_others(from, &self.world.around.memberships)
            .map(|held| Membership {
                id: MembershipId(self.world.ambient.fresh_id()),
                entity_id: to,
                created_at: self.now,
                version: 1,
                ..held.clone()
            })
            .collect();
        for membership in &team {
            self.tell_made(
                EventType::MembershipCreated,
                SubjectType::Membership,
                membership.id.0,
                to,
                snapshot(membership),
            );
        }
        self.changes.memberships.extend(team);
    }

    fn relate(&mut self, from: EntityId, to: EntityId, kind: &str) {
        let relation = Relation {
            id: RelationId(self.world.ambient.fresh_id()),
            from_entity_id: from,
            to_entity_id: to,
            kind: kind.to_owned(),
            created_at: self.now,
        };
        self.tell_made(
            EventType::RelationCreated,
            SubjectType::Relation,
            relation.id.0,
            to,
            snapshot(&relation),
        );
        self.changes.relations.push(relation);
    }
}
