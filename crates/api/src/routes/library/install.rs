use actix_web::post;
use domain::access::starting::{FirmAction, decide_firm_action};
use library::{Workflow, find};
use persistence::UnitOfWork;

use super::{installation::install, view::InstallationView};
use crate::{
    call::Call,
    http::{
        answer::Answer,
        problem::{Code, Problem},
        query::Path,
    },
};

/// Install a workflow of the library.
///
/// Designers and admins may. Makes and publishes the process type and those that it starts, with the roles and attributes
/// that they name, as far as the firm lacks them: all of it or nothing.
#[utoipa::path(
    params(("slug" = String, Path, description = "The workflow.", pattern = "^[a-z0-9][a-z0-9-]{0,79}$", example = "new-account-opening")),
    responses((status = 201, description = "The process type, and what came along.", body = InstallationView)),
)]
#[post("/v1/library/{slug}/install")]
#[tracing::instrument(name = "install_library_workflow", skip_all)]
pub(crate) async fn install_library_workflow(
    call: Call,
    Path(slug): Path<String>,
) -> Result<Answer, Problem> {
    let workflow = find(&slug).ok_or_else(Problem::not_found)?;
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        require_new(tx, workflow).await?;
        let (by, ambient) = (call.actor().user_id, &*call.state().ambient);
        let installed = install(tx, ambient, &catalog, &slug, by).await?;
        let first = installed.types.first().ok_or_else(Problem::not_found)?;
        let location = format!("/v1/process-types/{}", first.id);
        let view = InstallationView::new(
            first,
            &installed.types,
            &installed.roles,
            &installed.attributes,
        );
        Ok(Answer::created(location, &view)?.version(first.version))
    })
    .await
}

/// Refuses what the firm has already, from the library or of its own.
async fn require_new(tx: &UnitOfWork, workflow: &Workflow) -> Result<(), Problem> {
    let before = tx.reads().process_type_of_library(workflow.slug).await?;
    if before.is_some() {
        return Err(Problem::new(
            Code::AlreadyInstalled,
            "The firm has installed this workflow before.",
        ));
    }
    let key = &workflow.document.key;
    match tx.reads().process_type_by_key(key).await? {
        None => Ok(()),
        Some(_) => Err(Problem::new(
            Code::Duplicate,
            format!("The firm has a process type of its own with the key `{key}`."),
        )),
    }
}
