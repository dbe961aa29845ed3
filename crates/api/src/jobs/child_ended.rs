//! The end of a child reaches the task that waits for it (E25).

use domain::{
    ids::{ProcessId, TaskId},
    process::{engine::Engine, error::TaskError},
};
use persistence::UnitOfWork;

use super::JobError;
use crate::work::Scene;

/// Completes the task of the locked process by the child's result, or stops it where that does not work out.
pub(super) fn bring(
    tx: &mut UnitOfWork,
    scene: &Scene,
    task: TaskId,
    child: ProcessId,
    result: Option<&str>,
) -> Result<(), JobError> {
    let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
    match engine.child_ended(task, child, result) {
        Ok(()) => {}
        // The process is on hold: it looks for its children when it goes on (E15).
        Err(TaskError::ProcessNotRunning) => return Ok(()),
        Err(err) => return Err(err.into()),
    }
    let (run, changes) = engine.finish();
    Ok(scene.save(tx, &run, changes)?)
}
