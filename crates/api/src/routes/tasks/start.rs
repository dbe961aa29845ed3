use actix_web::post;
use domain::ids::TaskId;

use super::{
    command::{self, EXECUTE},
    view::TaskView,
};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Begin a task.
///
/// Whoever may execute it may: an open task is then in progress. Beginning it a second time changes nothing.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    responses((status = 200, description = "The task, in progress.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/start")]
#[tracing::instrument(name = "start_task", skip_all)]
pub(crate) async fn start_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
) -> Result<Answer, Problem> {
    command::run(&call, &if_match, id, EXECUTE, |mover, decision| {
        mover.start(decision)
    })
    .await
}
