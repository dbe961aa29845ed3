//! The sweeper: from time to time takes away what has had its time, firm by firm, a few rows at once.

use std::{sync::Arc, time::Duration};

use domain::ids::FirmId;
use persistence::{Store, StoreError};
use tokio::sync::watch;

use super::orphans;
use crate::config::Config;

/// So long after the start it begins: a program that is started again and again has better things to do.
const BEGIN: Duration = Duration::from_mins(5);
/// How often rows are swept.
const EVERY: Duration = Duration::from_hours(1);
/// Every so many times, files too.
const FILES_EVERY: u32 = 24;
/// How many rows are taken away by one statement.
const ROWS: u64 = 500;
/// How many statements a firm gets at a time for each kind of row; what is left is taken the next time.
const STATEMENTS: u32 = 200;

/// Takes away what has had its time.
#[derive(Debug)]
pub struct Sweeper {
    store: Store,
    config: Arc<Config>,
}

/// How much was taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Answers kept for requests with an idempotency key.
    pub answers: u64,
    /// Jobs that were done.
    pub jobs: u64,
    /// Sessions that had ended.
    pub sessions: u64,
    /// Files of uploads that broke off.
    pub files: u64,
}

impl Sweeper {
    /// A sweeper of this database, and of the folder of documents that the settings name.
    #[must_use]
    pub const fn new(store: Store, config: Arc<Config>) -> Self {
        Self { store, config }
    }

    /// Sweeps from time to time until told to stop.
    pub(super) async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut wait = BEGIN;
        for time in (0..FILES_EVERY).cycle() {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // An error says that nobody is left to stop it.
                _ = stop.wait_for(|stop| *stop) => return,
            }
            wait = EVERY;
            let sweeping = self.sweep(time == 0);
            let swept = tokio::select! {
                swept = sweeping => swept,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            match swept {
                Ok(swept) => tracing::debug!(?swept, "swept"),
                Err(err) => tracing::error!(error = ?err, "sweeping failed"),
            }
        }
    }

    /// Sweeps once, for every firm.
    pub async fn sweep(&self, files_too: bool) -> Result<Swept, StoreError> {
        let mut swept = Swept::default();
        for firm in self.store.all_firms().await? {
            self.sweep_rows(firm, &mut swept).await?;
            if files_too {
                let folder = &self.config.documents;
                swept.files += orphans::sweep_files(&self.store, folder, firm).await?;
            }
        }
        if files_too {
            let now = self.store.ambient().now();
            swept.files += orphans::sweep_incoming(&self.config.documents, now).await;
        }
        Ok(swept)
    }

    async fn sweep_rows(&self, firm: FirmId, swept: &mut Swept) -> Result<(), StoreError> {
        let kept = chrono::TimeDelta::from_std(self.config.done_jobs_kept)
            .map_err(|err| StoreError::Encoding(err.to_string()))?;
        let before = self.store.ambient().now() - kept;
        swept.answers += in_turns(|| self.store.sweep_kept_answers(firm, ROWS)).await?;
        swept.jobs += in_turns(|| self.store.sweep_done_jobs(firm, before, ROWS)).await?;
        swept.sessions += in_turns(|| self.store.sweep_sessions(firm, ROWS)).await?;
        Ok(())
    }
}

/// One statement after the other, until one finds less than it might.
async fn in_turns<F: Future<Output = Result<u64, StoreError>>>(
    statement: impl Fn() -> F,
) -> Result<u64, StoreError> {
    let mut all = 0;
    for _ in 0..STATEMENTS {
        let taken = statement().await?;
        all += taken;
        if taken < ROWS {
            break;
        }
    }
    Ok(all)
}
