use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{access::cover::Cover, ids::EntityId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An absence, with those who stand in meanwhile.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cover)]
pub(crate) struct CoverView {
    id: Uuid,
    /// Who is absent.
    absent_id: Uuid,
    /// Who stands in, the preferred first; nobody: work passes the absent person over.
    cover_user_ids: Vec<Uuid>,
    /// When it begins.
    from: DateTime<Utc>,
    /// When it is over.
    until: DateTime<Utc>,
    /// Only what the absent person may do by these roles; empty: all that they may, as an owner too.
    role_ids: Vec<Uuid>,
    /// Whether it is for work on every record.
    every_entity: bool,
    /// The records that it is for, of those that the caller may see.
    entity_ids: Vec<Uuid>,
    #[schema(example = "Parental leave")]
    reason: Option<String>,
    created_at: DateTime<Utc>,
    version: i64,
}

impl CoverView {
    /// As somebody reads it who may see these records.
    pub(super) fn new(cover: Cover, seen: &BTreeSet<EntityId>) -> Self {
        Self {
            id: cover.id.0,
            absent_id: cover.absent_id.0,
            cover_user_ids: cover.cover_user_ids.into_iter().map(Uuid::from).collect(),
            from: cover.from,
            until: cover.until,
            role_ids: cover.role_ids.into_iter().map(Uuid::from).collect(),
            every_entity: cover.entity_ids.is_empty(),
            entity_ids: cover
                .entity_ids
                .into_iter()
                .filter(|id| seen.contains(id))
                .map(Uuid::from)
                .collect(),
            reason: cover.reason,
            created_at: cover.created_at,
            version: cover.version,
        }
    }
}
