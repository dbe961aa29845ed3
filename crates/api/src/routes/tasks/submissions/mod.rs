//! `/v1/tasks/{task_id}/submissions`: what the custodian was sent that a task waits for, and its answers (E22).

use domain::ids::{SubmissionId, TaskId};
use serde::Deserialize;

pub(super) mod answer;
pub(super) mod create;
pub(super) mod list;
pub(super) mod view;

/// Which submission of which task.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Place {
    task_id: TaskId,
    submission_id: SubmissionId,
}
