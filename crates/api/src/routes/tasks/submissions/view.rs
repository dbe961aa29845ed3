use chrono::{DateTime, Utc};
use domain::task::submission::{CuredBy, Submission, Verdict};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One sending to a custodian.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Submission)]
pub(crate) struct SubmissionView {
    id: Uuid,
    /// In which attempt of the task it was sent.
    attempt: u32,
    /// What was sent before and is sent again; null for the first.
    resubmission_of: Option<Uuid>,
    sent_at: DateTime<Utc>,
    /// What the custodian calls it.
    #[schema(example = "SR-20418")]
    reference: Option<String>,
    /// Null until it is answered.
    answered_at: Option<DateTime<Utc>>,
    answer: Option<Verdict>,
    /// Why it is not in good order.
    #[schema(example = json!(["missing_signature"]))]
    reason_codes: Vec<String>,
    /// Who puts it right, where it is not in good order.
    cured_by: Option<CuredBy>,
    /// Key of the task that is done again for it, where the answer sent work back.
    #[schema(example = "prepare_paperwork")]
    reopened: Option<String>,
    /// What was noted with the answer.
    note: Option<String>,
}

impl SubmissionView {
    pub(in crate::routes::tasks) fn new(submission: &Submission) -> Self {
        let answer = submission.answer.as_ref();
        Self {
            id: submission.id.0,
            attempt: submission.attempt,
            resubmission_of: submission.resubmission_of.map(Uuid::from),
            sent_at: submission.sent_at,
            reference: submission.reference.clone(),
            answered_at: answer.map(|answer| answer.at),
            answer: answer.map(|answer| answer.verdict),
            reason_codes: answer
                .map(|answer| answer.reason_codes.clone())
                .unwrap_or_default(),
            cured_by: answer.and_then(|answer| answer.cured_by),
            reopened: answer.and_then(|answer| answer.reopened.clone()),
            note: answer.and_then(|answer| answer.note.clone()),
        }
    }
}
