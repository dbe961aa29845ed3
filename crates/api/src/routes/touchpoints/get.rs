use actix_web::get;
use domain::ids::TouchpointId;

use super::view::TouchpointView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
    record::Record,
};

/// Read a touchpoint.
///
/// Whoever may see its entity may.
#[utoipa::path(
    params(("touchpoint_id" = Uuid, Path, description = "The touchpoint.")),
    responses((status = 200, description = "The touchpoint.", body = TouchpointView)),
)]
#[get("/v1/touchpoints/{touchpoint_id}")]
#[tracing::instrument(name = "get_touchpoint", skip_all)]
pub(crate) async fn get_touchpoint(
    call: Call,
    Path(id): Path<TouchpointId>,
) -> Result<Answer, Problem> {
    let found = call.reads().touchpoint(id).await?;
    let touchpoint = found.ok_or_else(Problem::not_found)?;
    Record::seen(&call, call.reads(), touchpoint.entity_id).await?;
    let catalog = call.catalog().await?;
    call.shows(&catalog, [touchpoint.entity_id]).await?;
    Ok(Answer::ok(&TouchpointView::from(&touchpoint))?.version(touchpoint.version))
}
