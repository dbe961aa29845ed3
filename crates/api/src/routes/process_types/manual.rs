use actix_web::{HttpRequest, HttpResponse, get};
use domain::ids::ProcessTypeId;

use super::{manual_version, readable};
use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    manuals::{ManualFile, ManualPage, ManualQuery, ManualText},
};

/// Read the manual of a process type.
///
/// Everyone of the firm may. It is that of the newest published version: a page unless `format` or `Accept` asks for Markdown
/// or PDF.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), ManualQuery),
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
        (status = 503, description = "Too much is being rendered at present."),
    ),
)]
#[get("/v1/process-types/{process_type_id}/manual")]
#[tracing::instrument(name = "get_process_type_manual", skip_all)]
pub(crate) async fn get_process_type_manual(
    call: Call,
    req: HttpRequest,
    Path(id): Path<ProcessTypeId>,
    Query(query): Query<ManualQuery>,
) -> Result<HttpResponse, Problem> {
    let newest = readable(&call, id).await?.published_version;
    let number = newest.ok_or_else(Problem::not_found)?;
    manual_version::answer(&call, &req, &query, id, number).await
}
