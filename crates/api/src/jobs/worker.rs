//! The worker: finds firms with jobs that are due, claims them and does them, until it is told to stop.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use actix_web::rt;
use domain::ids::FirmId;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use persistence::{ClaimedJob, Store, StoreError};
use tokio::sync::watch;

use super::{Done, JobError, Notary, Sweeper, carry_out, park, park_silently};
use crate::{auth::secrets::Secrets, config::Config};

/// How many jobs of a firm are claimed at a time; few, so that no lease ends before its job's turn comes, and that no firm
/// waits long for another.
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
    /// For how long nobody else gets a claimed job.
    lease: Duration,
    stop: watch::Receiver<bool>,
}

/// A worker that runs beside everything else on this thread, and the sweeper and the notary with it.
#[derive(Debug)]
pub struct RunningWorker {
    stop: watch::Sender<bool>,
    tasks: [rt::task::JoinHandle<()>; 3],
}

/// Tells a worker to stop, from wherever.
#[derive(Debug)]
pub struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// The job in hand ends, the others are given back.
    pub fn tell(&self) {
        self.0.send_replace(true);
    }
}

impl RunningWorker {
    /// Starts a worker; to be called on a thread with an actix runtime.
    #[must_use]
    pub fn start(store: &Store, config: &Arc<Config>, secrets: &Arc<Secrets>) -> Self {
        let (stop, told) = watch::channel(false);
        let worker = Worker {
            stop: told.clone(),
            ..Worker::new(store.clone(), config)
        };
        let sweeper = Sweeper::new(store.clone(), Arc::clone(config));
        let notary = Notary::new(store.clone(), Arc::clone(config), Arc::clone(secrets));
        let tasks = [
            rt::spawn(worker.run()),
            rt::spawn(sweeper.run(told.clone())),
            rt::spawn(notary.run(told)),
        ];
        Self { stop, tasks }
    }

    /// What tells it to stop while it runs.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(self.stop.clone())
    }

    /// Lets the job in hand end and gives back the others.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        for task in self.tasks {
            if let Err(err) = task.await {
                tracing::error!(error = %err, "the worker ended badly");
            }
        }
    }
}

impl Worker {
    /// A worker that nobody stops, for [`Self::run_until_idle`].
    #[must_use]
    pub fn new(store: Store, config: &Config) -> Self {
        let (_, stop) = watch::channel(false);
        Self {
            store,
            lease: config.job_lease,
            stop,
        }
    }

    /// Does everything that is due, and what comes of it; ends when nothing is left to be done now.
    pub async fn run_until_idle(&self) -> Result<(), StoreError> {
        while self.round().await? {}
        Ok(())
    }

    async fn run(self) {
        match self.store.take_back_leases().await {
            Ok(0) => {}
            Ok(jobs) => tracing::info!(jobs, "took back what was in hand when the program ended"),
            Err(err) => tracing::error!(error = ?err, "looking for abandoned jobs failed"),
        }
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

    /// Works once for each firm with jobs that are due, on a few of its jobs; tells whether there was any.
    pub async fn round(&self) -> Result<bool, StoreError> {
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
        let claimed = self.store.claim_jobs(firm, self.lease, CLAIMED).await?;
        let mut rest = claimed.as_slice();
        while let Some((job, others)) = rest.split_first() {
            if self.is_stopping() {
                self.store.give_back_jobs(rest).await?;
                break;
            }
            // What has been begun in vain may take the whole program down: nothing else is in its hands then.
            let suspect = job.tries > 1 && !others.is_empty();
            if suspect {
                self.store.give_back_jobs(others).await?;
            }
            if let Err(err) = self.attempt(job).await {
                // The database is out of reach, most likely; otherwise they wait until the lease ends.
                let _ = self.store.give_back_jobs(others).await;
                return Err(err);
            }
            rest = if suspect { &[] } else { others };
        }
        Ok(!claimed.is_empty())
    }

    async fn attempt(&self, job: &ClaimedJob) -> Result<(), StoreError> {
        let (job_id, firm_id, tries) = (job.id, job.firm_id, job.tries);
        if tries > MOST_TRIES {
            return self.give_up(job, &JobError::Abandoned).await;
        }
        let attempt = AssertUnwindSafe(carry_out(&self.store, job)).catch_unwind();
        let outcome = attempt.await.unwrap_or(Err(JobError::Panicked));
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
        if tries >= MOST_TRIES {
            return self.give_up(job, &err).await;
        }
        if self.store.postpone_job(job, &err.sentence()).await? {
            tracing::warn!(%job_id, %firm_id, tries, error = ?err, "job failed; it is tried again");
        } else {
            tracing::warn!(%job_id, %firm_id, error = ?err, "job failed after its lease had ended");
        }
        Ok(())
    }

    /// Parks a job.
    async fn give_up(&self, job: &ClaimedJob, why: &JobError) -> Result<(), StoreError> {
        let (job_id, firm_id, tries) = (job.id, job.firm_id, job.tries);
        let sentence = why.sentence();
        let parking = AssertUnwindSafe(park(&self.store, job, &sentence)).catch_unwind();
        let parked = match parking.await.unwrap_or(Err(JobError::Panicked)) {
            Ok(done) => Ok(done),
            Err(err) => {
                tracing::error!(%job_id, %firm_id, error = ?err, "nobody could be told that a job failed");
                park_silently(&self.store, job, &sentence).await
            }
        };
        match parked {
            Ok(Done::Now) => {
                tracing::error!(%job_id, %firm_id, tries, error = ?why, "job failed for good; it is parked");
            }
            Ok(Done::Elsewhere) => {
                tracing::warn!(%job_id, %firm_id, error = ?why, "job failed after its lease had ended");
            }
            Err(err) => {
                tracing::error!(%job_id, %firm_id, error = ?err, "a job could not be parked");
            }
        }
        Ok(())
    }
}
