use actix_web::post;
use domain::{access::managing::TaskAction, ids::TaskId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    command::{self, Question},
    view::TaskView,
};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
};

/// Why a task is cancelled.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelTask {
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"\S",
        example = "The client has changed their mind."
    )]
    reason: String,
}

/// Cancel a task.
///
/// Its owner's manager may, the owner of its process, the primary lead of its record and admins. A task of its process's plan is not cancelled alone, unless the process that it waits for has failed: cancel the process.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    request_body = CancelTask,
    responses((status = 200, description = "The task, cancelled.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/cancel")]
#[tracing::instrument(name = "cancel_task", skip_all)]
pub(crate) async fn cancel_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<CancelTask>,
) -> Result<Answer, Problem> {
    let by = call.actor().user_id;
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Cancel),
        |mover, decision| mover.cancel(by, decision, body.reason.trim()),
    )
    .await
}
