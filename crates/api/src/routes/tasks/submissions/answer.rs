use actix_web::post;
use chrono::{DateTime, Utc};
use domain::{
    process::submitting::{AnswerInput, NigoInput},
    task::submission::{CuredBy, Verdict},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{
        command::{self, EXECUTE},
        micros,
        view::TaskView,
    },
    Place,
};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
};

/// What a custodian answered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "answer": "nigo",
    "reason_codes": ["missing_signature"],
    "cured_by": "client",
    "note": "Page 4 lacks the second signature."
}))]
pub(crate) struct AnswerSubmission {
    answer: Verdict,
    /// When the answer came; left out: now.
    #[schema(nullable = false, example = "2026-07-08T15:00:00Z")]
    answered_at: Option<DateTime<Utc>>,
    /// Why it is not in good order; needed then, and only then.
    #[serde(default)]
    #[schema(max_items = 50, example = json!(["missing_signature"]))]
    reason_codes: Vec<String>,
    /// Who puts it right, where it is not in good order; left out: the firm.
    #[schema(nullable = false)]
    cured_by: Option<CuredBy>,
    #[schema(
        max_length = 2_000,
        nullable = false,
        example = "Page 4 lacks the second signature."
    )]
    note: Option<String>,
}

impl AnswerSubmission {
    fn to_input(&self) -> AnswerInput {
        AnswerInput {
            verdict: self.answer,
            answered_at: self.answered_at.map(micros),
            nigo: NigoInput {
                reason_codes: self.reason_codes.clone(),
                cured_by: self.cured_by,
            },
            note: self.note.clone(),
        }
    }
}

/// Note what a custodian answered.
///
/// Whoever may execute the task may, once. The task stays open: it is completed, sent back or put on hold by itself, and what is noted there of the same answer is added to it.
#[utoipa::path(
    params(
        ("task_id" = Uuid, Path, description = "The task, which waits for a custodian."),
        ("submission_id" = Uuid, Path, description = "What was sent."),
        OptionalIfMatch,
    ),
    request_body = AnswerSubmission,
    responses((status = 200, description = "The task with the answer.", body = TaskView)),
)]
#[post("/v1/tasks/{task_id}/submissions/{submission_id}/answer")]
#[tracing::instrument(name = "answer_task_submission", skip_all)]
pub(crate) async fn answer_task_submission(
    call: Call,
    if_match: OptionalIfMatch,
    Path(place): Path<Place>,
    Body(body): Body<AnswerSubmission>,
) -> Result<Answer, Problem> {
    let input = body.to_input();
    command::run(
        &call,
        &if_match,
        place.task_id,
        EXECUTE,
        |mover, decision| mover.answer_submission(place.submission_id, decision, &input),
    )
    .await
}
