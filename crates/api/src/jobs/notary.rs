//! The notary: makes the next signing key in time, and signs the head of every firm's trail once a day (E19).

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::ids::FirmId;
use persistence::Store;
use tokio::sync::watch;

use crate::{
    auth::{
        keys::{CurrentKey, KeyError, KeyRing},
        secrets::Secrets,
    },
    config::Config,
    trail,
};

/// So long after the start it begins: a program that is started again and again has better things to do.
const BEGIN: Duration = Duration::from_secs(30);
/// How often it looks whether a day has begun somewhere.
const EVERY: Duration = Duration::from_mins(5);

/// Signs what has to be signed from time to time.
#[derive(Debug)]
pub struct Notary {
    store: Store,
    config: Arc<Config>,
    secrets: Arc<Secrets>,
}

impl Notary {
    /// A notary for every firm of this database.
    #[must_use]
    pub const fn new(store: Store, config: Arc<Config>, secrets: Arc<Secrets>) -> Self {
        Self {
            store,
            config,
            secrets,
        }
    }

    /// Looks from time to time until told to stop.
    pub(super) async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut wait = BEGIN;
        loop {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // An error says that nobody is left to stop it.
                _ = stop.wait_for(|stop| *stop) => return,
            }
            wait = EVERY;
            let signed = tokio::select! {
                signed = self.attend() => signed,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            match signed {
                Ok(checkpoints) => tracing::debug!(checkpoints, "signed checkpoints"),
                Err(err) => tracing::error!(error = ?err, "signing checkpoints failed"),
            }
        }
    }

    /// Makes a key if it is time, and signs the heads of the firms whose day has no checkpoint yet; tells how many. However
    /// many notaries do so, a firm gets one a day.
    pub async fn attend(&self) -> Result<u64, KeyError> {
        let now = self.store.ambient().now();
        let lifetime = self.config.signing_key_lifetime();
        let keys = KeyRing::load_or_make(&self.store, &self.secrets, lifetime, now).await?;
        let mut signed = 0;
        let mut failure = None;
        for firm in self.store.all_firms().await? {
            match self.attend_to(firm, keys.current(), now).await {
                Ok(new) => signed += u64::from(new),
                // What is wrong with one firm must not keep the others from their checkpoint.
                Err(err) => failure = Some(err),
            }
        }
        failure.map_or(Ok(signed), Err)
    }

    async fn attend_to(
        &self,
        firm: FirmId,
        key: &CurrentKey,
        now: DateTime<Utc>,
    ) -> Result<bool, KeyError> {
        let catalog = self.store.current_catalog(firm).await?;
        let day = now.with_timezone(&catalog.firm.time_zone).date_naive();
        if self.store.has_checkpoint(firm, day).await? {
            return Ok(false);
        }
        let Some(head) = self.store.current_head(firm).await? else {
            return Ok(false);
        };
        let statement = domain::audit::checkpoint::Statement {
            firm_id: firm,
            day,
            head,
            signed_at: now,
        };
        Ok(self
            .store
            .add_checkpoint(trail::sign(statement, key))
            .await?)
    }
}
