use actix_web::{HttpRequest, HttpResponse, get};

use super::{diagram::drawn, get_version::VersionPath, readable};
use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    routes::diagram::DiagramQuery,
};

/// Draw a version of a process type.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(
        ("process_type_id" = Uuid, Path, description = "The process type."),
        ("number" = i32, Path, description = "The number of the version.", minimum = 1, maximum = 2_147_483_647),
        DiagramQuery,
    ),
    responses(
        (status = 200, description = "The diagram.", headers(("ETag" = String, description = "Digest of the text.")), content(
            (String = "image/svg+xml"),
            (String = "text/vnd.mermaid"),
            (String = "application/bpmn+xml"),
        )),
        (status = 409, description = "It is too large to be drawn."),
        (status = 503, description = "Too many diagrams are being drawn."),
        (status = 422, description = "It is too unfinished to be drawn; `errors` says why."),
    ),
)]
#[get("/v1/process-types/{process_type_id}/versions/{number}/diagram")]
#[tracing::instrument(name = "get_process_type_version_diagram", skip_all)]
pub(crate) async fn get_process_type_version_diagram(
    call: Call,
    req: HttpRequest,
    Path(path): Path<VersionPath>,
    Query(query): Query<DiagramQuery>,
) -> Result<HttpResponse, Problem> {
    let found = readable(&call, path.process_type_id).await?;
    drawn(&call, &req, query, &found, path.number).await
}
