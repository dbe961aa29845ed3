use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get};
use domain::{
    ids::ProcessTypeId,
    process_type::{ProcessType, parse},
};

use super::readable;
use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    routes::diagram::{DiagramQuery, answer, version},
};

/// Draw a process type.
///
/// Everyone of the firm may. The newest published version, or the draft while none is.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), DiagramQuery),
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
#[get("/v1/process-types/{process_type_id}/diagram")]
#[tracing::instrument(name = "get_process_type_diagram", skip_all)]
pub(crate) async fn get_process_type_diagram(
    call: Call,
    req: HttpRequest,
    Path(id): Path<ProcessTypeId>,
    Query(query): Query<DiagramQuery>,
) -> Result<HttpResponse, Problem> {
    let found = readable(&call, id).await?;
    let newest = found.published_version.or(found.draft_version);
    let number = newest.ok_or_else(Problem::not_found)?;
    drawn(&call, &req, query, &found, number).await
}

/// The diagram of one of its versions.
pub(super) async fn drawn(
    call: &Call,
    req: &HttpRequest,
    query: DiagramQuery,
    found: &ProcessType,
    number: i32,
) -> Result<HttpResponse, Problem> {
    // What is published never changes and is at hand; a draft is read as it stands now.
    let (definition, revision) = if found.draft_version == Some(number) {
        let draft = call.reads().process_type_version(found.id, number).await?;
        let draft = draft.ok_or_else(Problem::not_found)?;
        let definition = parse(&draft.definition).map_err(Problem::invalid)?;
        (Arc::new(definition), found.version)
    } else {
        let store = &call.state().store;
        let definition = store.definition(call.firm_id(), found.id, number).await?;
        (definition.ok_or_else(Problem::not_found)?, 0)
    };
    let source = version(call, found.id, number, revision, definition).await?;
    answer(call, req, query, source, None).await
}
