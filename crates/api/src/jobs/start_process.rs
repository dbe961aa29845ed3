//! A process that another asked for starts: a follow-up (E13), or the child of a subprocess (E25).

use std::sync::Arc;

use domain::{
    ids::ProcessId,
    job::StartRequest,
    process::{engine::Engine, run::Run, start_request::fitted, world::Catalog},
};
use persistence::{StoreError, UnitOfWork};

use super::{JobError, locked};
use crate::work::{Scene, Startable};

/// What came of a request.
enum Begun {
    /// The process is under way.
    Started(ProcessId),
    /// A run of the type is open for the record, which is as good (`unless_open`).
    AlreadyOpen,
    /// There is no such type, none of its versions is in effect, it does not serve the record, or the chain is too long.
    Impossible,
}

/// The parent stays locked throughout, so that it cannot be cancelled between the start of its child and the note of it.
pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    request: &StartRequest,
) -> Result<(), JobError> {
    let parent = locked(tx, catalog, request.parent_process_id).await?;
    let waiting = request.parent_task_id.filter(|_| request.waited_for);
    if !engine(&parent, tx).still_wants(request) {
        return Ok(());
    }
    let begun = begin(tx, catalog, request).await?;

    let mut engine = engine(&parent, tx);
    match (begun, waiting) {
        (Begun::Started(child), Some(task)) => engine.child_started(task, Some(child))?,
        (Begun::Impossible, Some(task)) => engine.child_started(task, None)?,
        (Begun::Impossible, None) => {
            engine.not_started(&request.process_type, request.parent_task_id);
        }
        (Begun::Started(_), None) | (Begun::AlreadyOpen, _) => {}
    }
    let (run, changes) = engine.finish();
    Ok(parent.save(tx, &run, changes)?)
}

fn engine<'e>(scene: &'e Scene, tx: &'e UnitOfWork) -> Engine<'e> {
    Engine::new(&scene.definition, scene.world(tx), scene.run.clone())
}

async fn begin(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    request: &StartRequest,
) -> Result<Begun, StoreError> {
    if request.is_too_deep() {
        return Ok(Begun::Impossible);
    }
    let found = tx
        .reads()
        .process_type_by_key(&request.process_type)
        .await?
        .filter(|found| found.archived_at.is_none());
    let Some(process_type) = found else {
        return Ok(Begun::Impossible);
    };
    let Some(startable) = Startable::of(tx, process_type).await? else {
        return Ok(Begun::Impossible);
    };
    let type_id = startable.process_type.id;
    let input = request.input(&startable.definition, type_id, startable.version);
    let mut scene = startable
        .scene(tx, Arc::clone(catalog), input.clone())
        .await?;
    let Ok(input) = fitted(&scene.definition, scene.world(tx), input) else {
        return Ok(Begun::Impossible);
    };
    scene.run = Run::planned(&scene.definition, scene.world(tx), input);
    // The record is held, so that of two such requests the second sees what the first has started.
    let entity = scene.run.process.entity_id;
    if request.unless_open && tx.reads().has_open_process(type_id, entity).await? {
        return Ok(Begun::AlreadyOpen);
    }
    let (run, changes) = scene.begun(tx);
    scene.save_new(tx, &run, changes)?;
    Ok(Begun::Started(run.process.id))
}
