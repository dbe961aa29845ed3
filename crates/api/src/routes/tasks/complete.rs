use std::collections::BTreeMap;

use actix_web::post;
use domain::{ids::TaskId, process::input::CompletionInput};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answers::FormAnswers,
    command::{Question, carried_out, decided, locked},
    effects_view::CompletedView,
};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
    work::named_in,
};

/// What completes a task. Everything may be left out that was filled in before or is not asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "outcome": "approved",
    "note": "Identity checked against both documents.",
    "checklist": { "call_client": true },
    "form": { "account_number": "4471-2200" }
}))]
pub(crate) struct CompleteTask {
    /// Key of one of the task's outcomes; needed where it has any.
    #[schema(max_length = 80)]
    outcome: Option<String>,
    /// One of the outcome's reason codes; needed where it has any.
    #[schema(max_length = 80)]
    reason_code: Option<String>,
    #[schema(max_length = 10_000)]
    note: Option<String>,
    /// Items to tick (`true`) or untick on the way, by key.
    #[serde(default)]
    checklist: BTreeMap<String, bool>,
    /// Answers to put into the form on the way.
    #[serde(default)]
    form: FormAnswers,
    /// For admins and managers whom nothing else lets execute the task; recorded with the completion.
    #[serde(rename = "override")]
    override_: Option<OverrideReason>,
}

/// Why somebody executes a task that is not theirs.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverrideReason {
    #[schema(
        min_length = 1,
        max_length = 2_000,
        pattern = r"\S",
        example = "Maya is in hospital."
    )]
    reason: String,
}

impl CompleteTask {
    fn into_input(self) -> CompletionInput {
        CompletionInput {
            outcome: self.outcome,
            reason_code: self.reason_code,
            note: self.note,
            checklist: self.checklist,
            form: self.form.0,
            override_reason: self.override_.map(|given| given.reason.trim().to_owned()),
        }
    }
}

/// Complete a task.
///
/// Its owner may, holders of a listed role while advanced execution is on, and by override admins and managers; never
/// somebody who prepared what the task checks. All of the content's faults are told at once. The answer lists everything that
/// came of it.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task."), IfMatch),
    request_body = CompleteTask,
    responses((status = 200, description = "The completed task, and what came of it.", body = CompletedView)),
)]
#[post("/v1/tasks/{task_id}/complete")]
#[tracing::instrument(name = "complete_task", skip_all)]
pub(crate) async fn complete_task(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<CompleteTask>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let input = body.into_input();
    let with_override = input.override_reason.is_some();
    let by = call.actor().user_id;
    call.write(async |tx| -> Result<Answer, Stop> {
        let named = |definition: &_| named_in(definition, &input.form);
        let work = locked(&call, tx, &catalog, id, named).await?;
        call.replay()?;
        if_match.check(work.task().version)?;
        let question = Question::Execute { with_override };
        let decision = decided(&call, tx, &work, question).await?;
        let moved = carried_out(tx, &work, |mover| mover.complete(by, &decision, &input))?;
        let view = CompletedView::new(&work, &moved, call.actor(), tx.ambient());
        Ok(Answer::ok(&view)?.version(moved.task.version))
    })
    .await
}
