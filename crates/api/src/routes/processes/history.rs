use actix_web::{HttpResponse, get};
use uuid::Uuid;

use super::get::seen;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
    routes::events::view::EventView,
};

/// Read what happened in a process.
///
/// Whoever may see the process: everything about it, and about those of its tasks that they may see.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), PageQuery),
    responses((status = 200, description = "Oldest first.", body = PageView<EventView>)),
)]
#[get("/v1/processes/{id}/history")]
#[tracing::instrument(name = "get_process_history", skip_all)]
pub(crate) async fn get_process_history(
    call: Call,
    Path(id): Path<Uuid>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let place = call.page_request(&paging)?;
    let scene = seen(&call, id).await?;
    let now = call.state().ambient.now();
    let tasks = scene
        .seen_tasks(call.actor(), now)
        .map(|place| scene.run.tasks[place].id.0);
    let subjects: Vec<Uuid> = std::iter::once(id).chain(tasks).collect();
    let page = call.reads().changes_of(&subjects, place).await?;
    let page = page.try_map(|sealed| EventView::new(sealed.entry))?;
    call.page(&paging, page)
}
