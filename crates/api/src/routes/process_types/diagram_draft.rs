use actix_web::{HttpRequest, HttpResponse, get};
use domain::ids::ProcessTypeId;

use super::{diagram::drawn, readable};
use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    routes::diagram::DiagramQuery,
};

/// Draw the draft of a process type.
///
/// Everyone of the firm may. It need not be sound yet.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), DiagramQuery),
    responses(
        (status = 200, description = "The diagram; 404 while there is no draft.", headers(("ETag" = String, description = "Digest of the text.")), content(
            (String = "image/svg+xml"),
            (String = "text/vnd.mermaid"),
            (String = "application/bpmn+xml"),
        )),
        (status = 409, description = "It is too large to be drawn."),
        (status = 503, description = "Too many diagrams are being drawn."),
        (status = 422, description = "It is too unfinished to be drawn; `errors` says why."),
    ),
)]
#[get("/v1/process-types/{process_type_id}/draft/diagram")]
#[tracing::instrument(name = "get_process_type_draft_diagram", skip_all)]
pub(crate) async fn get_process_type_draft_diagram(
    call: Call,
    req: HttpRequest,
    Path(id): Path<ProcessTypeId>,
    Query(query): Query<DiagramQuery>,
) -> Result<HttpResponse, Problem> {
    let found = readable(&call, id).await?;
    let number = found.draft_version.ok_or_else(Problem::not_found)?;
    drawn(&call, &req, query, &found, number).await
}
