use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, get};
use diagram::Names;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    process_type::parse,
};
use library::{Workflow, find};

use crate::{
    call::Call,
    diagrams::{Source, Subject},
    http::{
        problem::Problem,
        query::{Path, Query},
    },
    routes::diagram::{DiagramQuery, answer, role_names},
};

/// Draw a workflow of the library.
///
/// Everyone of the firm may. With the names of the roles that ship with it.
#[utoipa::path(
    params(
        ("slug" = String, Path, description = "The workflow.", pattern = "^[a-z0-9][a-z0-9-]{0,79}$", example = "new-account-opening"),
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
    ),
)]
#[get("/v1/library/{slug}/diagram")]
#[tracing::instrument(name = "get_library_workflow_diagram", skip_all)]
pub(crate) async fn get_library_workflow_diagram(
    call: Call,
    req: HttpRequest,
    Path(slug): Path<String>,
    Query(query): Query<DiagramQuery>,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let workflow = find(&slug).ok_or_else(Problem::not_found)?;
    answer(&call, &req, query, source(workflow)?, None).await
}

fn source(workflow: &Workflow) -> Result<Source, Problem> {
    let definition = parse(&workflow.document).map_err(|faults| {
        Problem::internal(format_args!(
            "{} of the library does not parse: {faults:?}",
            workflow.slug
        ))
    })?;
    Ok(Source {
        subject: Subject::Library(workflow.slug),
        definition: Arc::new(definition),
        names: Names {
            roles: role_names(library::roles().iter().map(|role| (&role.key, &role.name))),
            people: BTreeMap::new(),
        },
    })
}
