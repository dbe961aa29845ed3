use actix_web::post;
use domain::{access::managing::TaskAction, ids::TaskId, process::cancel::Children};
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

/// Why a task is skipped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SkipTask {
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"\S",
        example = "The client has signed at the branch."
    )]
    reason: String,
    /// What becomes of the process that the task waits for. Has to be said while one is under way for it, or for a task of
    /// one of its items.
    #[serde(default)]
    #[schema(nullable, example = json!(null))]
    children: Option<Children>,
}

/// Skip a task.
///
/// Its owner's manager may, the owner of its process, the primary lead of its record and admins. Approvals, decisions and what others are kept separate from are not skipped; what comes after goes on as if it were done. Where a process is under way for the task, `children` says whether it is cancelled or goes on by itself.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    request_body = SkipTask,
    responses((status = 200, description = "The task, skipped.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/skip")]
#[tracing::instrument(name = "skip_task", skip_all)]
pub(crate) async fn skip_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<SkipTask>,
) -> Result<Answer, Problem> {
    let by = call.actor().user_id;
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Skip),
        |mover, decision| mover.skip(by, decision, body.reason.trim(), body.children),
    )
    .await
}
