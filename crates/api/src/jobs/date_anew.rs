//! Attributes of a record changed: the processes whose tasks they date are dated anew, one by one (E5, E11).

use std::sync::Arc;

use domain::{
    entity::attributes::Given,
    ids::{EntityId, ProcessId},
    job::Job,
    process::{engine::Engine, world::Catalog},
};
use persistence::UnitOfWork;

use super::{JobError, locked};

/// How many processes are looked at in one transaction.
const STRETCH: u64 = 100;

/// Asks for each process that is concerned, and for the next stretch of them.
pub(super) async fn spread(
    tx: &mut UnitOfWork,
    entity_id: EntityId,
    before: &Given,
    except: Option<ProcessId>,
    after: Option<ProcessId>,
) -> Result<(), JobError> {
    let found = tx
        .reads()
        .open_processes_of(entity_id, after, STRETCH)
        .await?;
    for &(process_id, process_type, version) in &found {
        if except == Some(process_id) {
            continue;
        }
        let definition = tx
            .store()
            .definition(tx.firm_id(), process_type, version)
            .await?;
        let concerned = definition.is_some_and(|definition| {
            let mut keys = before.keys();
            keys.any(|key| definition.is_dated_by(key))
        });
        if concerned {
            tx.enqueue(&Job::DateAnew {
                process_id,
                entity_id: Some(entity_id),
                before: before.clone(),
            })?;
        }
    }
    if let Some((last, ..)) = found.last()
        && u64::try_from(found.len()).unwrap_or(u64::MAX) >= STRETCH
    {
        tx.enqueue(&Job::AnchorsChanged {
            entity_id,
            before: before.clone(),
            except,
            after: Some(*last),
        })?;
    }
    Ok(())
}

/// Dates the tasks of one process anew.
pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    id: ProcessId,
    changed: Option<EntityId>,
    before: &Given,
) -> Result<(), JobError> {
    let scene = locked(tx, catalog, id).await?;
    let record = changed.unwrap_or(scene.run.process.entity_id);
    let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
    engine.date_anew(record, before);
    let (run, changes) = engine.finish();
    Ok(scene.save(tx, &run, changes)?)
}
