//! `baton worker`

use std::sync::Arc;

use super::{Failure, serve::open_store};
use crate::{
    auth::{master, secrets::Secrets},
    config::Config,
    jobs::RunningWorker,
    startup::told_to_stop,
    telemetry,
};

/// Does jobs until told to stop, beside servers that share its database.
pub(super) async fn run(config: Config) -> Result<(), Failure> {
    telemetry::init(&config);
    let store = open_store(&config).await?;
    if config.sqlite_file().is_some() {
        store.migrate().await?;
    } else if !store.is_ready().await? {
        return Err("the database's schema is not current; run `baton migrate` first".into());
    }
    let secrets = Arc::new(Secrets::new(master::load(&config)?));
    let worker = RunningWorker::start(&store, &Arc::new(config), &secrets);
    tracing::info!("working");
    told_to_stop().await;
    worker.stop().await;
    store.close().await?;
    Ok(())
}
