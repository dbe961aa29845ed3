//! Work that committed changes have left behind: one file a kind of job, and the worker that does them.

mod cancel_process;
mod check_child;
mod child_ended;
mod date_anew;
mod start_process;
mod worker;

use std::sync::Arc;

use domain::{
    audit::{Agent, Origin},
    ids::{FirmId, ProcessId},
    job::Job,
    process::{
        error::{ProcessError, TaskError},
        world::Catalog,
    },
};
use persistence::{ClaimedJob, Store, StoreError, UnitOfWork, WriteContext};

pub use worker::{RunningWorker, Worker};

use crate::work::Scene;

/// Why a job could not be done.
#[derive(Debug, thiserror::Error)]
enum JobError {
    /// The database failed, or holds what it should not.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine refused it for a task.
    #[error("refused: {0}")]
    Task(#[from] TaskError),
    /// The engine refused it for a process.
    #[error("refused: {0}")]
    Process(#[from] ProcessError),
    /// It is about a process that is not there.
    #[error("there is no process {0}")]
    NoProcess(ProcessId),
    /// A bug.
    #[error("it panicked")]
    Panicked,
}

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
        .write(&by_itself(claimed.firm_id), async |tx| {
            // First, because it holds the job against whoever claims it when the lease ends.
            if !tx.finish_job(claimed).await? {
                return Ok(Done::Elsewhere);
            }
            perform(tx, &catalog, &job).await?;
            Ok(Done::Now)
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
        Job::DateAnew { process_id, before } => {
            date_anew::perform(tx, catalog, *process_id, before).await
        }
        Job::CancelProcess {
            process_id,
            reason,
            by,
        } => cancel_process::perform(tx, catalog, *process_id, reason, *by).await,
    }
}

async fn locked(tx: &UnitOfWork, catalog: &Arc<Catalog>, id: ProcessId) -> Result<Scene, JobError> {
    Scene::lock(tx, Arc::clone(catalog), id)
        .await?
        .ok_or(JobError::NoProcess(id))
}

/// Nobody asks for what a job does: the trail names Baton itself.
fn by_itself(firm_id: FirmId) -> WriteContext {
    WriteContext {
        firm_id,
        origin: Origin {
            agent: Agent::System,
            on_behalf_of: None,
            request_id: None,
            address: None,
        },
    }
}
