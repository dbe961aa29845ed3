//! `baton migrate`

use super::{Failure, serve::open_store};
use crate::{config::Config, telemetry};

/// Brings the schema up to date; servers check it when they start.
pub(super) async fn run(config: Config) -> Result<(), Failure> {
    telemetry::init(&config);
    let store = open_store(&config).await?;
    store.migrate().await?;
    store.close().await?;
    tracing::info!("the schema is current");
    Ok(())
}
