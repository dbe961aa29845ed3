//! All processes of a type are moved to another version, one by one (E5).

use std::sync::Arc;

use domain::{
    access::{Denied, process::ProcessAction, visibility::WorkScope},
    event::EventType,
    fault::Fault,
    ids::{MigrationId, ProcessId},
    job::Job,
    process::{
        engine::snapshot,
        error::ProcessError,
        migrate::bulk::{BulkMigration, MoveState, settled},
        run::Changes,
        world::Catalog,
    },
};
use persistence::{StoreError, UnitOfWork};
use serde_json::Value;

use super::{JobError, locked};
use crate::work::Migrating;

/// How many processes are found in one transaction.
const STRETCH: u64 = 100;

/// Asks for each process that whoever asked may see, and for the next stretch of them.
pub(super) async fn spread(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    id: MigrationId,
    after: Option<ProcessId>,
) -> Result<(), JobError> {
    let asked = asked(tx, id).await?;
    let by = tx.reads().actor(asked.requested_by).await?;
    let found = match &by {
        Some(by) => {
            let now = tx.ambient().now();
            let scope = WorkScope::of(by, &catalog.firm).at(now, &catalog.covers);
            let (kind, version) = (asked.process_type_id, asked.version);
            tx.reads()
                .processes_to_migrate(&scope, kind, version, after, STRETCH)
                .await?
        }
        None => Vec::new(),
    };
    tx.list_moves(id, &found);
    for process_id in &found {
        tx.enqueue(&Job::MigrateProcess {
            migration_id: id,
            process_id: *process_id,
        })?;
    }
    match found.last() {
        Some(last) if u64::try_from(found.len()).unwrap_or(u64::MAX) >= STRETCH => {
            tx.enqueue(&Job::MigrateProcesses {
                migration_id: id,
                after: Some(*last),
            })?;
        }
        Some(_) | None => tx.finish_listing(id),
    }
    Ok(())
}

/// Moves one process, or sees whether it can be. One that follows the version already stays as it is.
pub(super) async fn perform(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    id: MigrationId,
    process: ProcessId,
) -> Result<(), JobError> {
    let asked = asked(tx, id).await?;
    let (state, reasons) = match attempt(tx, catalog, &asked, process).await? {
        Ok(()) => (MoveState::Moved, Vec::new()),
        Err(refused) => settled(&refused),
    };
    Ok(tx.settle_move(id, process, (state, &reasons))?)
}

/// Moving a process has failed for good: the migration goes on without it, until somebody queues the job again.
pub(super) fn set_aside(
    tx: &mut UnitOfWork,
    id: MigrationId,
    process: ProcessId,
    error: &str,
) -> Result<(), StoreError> {
    let detail = format!("Moving it failed, and its job is parked. {error}");
    let reason = Fault::new("", "job-parked", detail);
    tx.settle_move(id, process, (MoveState::Refused, &[reason]))
}

async fn attempt(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    asked: &BulkMigration,
    process: ProcessId,
) -> Result<Result<(), ProcessError>, JobError> {
    let scene = Arc::new(locked(tx, catalog, process).await?);
    // Whoever asked may have lost since then what let them.
    let by = tx.reads().actor(asked.requested_by).await?;
    let now = tx.ambient().now();
    let seen = by.filter(|by| scene.see(by, now).is_ok());
    let Some(by) = seen else {
        return Ok(Err(Denied::Hidden.into()));
    };
    let decision = match scene.manage(&by, ProcessAction::Migrate) {
        Ok(decision) => decision,
        Err(denied) => return Ok(Err(denied.into())),
    };
    let (kind, version) = (asked.process_type_id, asked.version);
    let to = Migrating::version(tx, kind, Some(version)).await?;
    let to = to.ok_or(JobError::NoMigration(asked.id))?;
    let migrating = Migrating::of(tx, &scene, to).await?;
    match migrating.migrate(tx, by.user_id, &decision, &asked.renamed) {
        Ok(_) if asked.dry_run => Ok(Ok(())),
        Ok((run, mut changes, _)) => {
            tell_who_asked(&mut changes, asked);
            migrating.save(tx, &run, changes)?;
            Ok(Ok(()))
        }
        Err(refused) => Ok(Err(refused)),
    }
}

/// The trail names Baton itself, so it says on whose account.
fn tell_who_asked(changes: &mut Changes, asked: &BulkMigration) {
    let mut told = changes.occurrences.iter_mut();
    let moved = told.find(|told| told.event == EventType::ProcessMigrated);
    if let Some(Value::Object(after)) = moved.and_then(|moved| moved.after.as_mut()) {
        after.insert("migration_id".to_owned(), snapshot(&asked.id));
        after.insert("requested_by".to_owned(), snapshot(&asked.requested_by));
    }
}

async fn asked(tx: &UnitOfWork, id: MigrationId) -> Result<BulkMigration, JobError> {
    let asked: Result<_, StoreError> = tx.reads().process_migration(id).await;
    asked?.ok_or(JobError::NoMigration(id))
}
