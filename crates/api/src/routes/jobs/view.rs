use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    ids::ProcessId,
    job::{JobState, QueuedJob},
    process::Process,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A piece of work in the background.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub(crate) struct JobView {
    id: Uuid,
    /// What it does; later versions of Baton add more.
    #[schema(example = "start_process")]
    kind: String,
    state: JobState,
    /// How often it has been begun since it was last queued by hand.
    #[schema(minimum = 0, example = 10)]
    tries: i32,
    /// Why its last try failed.
    #[schema(example = "A stored record could not be read; the log says which.")]
    last_error: Option<String>,
    /// When it is, or was, its turn; while a worker holds it, until when it does.
    run_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    /// The process that it is about, where the caller may see that.
    process_id: Option<Uuid>,
    /// The task of that process.
    task_id: Option<Uuid>,
}

impl JobView {
    /// The job for somebody who sees these processes.
    pub(super) fn new(job: QueuedJob, seen: &BTreeMap<ProcessId, Process>) -> Self {
        let process = job.process_id.filter(|process| seen.contains_key(process));
        Self {
            id: job.id.0,
            kind: job.kind,
            state: job.state,
            tries: job.tries,
            last_error: job.last_error,
            run_at: job.run_at,
            created_at: job.created_at,
            process_id: process.map(Uuid::from),
            task_id: process.and(job.task_id).map(Uuid::from),
        }
    }
}
