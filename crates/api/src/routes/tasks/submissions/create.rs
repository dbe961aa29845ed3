use actix_web::post;
use chrono::{DateTime, Utc};
use domain::{ids::TaskId, process::submitting::SubmissionInput};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    super::{
        command::{EXECUTE, carried_out, decided, locked},
        micros,
    },
    view::SubmissionView,
};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
    work::References,
};

/// Something that was sent to a custodian.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSubmission {
    /// When it was sent; left out: now.
    #[schema(nullable = false, example = "2026-07-06T15:00:00Z")]
    sent_at: Option<DateTime<Utc>>,
    /// What the custodian calls it.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "SR-20418"
    )]
    reference: Option<String>,
}

impl CreateSubmission {
    fn to_input(&self) -> SubmissionInput {
        SubmissionInput {
            sent_at: self.sent_at.map(micros),
            reference: self.reference.clone(),
        }
    }
}

/// Note that a custodian was sent something again.
///
/// Whoever may execute the task may. The first sending is noted when the task opens; the next can be noted once that has been answered.
#[utoipa::path(
    params(("task_id" = Uuid, Path, description = "The task, which waits for a custodian."), OptionalIfMatch),
    request_body = CreateSubmission,
    responses((status = 201, description = "What was sent.", body = SubmissionView)),
)]
#[post("/v1/tasks/{task_id}/submissions")]
#[tracing::instrument(name = "create_task_submission", skip_all)]
pub(crate) async fn create_task_submission(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<TaskId>,
    Body(body): Body<CreateSubmission>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let input = body.to_input();
    call.write(async |tx| -> Result<Answer, Stop> {
        let work = locked(&call, tx, &catalog, id, |_| References::default()).await?;
        call.replay()?;
        if_match.check(work.task().version)?;
        let decision = decided(&call, tx, &work, EXECUTE).await?;
        let moved = carried_out(tx, &work, |mover| mover.submit(&decision, &input))?;
        let sent = moved.task.submissions.last();
        let view = SubmissionView::new(sent.ok_or_else(Problem::not_found)?);
        let location = format!("/v1/tasks/{id}/submissions");
        Ok(Answer::created(location, &view)?)
    })
    .await
}
