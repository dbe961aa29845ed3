//! `baton serve`

use std::{net::TcpListener, sync::Arc};

use clap::Args;
use domain::ambient::{Ambient, SystemAmbient};
use persistence::{Store, StoreError, StoreOptions};
use secrecy::ExposeSecret as _;

use super::Failure;
use crate::{config::Config, startup, telemetry};

/// Serves the API.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port, `127.0.0.1:8080` unless told otherwise.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
}

impl Serve {
    /// Opens the database, brings an embedded one up to date, and serves until told to stop.
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        telemetry::init(&config);
        let store = open_store(&config).await?;
        if config.sqlite_file().is_some() {
            store.migrate().await?;
        } else if !store.is_ready().await? {
            return Err("the database's schema is not current; run `baton migrate` first".into());
        }
        let listener = TcpListener::bind(config.listen)
            .map_err(|err| format!("listening on {}: {err}", config.listen))?;
        let address = listener.local_addr()?;
        let ambient: Arc<dyn Ambient> = Arc::new(SystemAmbient);
        let state = startup::build_state(config, store.clone(), ambient).await?;
        tracing::info!(%address, "serving; the API's documentation is at /docs");
        startup::serve(listener, state).await?;
        store.close().await?;
        Ok(())
    }
}

/// Opens the database that the settings name.
pub(super) async fn open_store(config: &Config) -> Result<Store, StoreError> {
    let options = StoreOptions::new(config.database_url.expose_secret());
    Store::connect(&options, Arc::new(SystemAmbient)).await
}
