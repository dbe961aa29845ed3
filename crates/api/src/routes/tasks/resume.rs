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

/// Take a task off hold.
///
/// Its owner may, and whoever manages it. If its clock was paused, it is dated again by the business days that were left; what was overdue stays so.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    responses((status = 200, description = "The task, as it was before the hold.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/resume")]
#[tracing::instrument(name = "resume_task", skip_all)]
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method is not general enough in its lifetimes"
)]
pub(crate) async fn resume_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
) -> Result<Answer, Problem> {
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Resume),
        |mover, decision| mover.resume(decision),
    )
    .await
}
