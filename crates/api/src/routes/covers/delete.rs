use actix_web::delete;
use domain::{
    access::cover::{CoverScope, decide_cover},
    ids::CoverId,
};

use super::{end, follow};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::IfMatch, problem::Problem, query::Path},
};

/// End a cover.
///
/// The absent person may, their managers and admins. A cover that has not begun is gone; one that has begun is over from now
/// on, and stays to be read.
#[utoipa::path(
    params(("cover_id" = Uuid, Path, description = "The cover."), IfMatch),
    responses((status = 204, description = "It holds no longer.")),
)]
#[delete("/v1/covers/{cover_id}")]
#[tracing::instrument(name = "delete_cover", skip_all)]
pub(crate) async fn delete_cover(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<CoverId>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| -> Result<Answer, Stop> {
        tx.lock_firm().await?;
        let cover = tx
            .lock_cover(id)
            .await?
            .filter(|cover| CoverScope::of(call.actor()).contains(cover))
            .ok_or_else(Problem::not_found)?;
        if_match.check(cover.version)?;
        decide_cover(call.actor(), cover.absent_id).or_denied(true)?;
        let absent = tx.reads().user(cover.absent_id).await?;
        let absent = absent.ok_or_else(|| Problem::internal("a cover for nobody"))?;
        end(tx, &cover)?.ok_or_else(|| Problem::conflict("This cover is over already."))?;
        let mut covers = tx.reads().open_covers(tx.ambient().now()).await?;
        covers.retain(|other| other.id != id);
        follow(tx, &catalog, covers, &absent, &cover).await?;
        Ok(Answer::no_content())
    })
    .await
}
