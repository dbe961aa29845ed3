//! Who may store documents, and who may see them (X17, X18, X20).

use std::collections::BTreeMap;

use super::{
    Actor, Rule, barrier,
    decision::Decision,
    starting::{EntityAction, EntityFacts, decide_entity_action},
    visibility::WorkScope,
};
use crate::{
    document::{Document, DocumentPlace},
    entity::{Entity, Membership},
    firm::Firm,
    ids::EntityId,
};

/// Whether somebody may store a document: on a record whoever may add to it, and on none everyone but auditors.
#[must_use]
pub fn decide_upload(actor: &Actor, record: Option<EntityFacts<'_>>) -> Decision {
    match record {
        Some(facts) => decide_entity_action(EntityAction::AddTo, actor, facts),
        None => barrier::person(actor, actor.firm_id)
            .or_else(|| barrier::auditor(actor, Rule::X20))
            .unwrap_or_else(|| {
                Decision::allow(Rule::X20, "everyone but auditors stores documents")
            }),
    }
}

/// A document with everything that it belongs to.
#[derive(Debug, Clone, Copy)]
pub struct DocumentFacts<'a> {
    /// The firm and its policies.
    pub firm: &'a Firm,
    /// The document.
    pub document: &'a Document,
    /// What it is linked to, and the work whose forms name it.
    pub places: &'a [DocumentPlace],
    /// The records that it belongs or is linked to.
    pub entities: &'a BTreeMap<EntityId, Entity>,
    /// Who is on their teams.
    pub memberships: &'a [Membership],
}

/// Whether somebody may see a document: with a record or work that it belongs to, and as whoever stored it, unless every
/// record that it belongs to is kept from them. What belongs to no record yet is seen by its uploader, admins and auditors.
#[must_use]
pub fn sees_document(actor: &Actor, facts: DocumentFacts<'_>) -> bool {
    if barrier::person(actor, facts.firm.id).is_some() {
        return false;
    }
    let scope = WorkScope::of(actor, facts.firm);
    let own = facts.document.uploaded_by == Some(actor.user_id);
    let records: Vec<EntityId> = facts.document.records(facts.places).collect();
    if records.is_empty() {
        return own || scope.all_firm_work;
    }
    let seen = |id: EntityId| {
        facts
            .entities
            .get(&id)
            .is_some_and(|entity| scope.entities.contains(entity, facts.memberships))
    };
    let open = |id: EntityId| {
        facts.entities.get(&id).is_some_and(|entity| {
            barrier::restriction(actor.user_id, actor.level, entity, facts.memberships).is_none()
        })
    };
    let by_place = |place: &DocumentPlace| {
        let of_firm_work = place.of_work && place.entity_id == facts.firm.id.entity();
        let with_record = seen(place.entity_id) && (scope.all_firm_work || !of_firm_work);
        with_record || place.work_seen
    };
    facts.document.entity_id.is_some_and(seen)
        || facts.places.iter().any(by_place)
        || (own && records.into_iter().any(open))
}
