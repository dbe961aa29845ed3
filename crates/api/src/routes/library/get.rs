use std::collections::BTreeSet;

use actix_web::get;
use domain::access::starting::{FirmAction, decide_firm_action};
use library::{closure, find, parcel};
use uuid::Uuid;

use super::view::{LibraryAttributeView, LibraryRoleView, LibraryWorkflowDetailView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read a workflow of the library.
///
/// Everyone of the firm may. Tells what it starts and needs, and what of that the firm has.
#[utoipa::path(
    params(("slug" = String, Path, description = "The workflow.", pattern = "^[a-z0-9][a-z0-9-]{0,79}$", example = "new-account-opening")),
    responses((status = 200, description = "The workflow.", body = LibraryWorkflowDetailView)),
)]
#[get("/v1/library/{slug}")]
#[tracing::instrument(name = "get_library_workflow", skip_all)]
pub(crate) async fn get_library_workflow(
    call: Call,
    Path(slug): Path<String>,
) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let workflow = find(&slug).ok_or_else(Problem::not_found)?;
    let catalog = call.catalog().await?;
    let installed = call.reads().installed_workflows().await?;
    let started: Vec<&str> = closure(&slug).iter().skip(1).map(|it| it.slug).collect();

    // What the workflow needs by itself, whatever the firm has of the types that it starts.
    let alone: BTreeSet<String> = library::workflows()
        .iter()
        .map(|other| other.document.key.clone())
        .collect();
    let all = parcel(&slug, &alone, &[], &[]).ok_or_else(Problem::not_found)?;
    let lacking = parcel(&slug, &alone, &catalog.roles, &catalog.attributes)
        .ok_or_else(Problem::not_found)?;
    let document = &workflow.document;
    Answer::ok(&LibraryWorkflowDetailView {
        slug: workflow.slug,
        name: &document.name,
        category: &document.category,
        area: document.area.as_deref(),
        summary: &document.summary,
        trigger: &document.trigger,
        tasks_count: document.tasks.len(),
        installed_process_type_id: installed.get(workflow.slug).copied().map(Uuid::from),
        starts: started,
        roles: all
            .roles
            .into_iter()
            .map(|role| LibraryRoleView::new(role, !lacking.roles.contains(&role)))
            .collect(),
        attributes: all
            .attributes
            .into_iter()
            .map(|needed| LibraryAttributeView::new(needed, !lacking.attributes.contains(&needed)))
            .collect(),
        definition: document,
    })
}
