use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ProcessTypeId,
};

use super::view::ProcessTypeView;
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
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let found = call.reads().process_type(id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let version = found.version;
    Ok(Answer::ok(&ProcessTypeView::from(found))?.version(version))
}
