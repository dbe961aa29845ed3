//! A process that goes on looks whether a child has ended meanwhile (E15, E25).

use std::sync::Arc;

use domain::{
    ids::{ProcessId, TaskId},
    process::{ProcessStatus, world::Catalog},
};
use persistence::UnitOfWork;

use super::{JobError, child_ended, locked};

pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    process: ProcessId,
    task: TaskId,
    child: ProcessId,
) -> Result<(), JobError> {
    let scene = locked(tx, catalog, process).await?;
    // Read under the parent's lock: a child that ends after this brings its end by a job of its own.
    let found = tx.reads().process(child).await?;
    let child = found.ok_or(JobError::NoProcess(child))?;
    let result = match child.status {
        ProcessStatus::Running | ProcessStatus::OnHold => return Ok(()),
        ProcessStatus::Completed => child.result.as_deref(),
        ProcessStatus::Cancelled => None,
    };
    child_ended::bring(tx, &scene, task, child.id, result)
}
