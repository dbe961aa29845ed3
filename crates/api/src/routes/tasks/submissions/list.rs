use actix_web::{HttpResponse, get};
use domain::{
    ids::TaskId,
    page::{Page, Total},
};

use super::{super::get::seen, view::SubmissionView};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// List what a custodian was sent.
///
/// Whoever may see the task may. All attempts of the task are in the list; a task that waits for no custodian has none.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), PageQuery),
    responses((status = 200, description = "Oldest first.", body = PageView<SubmissionView>)),
)]
#[get("/v1/tasks/{task_id}/submissions")]
#[tracing::instrument(name = "list_task_submissions", skip_all)]
pub(crate) async fn list_task_submissions(
    call: Call,
    Path(id): Path<TaskId>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    // The place is the cursor: submissions are never taken away, and new ones stand at the end.
    let asked = call.page_request::<usize>(&paging)?;
    let work = seen(&call, id).await?;
    let submissions = &work.task().submissions;
    let total = asked.count.then(|| Total::of_length(submissions.len()));
    let from = asked.after.map_or(0, |after| after + 1);
    let some = submissions.iter().enumerate().skip(from);
    let some = some.take(asked.limit as usize + 1).collect();
    let page = Page::from_overfetch(some, asked.limit, |(place, _)| *place).counted(total);
    call.page(&paging, page.map(|(_, it)| SubmissionView::new(it)))
}
