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

/// Give a task back, so that nobody owns it.
///
/// Its owner may, and whoever manages it.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    responses((status = 200, description = "The task, without an owner.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/release")]
#[tracing::instrument(name = "release_task", skip_all)]
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method is not general enough in its lifetimes"
)]
pub(crate) async fn release_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
) -> Result<Answer, Problem> {
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Release),
        |mover, decision| mover.release(decision),
    )
    .await
}
