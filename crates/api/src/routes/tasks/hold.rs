use actix_web::post;
use domain::{
    access::managing::TaskAction,
    ids::TaskId,
    process::{hold::HoldInput, submitting::NigoInput},
    task::{HoldReason, submission::CuredBy},
};
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

/// Why a task stops.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldTask {
    reason: HoldReason,
    #[schema(max_length = 2_000, example = "Back from holiday on the 20th.")]
    note: Option<String>,
    /// Whether the due date waits: it is cleared, and counted anew when the task is resumed. That of an overdue task does not
    /// wait: it stays as it is.
    #[serde(default)]
    pause_clock: bool,
    /// Why what the custodian was sent is not in good order; only with the reason `nigo`, on a task that waits for a custodian.
    #[serde(default)]
    #[schema(max_items = 50, example = json!([]))]
    reason_codes: Vec<String>,
    /// Who puts it right, likewise; left out: the firm.
    #[schema(nullable = false)]
    cured_by: Option<CuredBy>,
}

impl HoldTask {
    fn to_input(&self) -> HoldInput {
        HoldInput {
            reason: self.reason,
            note: self.note.clone(),
            pause_clock: self.pause_clock,
            nigo: NigoInput {
                reason_codes: self.reason_codes.clone(),
                cured_by: self.cured_by,
            },
        }
    }
}

/// Put a task on hold.
///
/// Its owner may, and whoever manages it. Drafts, ticks and completion are still taken. With the reason `nigo`, a task that waits for a custodian keeps the answer with what was sent, and notes that it is sent again when it is resumed.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), OptionalIfMatch),
    request_body = HoldTask,
    responses((status = 200, description = "The task, on hold.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/hold")]
#[tracing::instrument(name = "hold_task", skip_all)]
pub(crate) async fn hold_task(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<HoldTask>,
) -> Result<Answer, Problem> {
    command::run(
        &call,
        &if_match,
        id,
        Question::Manage(TaskAction::Hold),
        |mover, decision| mover.hold(decision, body.to_input()),
    )
    .await
}
