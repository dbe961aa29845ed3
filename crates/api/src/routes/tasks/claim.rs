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

/// Take a task that nobody owns.
///
/// Holders of a role that its owner rule or its lists name may, unless they prepared what it checks.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    responses((status = 200, description = "The task, now the caller's.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/claim")]
#[tracing::instrument(name = "claim_task", skip_all)]
pub(crate) async fn claim_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
) -> Result<Answer, Problem> {
    let by = call.actor().user_id;
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Claim),
        |mover, decision| mover.claim(by, decision),
    )
    .await
}
