//! What holding, resuming and cancelling a process have in common.

use std::sync::Arc;

use domain::{
    access::{decision::Decision, process::ProcessAction},
    ids::ProcessId,
    process::{engine::Engine, error::ProcessError},
};
use uuid::Uuid;

use super::view::ProcessView;
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem},
    work::Scene,
};

/// Runs a command on a process for a caller who may see it, and answers with the process as it is then.
pub(super) async fn change(
    call: &Call,
    if_match: &OptionalIfMatch,
    id: Uuid,
    action: ProcessAction,
    command: impl Fn(&mut Engine<'_>, &Decision) -> Result<(), ProcessError>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let scene = Scene::lock(tx, Arc::clone(&catalog), ProcessId(id))
            .await?
            .map(Arc::new)
            .ok_or_else(Problem::not_found)?;
        scene.see(call.actor(), tx.ambient().now())?;
        call.replay()?;
        if_match.check(scene.run.process.version)?;

        let decision = scene.manage(call.actor(), action)?;
        let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
        command(&mut engine, &decision)?;
        let (run, changes) = engine.finish();
        scene.save(tx, &run, changes)?;
        let view = ProcessView::from(&run.process);
        Ok(Answer::ok(&view)?.version(view.version))
    })
    .await
}
