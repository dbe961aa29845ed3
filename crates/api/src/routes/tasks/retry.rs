use actix_web::post;
use domain::{access::managing::TaskAction, ids::TaskId};

use super::{
    command::{self, Question},
    view::TaskView,
};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Start the process that a task waits for again.
///
/// Its owner's manager may, the owner of its process, the primary lead of its record and admins, while the task is on hold because that process was cancelled or could not be started. The task waits again, and another process starts shortly after. Such a task may also be skipped or cancelled.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    responses((status = 200, description = "The task, waiting for another process.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/retry")]
#[tracing::instrument(name = "retry_task", skip_all)]
pub(crate) async fn retry_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
) -> Result<Answer, Problem> {
    let by = call.actor().user_id;
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Retry),
        |mover, decision| mover.retry(by, decision),
    )
    .await
}
