//! Work that committed changes have left behind: one file a kind of job, and the worker that does them.

mod cancel_process;
mod check_child;
mod child_ended;
mod date_anew;
mod failure;
mod hand_over;
mod migrate;
mod moments;
mod notary;
mod orphans;
mod plan_next;
mod plan_schedules;
mod run_batch;
mod run_schedule;
mod start_process;
mod sweeper;
mod worker;

use std::sync::Arc;

use domain::{
    audit::Agent,
    ids::{FirmId, ProcessId},
    job::{Job, QueuedJob},
    process::{engine::Engine, world::Catalog},
};
use persistence::{ClaimedJob, Store, UnitOfWork, WriteContext};

pub use notary::Notary;
pub(crate) use plan_schedules::plan_anew;
pub(crate) use run_batch::{begin_batch, enqueue_stretch};
pub(crate) use run_schedule::enqueue_next;
pub use sweeper::{Sweeper, Swept};
pub use worker::{RunningWorker, Stopper, Worker};

use crate::{http::problem::Problem, work::Scene};
use failure::JobError;

/// What became of a job that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// It has been done, this once.
    Now,
    /// Its lease had ended; whoever has it now does it.
    Elsewhere,
}

/// Does a job and marks it as done, in one transaction: whatever fails, it happens once or not at all.
async fn carry_out(store: &Store, claimed: &ClaimedJob) -> Result<Done, JobError> {
    let job = claimed.job()?;
    let catalog = store.current_catalog(claimed.firm_id).await?;
    store
        .write(&asked_by(claimed.firm_id, &job), async |tx| {
            // First, because it holds the job against whoever claims it when the lease ends.
            if !tx.finish_job(claimed).await? {
                return Ok(Done::Elsewhere);
            }
            perform(tx, &catalog, &job).await?;
            Ok(Done::Now)
        })
        .await
}

/// Sets a job aside for a person to look at, and tells those who wait for what it should have brought about.
async fn park(store: &Store, claimed: &ClaimedJob, error: &str) -> Result<Done, JobError> {
    let job = claimed.job().ok();
    let awaited_by = job.as_ref().and_then(Job::awaited_by);
    let catalog = store.current_catalog(claimed.firm_id).await?;
    store
        .write(&WriteContext::by_system(claimed.firm_id), async |tx| {
            if !tx.park_job(claimed, error).await? {
                return Ok(Done::Elsewhere);
            }
            match &job {
                Some(Job::RunBatch { batch_id, turn }) => {
                    run_batch::set_aside(tx, *batch_id, *turn).await?;
                }
                Some(Job::MigrateProcess {
                    migration_id,
                    process_id,
                }) => migrate::set_aside(tx, *migration_id, *process_id, error)?,
                Some(_) | None => {}
            }
            if let Some((process, task)) = awaited_by {
                let scene = locked(tx, &catalog, process).await?;
                let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
                engine.child_not_begun(task)?;
                let (run, changes) = engine.finish();
                scene.save(tx, &run, changes)?;
            }
            Ok(Done::Now)
        })
        .await
}

/// The start of a child is tried again by hand: the task that stood still because of it waits again (E25).
pub(crate) async fn await_again(
    tx: &mut UnitOfWork,
    catalog: &Arc<Catalog>,
    job: &QueuedJob,
) -> Result<(), Problem> {
    let (Some(process), Some(task)) = (job.process_id, job.awaited_by) else {
        return Ok(());
    };
    let Some(scene) = Scene::lock(tx, Arc::clone(catalog), process).await? else {
        return Ok(());
    };
    let mut engine = Engine::new(&scene.definition, scene.world(tx), scene.run.clone());
    engine.child_asked_again(task)?;
    let (run, changes) = engine.finish();
    Ok(scene.save(tx, &run, changes)?)
}

/// As [`park`], where nobody can be told: what it is about cannot be read, or not be changed.
async fn park_silently(store: &Store, claimed: &ClaimedJob, error: &str) -> Result<Done, JobError> {
    store
        .write(&WriteContext::by_system(claimed.firm_id), async |tx| {
            let parked = tx.park_job(claimed, error).await?;
            Ok(if parked { Done::Now } else { Done::Elsewhere })
        })
        .await
}

async fn perform(tx: &mut UnitOfWork, catalog: &Arc<Catalog>, job: &Job) -> Result<(), JobError> {
    match job {
        Job::StartProcess(request) => start_process::perform(tx, catalog, request).await,
        Job::ChildEnded {
            process_id,
            task_id,
            child_id,
            result,
        } => {
            let scene = locked(tx, catalog, *process_id).await?;
            child_ended::bring(tx, &scene, *task_id, *child_id, result.as_deref())
        }
        Job::CheckChild {
            process_id,
            task_id,
            child_id,
        } => check_child::perform(tx, catalog, *process_id, *task_id, *child_id).await,
        Job::AnchorsChanged {
            entity_id,
            before,
            except,
            after,
        } => date_anew::spread(tx, *entity_id, before, *except, *after).await,
        Job::DateAnew {
            process_id,
            entity_id,
            before,
        } => date_anew::perform(tx, catalog, *process_id, *entity_id, before).await,
        Job::HandOver {
            order,
            by,
            from,
            request_id,
        } => hand_over::perform(tx, catalog, order, *by, *from, request_id.as_deref()).await,
        Job::DueMoment(planned) => moments::due(tx, catalog, planned).await,
        Job::NobodyElse {
            process_id,
            task_id,
            attempt,
        } => moments::nobody_else(tx, catalog, *process_id, *task_id, *attempt).await,
        Job::CancelProcess {
            process_id,
            reason,
            by,
        } => cancel_process::perform(tx, catalog, *process_id, reason, *by).await,
        Job::RunSchedule { schedule_id, at } => {
            run_schedule::perform(tx, catalog, *schedule_id, *at).await
        }
        Job::PlanSchedules { after } => plan_schedules::spread(tx, catalog, *after).await,
        Job::PlanNext(request) => plan_next::perform(tx, catalog, request).await,
        Job::RunBatch { batch_id, turn } => run_batch::perform(tx, catalog, *batch_id, *turn).await,
        Job::MigrateProcesses {
            migration_id,
            after,
        } => migrate::spread(tx, catalog, *migration_id, *after).await,
        Job::MigrateProcess {
            migration_id,
            process_id,
        } => migrate::perform(tx, catalog, *migration_id, *process_id).await,
    }
}

async fn locked(tx: &UnitOfWork, catalog: &Arc<Catalog>, id: ProcessId) -> Result<Scene, JobError> {
    Scene::lock(tx, Arc::clone(catalog), id)
        .await?
        .ok_or(JobError::NoProcess(id))
}

/// Whom the trail names: the rest of what a person began is theirs, too.
fn asked_by(firm_id: FirmId, job: &Job) -> WriteContext {
    let mut context = WriteContext::by_system(firm_id);
    if let Job::HandOver { by, request_id, .. } = job {
        context.origin.agent = Agent::User { id: *by };
        context.origin.request_id.clone_from(request_id);
    }
    context
}
