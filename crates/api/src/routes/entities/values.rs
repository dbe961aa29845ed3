//! Values for attributes in a body, and the people and records that they name.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, visibility::sees_entity},
    entity::{
        Entity,
        attributes::{Given, given_to, named},
    },
    fault::Fault,
    process::world::{Catalog, Surroundings},
    value::FieldValue,
};
use persistence::{Reads, StoreError};
use serde_json::json;
use utoipa::openapi::Schema;

use crate::http::patch::values_schema;

pub(super) fn patch_schema() -> Schema {
    values_schema(
        "Values by the keys of attributes; null clears one, those left out stay.",
        json!({"risk_profile": "Growth", "nickname": null}),
    )
}

/// The record's values once these are given to it, or every fault. Records that the caller may not see do not exist (X17).
pub(in crate::routes) async fn checked(
    reads: Reads<'_>,
    actor: &Actor,
    catalog: &Catalog,
    entity: &Entity,
    given: &Given,
) -> Result<Result<BTreeMap<String, FieldValue>, Vec<Fault>>, StoreError> {
    let named = named(&catalog.attributes, &entity.kind, given);
    let mut around = Surroundings::default();
    if !named.users.is_empty() || !named.entities.is_empty() {
        let entities: Vec<_> = named.entities.into_iter().collect();
        let users: Vec<_> = named.users.into_iter().collect();
        around.entities = reads.entities(&entities).await?;
        let (memberships, people) = reads.people_around(&entities, &users).await?;
        around
            .entities
            .retain(|_, other| sees_entity(actor, &catalog.firm, other, &memberships));
        around.people = people;
    }
    Ok(given_to(entity, given, &catalog.attributes, &around))
}
