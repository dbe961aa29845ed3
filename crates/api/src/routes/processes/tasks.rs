use std::sync::Arc;

use actix_web::{HttpResponse, get};
use domain::page::Page;
use uuid::Uuid;

use super::get::seen;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
    routes::tasks::TaskView,
    work::Work,
};

/// List the tasks of a process.
///
/// Whoever may see the process, of its tasks those that they may see.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), PageQuery),
    responses((status = 200, description = "In the order of the process type, then those added by hand.", body = PageView<TaskView>)),
)]
#[get("/v1/processes/{id}/tasks")]
#[tracing::instrument(name = "list_process_tasks", skip_all)]
pub(crate) async fn list_process_tasks(
    call: Call,
    Path(id): Path<Uuid>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    // The place in the run is the cursor: tasks are never taken out of one, and new ones stand at its end.
    let asked = call.page_request::<usize>(&paging)?;
    let scene = seen(&call, id).await?;
    let ambient = &*call.state().ambient;
    let now = ambient.now();
    let first = asked.after.map_or(0, |after| after.saturating_add(1));
    let visible = (first..scene.run.tasks.len())
        .map(|place| (place, Work::OfProcess(Arc::clone(&scene), place)))
        .filter(|(_, work)| {
            work.facts(now)
                .is_ok_and(|facts| facts.see(call.actor()).is_ok())
        })
        .take(asked.limit as usize + 1)
        .collect();
    let page = Page::from_overfetch(visible, asked.limit, |(place, _)| *place);
    call.page(
        &paging,
        page.map(|(_, work)| TaskView::of_work(&work, ambient)),
    )
}
