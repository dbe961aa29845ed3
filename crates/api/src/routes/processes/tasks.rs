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
    let places = scene
        .seen_tasks(call.actor(), ambient.now())
        .filter(|place| asked.after.is_none_or(|after| *place > after))
        .take(asked.limit as usize + 1)
        .collect();
    let page = Page::from_overfetch(places, asked.limit, |place| *place);
    let page = Page {
        items: TaskView::of_scene(&scene, page.items, ambient),
        next: page.next,
    };
    call.page(&paging, page)
}
