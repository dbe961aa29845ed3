use std::collections::{BTreeMap, BTreeSet};

use actix_web::post;
use chrono::{DateTime, Utc};
use domain::{
    access::cover::{Cover, decide_cover, people_named},
    fault::Fault,
    ids::{CoverId, EntityId, RoleId, UserId},
    process::world::Catalog,
    user::User,
};
use persistence::UnitOfWork;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{created, follow, seen::records_seen, view::CoverView};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, json::Body, problem::Problem},
};

/// An absence, with those who stand in meanwhile.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "cover_user_ids": ["01979b9f-4c3d-7e11-8a5b-0f6d2c9e4a10"],
    "from": "2031-07-01T08:00:00Z",
    "until": "2031-07-15T17:00:00Z",
    "reason": "Parental leave"
}))]
pub(crate) struct CreateCover {
    /// Who is absent; left out: the caller.
    #[schema(value_type = Option<Uuid>)]
    absent_id: Option<UserId>,
    /// Who stands in, the preferred first; nobody: work passes the absent person over.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 20)]
    cover_user_ids: Vec<UserId>,
    /// When it begins.
    from: DateTime<Utc>,
    /// When it is over.
    until: DateTime<Utc>,
    /// Only what the absent person may do by these roles; empty: all that they may, as an owner too.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 50)]
    role_ids: Vec<RoleId>,
    /// Only for these records; empty: all.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>, max_items = 200)]
    entity_ids: Vec<EntityId>,
    /// Why the person is absent.
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"\S",
        example = "Parental leave"
    )]
    reason: Option<String>,
}

impl CreateCover {
    fn into_cover(self, id: CoverId, caller: UserId, now: DateTime<Utc>) -> Cover {
        Cover {
            id,
            absent_id: self.absent_id.unwrap_or(caller),
            cover_user_ids: self.cover_user_ids,
            from: self.from,
            until: self.until,
            role_ids: distinct(self.role_ids),
            entity_ids: distinct(self.entity_ids),
            reason: self.reason.map(|reason| reason.trim().to_owned()),
            created_at: now,
            version: 1,
        }
    }
}

fn distinct<T: Ord>(all: Vec<T>) -> Vec<T> {
    let all: BTreeSet<T> = all.into_iter().collect();
    all.into_iter().collect()
}

/// Name covers for an absence.
///
/// Everyone may for themselves, managers for the members of their teams, admins for everyone; auditors are never absent from
/// work. Whoever stands in may do what the absent person may, in that time and marked as on their behalf, but for restricted
/// records that they do not see and for what comes with a permission level. It begins and ends by itself.
#[utoipa::path(
    request_body = CreateCover,
    responses((status = 201, description = "The cover.", body = CoverView)),
)]
#[post("/v1/covers")]
#[tracing::instrument(name = "create_cover", skip_all)]
pub(crate) async fn create_cover(
    call: Call,
    Body(body): Body<CreateCover>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| -> Result<Answer, Stop> {
        call.replay()?;
        let (id, now) = (CoverId(tx.ambient().fresh_id()), tx.ambient().now());
        let cover = body.clone().into_cover(id, call.actor().user_id, now);
        decide_cover(call.actor(), cover.absent_id).or_denied(true)?;
        // Covers change one after another, so that none overlooks another.
        tx.lock_firm().await?;
        let absent = checked(&call, tx, &catalog, &cover).await?;
        tx.insert_cover(&cover)?;
        tx.record(created(&cover));
        let mut covers = tx.reads().open_covers(now).await?;
        covers.push(cover.clone());
        follow(tx, &catalog, covers, &absent, &cover).await?;
        let location = format!("/v1/covers/{id}");
        let seen = cover.entity_ids.iter().copied().collect();
        let view = CoverView::new(cover, &seen);
        Ok(Answer::created(location, &view)?.version(1))
    })
    .await
}

/// The absent person, when nothing stands against the cover.
async fn checked(
    call: &Call,
    tx: &UnitOfWork,
    catalog: &Catalog,
    cover: &Cover,
) -> Result<User, Problem> {
    let named: Vec<UserId> = people_named(std::slice::from_ref(cover)).collect();
    let people = tx.reads().users(&named).await?;
    let mut people: BTreeMap<UserId, User> =
        people.into_iter().map(|user| (user.id, user)).collect();
    let mut faults = cover.faults(tx.ambient().now(), &people);
    for (place, id) in cover.role_ids.iter().enumerate() {
        if !catalog.roles.iter().any(|role| role.id == *id) {
            let detail = "There is no such role.";
            faults.push(Fault::new(
                format!("/role_ids/{place}"),
                "unknown-role",
                detail,
            ));
        }
    }
    let seen = records_seen(call, tx.reads(), &cover.entity_ids).await?;
    for (place, id) in cover.entity_ids.iter().enumerate() {
        if !seen.contains(id) {
            let detail = "There is no such record.";
            let pointer = format!("/entity_ids/{place}");
            faults.push(Fault::new(pointer, "unknown-entity", detail));
        }
    }
    match people.remove(&cover.absent_id) {
        Some(absent) if faults.is_empty() => Ok(absent),
        Some(_) | None => Err(Problem::invalid(faults)),
    }
}
