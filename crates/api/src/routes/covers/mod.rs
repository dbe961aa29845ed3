//! `/v1/covers`: who is absent, and who stands in meanwhile (X10).

use domain::{
    access::cover::{Cover, Ending},
    event::{EventType, Occurrence, SubjectType},
    process::{engine::snapshot, world::Catalog},
    user::User,
};
use persistence::{StoreError, UnitOfWork};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::work::refresh_covering;

mod create;
mod delete;
mod get;
mod list;
mod seen;
mod view;

pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(list::list_covers)
        .service(create::create_cover)
        .service(get::get_cover)
        .service(delete::delete_cover);
}

fn created(cover: &Cover) -> Occurrence {
    Occurrence {
        event: EventType::CoverCreated,
        subject_type: SubjectType::Cover,
        subject_id: cover.id.0,
        entity_id: None,
        before: None,
        after: Some(snapshot(cover)),
    }
}

fn ended(before: &Cover, after: &Cover) -> Occurrence {
    Occurrence {
        event: EventType::CoverEnded,
        before: Some(snapshot(before)),
        ..created(after)
    }
}

fn deleted(cover: &Cover) -> Occurrence {
    Occurrence {
        event: EventType::CoverDeleted,
        before: Some(snapshot(cover)),
        after: None,
        ..created(cover)
    }
}

/// The firm's covers as they are now are `covers`: brings up to date what those may execute who are concerned.
async fn follow(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    covers: Vec<Cover>,
    absent: &User,
    changed: &Cover,
) -> Result<(), StoreError> {
    let catalog = Catalog {
        covers,
        ..catalog.clone()
    };
    refresh_covering(tx, &catalog, absent, &changed.cover_user_ids).await
}

/// Ends one cover, or withdraws it if it has not begun, and tells so; none when it is over already.
fn end(tx: &mut UnitOfWork, cover: &Cover) -> Result<Option<()>, StoreError> {
    match cover.end(tx.ambient().now()) {
        Ending::Withdrawn => {
            tx.delete_cover(cover.id);
            tx.record(deleted(cover));
        }
        Ending::Ended(after) => {
            tx.update_cover(&after)?;
            tx.record(ended(cover, &after));
        }
        Ending::OverAlready => return Ok(None),
    }
    Ok(Some(()))
}

/// Ends every cover for a person who may no longer execute anything (X13), and brings up to date what those may execute who
/// stood in.
pub(super) async fn end_all_of(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    gone: &User,
) -> Result<(), StoreError> {
    tx.lock_firm().await?;
    let now = tx.ambient().now();
    let (theirs, covers): (Vec<Cover>, Vec<Cover>) = tx
        .reads()
        .open_covers(now)
        .await?
        .into_iter()
        .partition(|cover| cover.absent_id == gone.id);
    for cover in &theirs {
        end(tx, cover)?;
    }
    let mut standing_in: Vec<_> = theirs
        .into_iter()
        .flat_map(|cover| cover.cover_user_ids)
        .collect();
    standing_in.sort_unstable();
    standing_in.dedup();
    let catalog = Catalog {
        covers,
        ..catalog.clone()
    };
    refresh_covering(tx, &catalog, gone, &standing_in).await
}
