use actix_web::{HttpRequest, HttpResponse, get};
use domain::access::starting::{FirmAction, decide_firm_action};
use library::find;

use crate::{
    call::Call,
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    manuals::{ManualFile, ManualPage, ManualQuery, ManualText, Source},
};

/// Read the manual of a workflow of the library.
///
/// Everyone of the firm may. A page unless `format` or `Accept` asks for Markdown or PDF.
#[utoipa::path(
    params(
        ("slug" = String, Path, description = "The workflow.", pattern = "^[a-z0-9][a-z0-9-]{0,79}$", example = "new-account-opening"),
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
        (status = 503, description = "Too much is being rendered at present."),
    ),
)]
#[get("/v1/library/{slug}/manual")]
#[tracing::instrument(name = "get_library_manual", skip_all)]
pub(crate) async fn get_library_manual(
    call: Call,
    req: HttpRequest,
    Path(slug): Path<String>,
    Query(query): Query<ManualQuery>,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let workflow = find(&slug).ok_or_else(Problem::not_found)?;
    let source = Source::of_library(workflow);
    source.answer(&call, &req, &query, workflow.slug).await
}
