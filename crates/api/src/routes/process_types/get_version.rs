use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ProcessTypeId,
};
use serde::Deserialize;

use super::view::ProcessTypeDefinitionView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Which version of which type.
#[derive(Debug, Deserialize)]
pub(crate) struct VersionPath {
    pub(super) process_type_id: ProcessTypeId,
    pub(super) number: i32,
}

/// Read a version of a process type.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(
        ("process_type_id" = Uuid, Path, description = "The process type."),
        ("number" = i32, Path, description = "The number of the version.", minimum = 1, maximum = 2_147_483_647),
    ),
    responses((status = 200, description = "The version with what it says.", body = ProcessTypeDefinitionView)),
)]
#[get("/v1/process-types/{process_type_id}/versions/{number}")]
#[tracing::instrument(name = "get_process_type_version", skip_all)]
pub(crate) async fn get_process_type_version(
    call: Call,
    Path(path): Path<VersionPath>,
) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let id = path.process_type_id;
    let found = call.reads().process_type_version(id, path.number).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    Answer::ok(&ProcessTypeDefinitionView::new(id, found))
}
