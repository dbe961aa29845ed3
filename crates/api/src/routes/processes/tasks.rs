use actix_web::{HttpResponse, get};
use domain::page::{Page, Total};
use uuid::Uuid;

use super::get::seen;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::{Path, Query},
    },
    routes::{expand::ExpandTasks, tasks::TaskView},
};

/// List the tasks of a process.
///
/// Whoever may see the process, of its tasks those that they may see.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), ExpandTasks, PageQuery),
    responses((status = 200, description = "In the order of the process type, then those added by hand.", body = PageView<TaskView>)),
)]
#[get("/v1/processes/{id}/tasks")]
#[tracing::instrument(name = "list_process_tasks", skip_all)]
pub(crate) async fn list_process_tasks(
    call: Call,
    Path(id): Path<Uuid>,
    Query(expand): Query<ExpandTasks>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    // The place in the run is the cursor: tasks are never taken out of one, and new ones stand at its end.
    let asked = call.page_request::<usize>(&paging)?;
    let scene = seen(&call, id).await?;
    let ambient = &*call.state().ambient;
    let seen: Vec<usize> = scene.seen_tasks(call.actor(), ambient.now()).collect();
    let total = asked.count.then(|| Total::of_length(seen.len()));
    let places = seen
        .into_iter()
        .filter(|place| asked.after.is_none_or(|after| *place > after))
        .take(asked.limit as usize + 1)
        .collect();
    let mut page = Page::from_overfetch(places, asked.limit, |place| *place).counted(total);
    let places = std::mem::take(&mut page.items);
    let views = TaskView::of_scene(&scene, places, call.actor(), ambient);
    let views = TaskView::expanded(views, &call, &expand).await?;
    call.page(&paging, page.with_items(views))
}
