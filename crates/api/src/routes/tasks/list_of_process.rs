use std::sync::Arc;

use actix_web::{HttpResponse, get};
use domain::{
    ids::{ProcessId, TaskId},
    page::Page,
};
use serde::{Deserialize, Serialize};

use super::view::TaskView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
    work::{Scene, Work},
};

/// The place of a task in its process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    ordinal: i32,
    id: TaskId,
}

/// List the tasks of a process.
///
/// Whoever may see the process may, those that they may see: in the order of its type, then what was added by hand.
#[utoipa::path(
    params(("process_id" = Uuid, Path, description = "The process."), PageQuery),
    responses((status = 200, description = "In the order of the process type.", body = PageView<TaskView>)),
)]
#[get("/v1/processes/{process_id}/tasks")]
#[tracing::instrument(name = "list_process_tasks", skip_all)]
pub(crate) async fn list_process_tasks(
    call: Call,
    Path(id): Path<ProcessId>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let catalog = call.catalog().await?;
    let state = call.state();
    let scene = Scene::read(&state.store, call.reads(), catalog, id)
        .await?
        .map(Arc::new)
        .ok_or_else(Problem::not_found)?;
    scene.see(call.actor(), state.ambient.now())?;
    let asked = call.page_request::<Place>(&paging)?;
    let shown: Vec<(usize, Place)> = places(&scene)
        .filter(|(_, place)| asked.after.is_none_or(|after| *place > after))
        .filter(|(index, _)| sees(&call, &scene, *index))
        .take(asked.limit as usize + 1)
        .collect();
    let page = Page::from_overfetch(shown, asked.limit, |(_, place)| *place);
    let indexes = page.items.iter().map(|(index, _)| *index);
    let views = TaskView::of_scene(&scene, indexes, &*state.ambient);
    let page = Page {
        items: views,
        next: page.next,
    };
    call.page(&paging, page)
}

fn places(scene: &Scene) -> impl Iterator<Item = (usize, Place)> {
    scene.run.tasks.iter().enumerate().map(|(index, task)| {
        let place = Place {
            ordinal: task.ordinal,
            id: task.id,
        };
        (index, place)
    })
}

fn sees(call: &Call, scene: &Arc<Scene>, index: usize) -> bool {
    let work = Work::OfProcess(Arc::clone(scene), index);
    work.facts(call.state().ambient.now())
        .is_ok_and(|facts| facts.see(call.actor()).is_ok())
}
