//! `baton worker`

use std::sync::Arc;

use super::{Failure, serve::open_current};
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
    let store = open_current(&config).await?;
    let secrets = Arc::new(Secrets::new(master::load(&config)?));
    let worker = RunningWorker::start(&store, &Arc::new(config), &secrets);
    tracing::info!("working");
    told_to_stop().await;
    worker.stop().await;
    store.close().await?;
    Ok(())
}
