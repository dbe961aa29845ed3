use actix_web::get;
use domain::ids::ProcessTypeId;

use super::{readable, view::ProcessTypeView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read a process type.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type.")),
    responses((status = 200, description = "The process type.", body = ProcessTypeView)),
)]
#[get("/v1/process-types/{process_type_id}")]
#[tracing::instrument(name = "get_process_type", skip_all)]
pub(crate) async fn get_process_type(
    call: Call,
    Path(id): Path<ProcessTypeId>,
) -> Result<Answer, Problem> {
    let found = readable(&call, id).await?;
    let version = found.version;
    Ok(Answer::ok(&ProcessTypeView::from(found))?.version(version))
}
