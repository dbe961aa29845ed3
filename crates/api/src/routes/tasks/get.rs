use std::sync::Arc;

use actix_web::get;
use domain::ids::TaskId;

use super::view::TaskView;
use crate::{
    call::Call,
    http::{
        answer::Answer,
        problem::Problem,
        query::{Path, Query},
    },
    routes::expand::ExpandTasks,
    work::Work,
};

/// Read a task.
///
/// Whoever may see its record may, and its owner, its executors and whoever manages it.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), ExpandTasks),
    responses((status = 200, description = "The task.", body = TaskView)),
)]
#[get("/v1/tasks/{task_id}")]
#[tracing::instrument(name = "get_task", skip_all)]
pub(crate) async fn get_task(
    call: Call,
    Path(id): Path<TaskId>,
    Query(expand): Query<ExpandTasks>,
) -> Result<Answer, Problem> {
    let work = seen(&call, id).await?;
    let view = TaskView::of_work(&work, call.actor(), &*call.state().ambient);
    let views = TaskView::expanded(vec![view], &call, &expand).await?;
    let view = views.first().ok_or_else(Problem::not_found)?;
    let answer = Answer::ok(view)?.version(view.version);
    Ok(answer.extended(expand.is_wanted()))
}

/// A task that the caller may see, to be shown (X19).
pub(super) async fn seen(call: &Call, id: TaskId) -> Result<Work, Problem> {
    let catalog = call.catalog().await?;
    let work = Work::read(&call.state().store, call.reads(), Arc::clone(&catalog), id)
        .await?
        .ok_or_else(Problem::not_found)?;
    work.facts(call.state().ambient.now())?.see(call.actor())?;
    call.shows(&catalog, [work.task().entity_id]).await?;
    Ok(work)
}
