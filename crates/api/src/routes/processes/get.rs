use std::sync::Arc;

use actix_web::get;
use domain::ids::ProcessId;
use uuid::Uuid;

use super::view::ProcessView;
use crate::{
    call::Call,
    http::{
        answer::Answer,
        problem::Problem,
        query::{Path, Query},
    },
    routes::expand::ExpandProcesses,
    work::Scene,
};

/// Read a process.
///
/// Whoever may see the process's record; its owner and whoever manages it; on the firm also its initiator and those with a
/// part in its tasks.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), ExpandProcesses),
    responses((status = 200, description = "The process.", body = ProcessView)),
)]
#[get("/v1/processes/{id}")]
#[tracing::instrument(name = "get_process", skip_all)]
pub(crate) async fn get_process(
    call: Call,
    Path(id): Path<Uuid>,
    Query(expand): Query<ExpandProcesses>,
) -> Result<Answer, Problem> {
    let scene = seen(&call, id).await?;
    let process = &scene.run.process;
    let views = ProcessView::expanded(vec![process.into()], &call, &expand).await?;
    let view = views.first().ok_or_else(Problem::not_found)?;
    let answer = Answer::ok(view)?.version(process.version);
    Ok(answer.extended(expand.is_wanted()))
}

/// A process with everything around it, to be shown (X19) if the caller may see it.
pub(super) async fn seen(call: &Call, id: Uuid) -> Result<Arc<Scene>, Problem> {
    let catalog = call.catalog().await?;
    let store = &call.state().store;
    let scene = Scene::read(store, call.reads(), catalog, ProcessId(id))
        .await?
        .map(Arc::new)
        .ok_or_else(Problem::not_found)?;
    scene.see(call.actor(), call.state().ambient.now())?;
    call.shows(&scene.catalog, scene.run.process.entity_ids.iter().copied())
        .await?;
    Ok(scene)
}
