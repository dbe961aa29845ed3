use actix_web::{HttpRequest, HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ProcessTypeId,
};

use super::get_version::VersionPath;
use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    manuals::{ManualFile, ManualPage, ManualQuery, ManualText, Source},
};

/// Read the manual of a version of a process type.
///
/// Everyone of the firm may. A page unless `format` or `Accept` asks for Markdown or PDF. The manual of a draft says that it is
/// one; a draft that cannot be read yet answers what is wrong with it.
#[utoipa::path(
    params(
        ("process_type_id" = Uuid, Path, description = "The process type."),
        ("number" = i32, Path, description = "The number of the version.", minimum = 1, maximum = 2_147_483_647),
        ManualQuery,
    ),
    responses(
        (
            status = 200,
            description = "The manual.",
            content((ManualPage = "text/html"), (ManualText = "text/markdown"), (ManualFile = "application/pdf")),
            headers(
                ("ETag" = String, description = "Changes with whatever the manual is made from."),
                ("Content-Disposition" = String, description = "A name for the file (PDF)."),
            ),
        ),
        (status = 409, description = "The process type is too long for a manual on paper."),
        (status = 422, description = "A draft that cannot be read yet: what is wrong with it."),
        (status = 503, description = "Too much is being rendered at present."),
    ),
)]
#[get("/v1/process-types/{process_type_id}/versions/{number}/manual")]
#[tracing::instrument(name = "get_process_type_version_manual", skip_all)]
pub(crate) async fn get_process_type_version_manual(
    call: Call,
    req: HttpRequest,
    Path(path): Path<VersionPath>,
    Query(query): Query<ManualQuery>,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    answer(&call, &req, &query, path.process_type_id, path.number).await
}

/// The manual of a version that the caller may read.
pub(super) async fn answer(
    call: &Call,
    req: &HttpRequest,
    query: &ManualQuery,
    id: ProcessTypeId,
    number: i32,
) -> Result<HttpResponse, Problem> {
    let version = call.reads().process_type_version(id, number).await?;
    let version = version.ok_or_else(Problem::not_found)?;
    let file_name = format!("{}-{number}", version.definition.key);
    let source = Source::of_version(call, version).await?;
    source.answer(call, req, query, &file_name).await
}
