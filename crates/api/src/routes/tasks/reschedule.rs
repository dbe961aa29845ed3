use actix_web::post;
use chrono::{DateTime, Utc};
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

/// When a task is due from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RescheduleTask {
    /// Null takes the date away; a task that waits is then dated by its rule when it opens.
    #[schema(required = true, example = "2026-07-06T21:00:00Z")]
    due_at: Option<DateTime<Utc>>,
    /// Why; the trail keeps it.
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"\S",
        nullable = false,
        example = "The client asked for another week."
    )]
    reason: Option<String>,
}

/// Move the due date of a task.
///
/// Its owner's manager may, the owner of its process, the primary lead of its record and admins; the owner if the firm's policy
/// allows. From then on nothing else moves the date.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    request_body = RescheduleTask,
    responses((status = 200, description = "The task as it is now.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/reschedule")]
#[tracing::instrument(name = "reschedule_task", skip_all)]
pub(crate) async fn reschedule_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<RescheduleTask>,
) -> Result<Answer, Problem> {
    let due_at = body.due_at.map(super::micros);
    let reason = body.reason.as_deref().map(str::trim);
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Reschedule),
        |mover, decision| mover.reschedule(due_at, reason, decision),
    )
    .await
}
