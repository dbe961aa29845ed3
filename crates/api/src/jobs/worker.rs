//! The worker: finds firms with jobs that are due, claims them and does them, until it is told to stop.

use std::{panic::AssertUnwindSafe, time::Duration};

use actix_web::rt;
use domain::ids::FirmId;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use persistence::{ClaimedJob, JobFailure, Store, StoreError};
use tokio::sync::watch;

use super::{Done, JobError, carry_out};

/// For how long nobody else gets a claimed job.
const LEASE: Duration = Duration::from_mins(1);
/// How many jobs of a firm are claimed at a time; few, so that no lease ends before its job's turn comes.
const CLAIMED: u64 = 8;
/// How many firms are looked at in a round.
const FIRMS: u64 = 64;
/// For how many firms it works at a time.
const AT_ONCE: usize = 4;
/// How often a job is tried before it waits for a person.
const MOST_TRIES: i32 = 10;
/// How long it rests when nothing is due, unless a job is queued in this process: for retries, and for what others queue.
const REST: Duration = Duration::from_secs(2);

/// Does jobs. Several may work on one database; each job is done once.
#[derive(Debug, Clone)]
pub struct Worker {
    store: Store,
    stop: watch::Receiver<bool>,
}

/// A worker that runs beside everything else on this thread.
#[derive(Debug)]
pub struct RunningWorker {
    stop: watch::Sender<bool>,
    task: rt::task::JoinHandle<()>,
}

impl RunningWorker {
    /// Starts a worker; to be called on a thread with an actix runtime.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (stop, told) = watch::channel(false);
        let worker = Worker { store, stop: told };
        let task = rt::spawn(worker.run());
        Self { stop, task }
    }

    /// Lets the job in hand end and gives back the others.
    pub async fn stop(self) {
        // Fails only if the worker has ended.
        let _ = self.stop.send(true);
        if let Err(err) = self.task.await {
            tracing::error!(error = %err, "the worker ended badly");
        }
    }
}

impl Worker {
    /// A worker that nobody stops, for [`Self::run_until_idle`].
    #[must_use]
    pub fn new(store: Store) -> Self {
        let (_, stop) = watch::channel(false);
        Self { store, stop }
    }

    /// Does everything that is due, and what comes of it; ends when nothing is left to be done now.
    pub async fn run_until_idle(&self) -> Result<(), StoreError> {
        while self.round().await? {}
        Ok(())
    }

    async fn run(self) {
        let mut stop = self.stop.clone();
        while !self.is_stopping() {
            match self.round().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(err) => tracing::error!(error = ?err, "looking for jobs failed"),
            }
            tokio::select! {
                () = self.store.job_queued() => {}
                () = tokio::time::sleep(REST) => {}
                // An error says that nobody is left to stop it, nor to wait for it.
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
    }

    fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Works once for each firm with jobs that are due; tells whether there was any.
    async fn round(&self) -> Result<bool, StoreError> {
        let firms = self.store.due_firms(FIRMS).await?;
        let rounds: Vec<Result<bool, StoreError>> = stream::iter(firms)
            .map(|firm| self.work_for(firm))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let worked: Vec<bool> = rounds.into_iter().collect::<Result<_, _>>()?;
        Ok(worked.contains(&true))
    }

    async fn work_for(&self, firm: FirmId) -> Result<bool, StoreError> {
        let claimed = self.store.claim_jobs(firm, LEASE, CLAIMED).await?;
        for job in &claimed {
            if self.is_stopping() {
                self.store.give_back_job(job).await?;
            } else {
                self.attempt(job).await?;
            }
        }
        Ok(!claimed.is_empty())
    }

    async fn attempt(&self, job: &ClaimedJob) -> Result<(), StoreError> {
        let attempt = AssertUnwindSafe(carry_out(&self.store, job)).catch_unwind();
        let outcome = attempt.await.unwrap_or(Err(JobError::Panicked));
        let (job_id, firm_id, tries) = (job.id, job.firm_id, job.tries);
        let err = match outcome {
            Ok(Done::Now) => {
                tracing::debug!(%job_id, %firm_id, tries, "job done");
                return Ok(());
            }
            Ok(Done::Elsewhere) => {
                tracing::warn!(%job_id, %firm_id, "the lease of a job ended before its turn came");
                return Ok(());
            }
            Err(err) => err,
        };
        let failure = self
            .store
            .fail_job(job, &format!("{err:?}"), MOST_TRIES)
            .await?;
        match failure {
            JobFailure::Retried => {
                tracing::warn!(%job_id, %firm_id, tries, error = ?err, "job failed; it is tried again");
            }
            JobFailure::Parked => {
                tracing::error!(%job_id, %firm_id, tries, error = ?err, "job failed for good; it is parked");
            }
            JobFailure::LeaseLost => {
                tracing::warn!(%job_id, %firm_id, error = ?err, "job failed after its lease had ended");
            }
        }
        Ok(())
    }
}
