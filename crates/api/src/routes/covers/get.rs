use actix_web::get;
use domain::{access::cover::CoverScope, ids::CoverId};

use super::{seen::records_of, view::CoverView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read a cover.
///
/// The absent person may, whoever stands in, their managers, admins and auditors.
#[utoipa::path(
    params(("cover_id" = Uuid, Path, description = "The cover.")),
    responses((status = 200, description = "The cover.", body = CoverView)),
)]
#[get("/v1/covers/{cover_id}")]
#[tracing::instrument(name = "get_cover", skip_all)]
pub(crate) async fn get_cover(call: Call, Path(id): Path<CoverId>) -> Result<Answer, Problem> {
    let cover = call
        .reads()
        .cover(id)
        .await?
        .filter(|cover| CoverScope::of(call.actor()).contains(cover))
        .ok_or_else(Problem::not_found)?;
    let seen = records_of(&call, [&cover]).await?;
    let version = cover.version;
    Ok(Answer::ok(&CoverView::new(cover, &seen))?.version(version))
}
