//! A child is cancelled with its parent (E15).

use std::sync::Arc;

use domain::{
    ids::{ProcessId, UserId},
    process::{engine::Engine, error::ProcessError, world::Catalog},
};
use persistence::UnitOfWork;

use super::{JobError, locked};

pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    id: ProcessId,
    reason: &str,
    by: Option<UserId>,
) -> Result<(), JobError> {
    let scene = locked(tx, catalog, id).await?;
    let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
    match engine.cancel_with_parent(by, reason) {
        Ok(()) => {}
        // It has ended by itself before.
        Err(ProcessError::WrongStatus { .. }) => return Ok(()),
        Err(err) => return Err(err.into()),
    }
    let (run, changes) = engine.finish();
    Ok(scene.save(tx, &run, changes)?)
}
