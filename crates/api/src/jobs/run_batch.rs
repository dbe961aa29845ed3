//! The next stretch of a batch: processes are started, and what became of each entity is noted with them (E17).

use std::sync::Arc;

use domain::{
    batch::{Batch, BatchItem, BatchStatus, ItemState},
    event::EventType,
    fault::Fault,
    ids::{BatchId, EntityId},
    job::Job,
    process::{Cause, start::StartInput, world::Catalog},
};
use persistence::{StoreError, UnitOfWork};

use super::JobError;
use crate::work::{Begun, Startable, Starting};

/// How many processes are started in one transaction: enough that what they share is read once for many, few enough that nobody
/// waits long for the records that it holds.
const STRETCH: u64 = 40;

/// Whoever works on a batch holds it, so that each entity has its turn once; between stretches it can be paused and cancelled,
/// and other firms have theirs.
pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    id: BatchId,
    turn: i32,
) -> Result<(), JobError> {
    let Some(batch) = under_way(tx, id, turn).await? else {
        return Ok(());
    };
    let waiting = tx.reads().waiting_items(id, STRETCH).await?;
    let items = match Startable::in_effect(tx, batch.process_type_id).await? {
        Ok(startable) => start(tx, catalog, &batch, &startable, waiting).await?,
        Err(reason) => refuse(waiting, &reason),
    };
    let mut counts = batch.counts;
    for item in &items {
        counts.count(item.state);
    }
    if items.is_empty() {
        // Nothing is left, whatever was counted.
        counts.total -= counts.waiting();
    }
    let after = batch.advanced(counts, tx.ambient().now());
    tx.advance_batch(&after, &items)?;
    if after.status == BatchStatus::Completed {
        tx.record(Batch::told(EventType::BatchCompleted, Some(&batch), &after));
    } else {
        enqueue_stretch(tx, &after)?;
    }
    Ok(())
}

/// Stores a new batch with its entities, tells of it, and sets it going.
pub(crate) fn begin_batch(
    tx: &mut UnitOfWork,
    batch: &Batch,
    entities: &[EntityId],
) -> Result<(), StoreError> {
    tx.insert_batch(batch, entities)?;
    tx.record(Batch::told(EventType::BatchCreated, None, batch));
    enqueue_stretch(tx, batch)
}

/// Queues the next stretch of a batch, in the turn that it is at.
pub(crate) fn enqueue_stretch(tx: &mut UnitOfWork, batch: &Batch) -> Result<(), StoreError> {
    tx.enqueue(&Job::RunBatch {
        batch_id: batch.id,
        turn: batch.turn,
    })?;
    Ok(())
}

/// A stretch has failed for good: the batch waits for a person, who sees the job and resumes it.
pub(super) async fn set_aside(
    tx: &mut UnitOfWork,
    id: BatchId,
    turn: i32,
) -> Result<(), StoreError> {
    if let Some(batch) = under_way(tx, id, turn).await?
        && let Ok(paused) = batch.pause()
    {
        tx.update_batch(&paused)?;
        tx.record(Batch::told(EventType::BatchPaused, Some(&batch), &paused));
    }
    Ok(())
}

async fn under_way(tx: &UnitOfWork, id: BatchId, turn: i32) -> Result<Option<Batch>, StoreError> {
    let batch = tx.lock_batch(id).await?;
    Ok(batch.filter(|batch| batch.status == BatchStatus::Running && batch.turn == turn))
}

fn refuse(items: Vec<BatchItem>, reason: &Fault) -> Vec<BatchItem> {
    let items = items.into_iter();
    items
        .map(|item| item.left_out(ItemState::Refused, vec![reason.clone()]))
        .collect()
}

/// Starts what can be started; those left over at the end stay waiting.
async fn start(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    batch: &Batch,
    startable: &Startable,
    items: Vec<BatchItem>,
) -> Result<Vec<BatchItem>, StoreError> {
    // Whoever asked may have lost since then what let them.
    let by = match batch.requested_by {
        Some(user) => tx.reads().actor(user).await?,
        None => None,
    };
    if batch.requested_by.is_some() && by.is_none() {
        let detail = "Whoever asked for it is no longer there.";
        return Ok(refuse(items, &Fault::new("", "forbidden", detail)));
    }
    let starting = Starting {
        catalog,
        startable,
        by: by.as_ref(),
        unless_open: batch.unless_open,
        input: StartInput {
            cause: Cause {
                schedule_id: batch.schedule_id,
                batch_id: Some(batch.id),
            },
            ..startable.input(batch.fields.clone(), batch.requested_by)
        },
    };
    let entities: Vec<EntityId> = items.iter().map(|item| item.entity_id).collect();
    let begun = starting.start(tx, &entities).await?;
    let settled = items.into_iter().zip(begun);
    Ok(settled
        .map(|(item, begun)| match begun {
            Begun::Started(process) => item.started(process),
            Begun::AlreadyOpen => item.left_out(ItemState::Skipped, Vec::new()),
            Begun::Refused(faults) => item.left_out(ItemState::Refused, faults),
        })
        .collect())
}
