//! `baton serve`

use std::{
    io::Write as _,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use clap::Args;
use domain::ambient::{Ambient, SystemAmbient};
use persistence::{Store, StoreError, StoreOptions};
use secrecy::ExposeSecret as _;

use super::Failure;
use crate::{config::Config, demo, startup, telemetry};

/// Serves the API.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Address and port, `127.0.0.1:8080` unless told otherwise.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
    /// Fill an empty database with a demo firm and print who can sign in; on a loopback address only.
    #[arg(long)]
    demo: bool,
    /// Leave the jobs to others: to servers with a worker inside, or to `baton worker`.
    #[arg(long)]
    pub(super) no_worker: bool,
}

impl Serve {
    /// Opens the database, brings an embedded one up to date, and serves until told to stop.
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        telemetry::init(&config);
        if self.demo && !config.listen.ip().is_loopback() {
            let address = config.listen;
            return Err(
                format!("--demo serves on a loopback address only, not on {address}").into(),
            );
        }
        let store = open_current(&config).await?;
        let listener = TcpListener::bind(config.listen)
            .map_err(|err| format!("listening on {}: {err}", config.listen))?;
        let address = listener.local_addr()?;
        let ambient: Arc<dyn Ambient> = Arc::new(SystemAmbient);
        let state = startup::build_state(config, store.clone(), ambient).await?;
        if self.demo {
            demo::fill(&state).await?;
            welcome(address)?;
        }
        tracing::info!(%address, "serving; the API's documentation is at /docs");
        startup::serve(listener, state).await?;
        store.close().await?;
        Ok(())
    }
}

/// What somebody needs who tries the demo.
fn welcome(address: SocketAddr) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "The demo firm is at http://{address}/docs. Sign in with firm, e-mail address and password:"
    )?;
    write!(out, "{}", demo::log_ins())?;
    out.flush()
}

/// Opens the database and brings an embedded one up to date; another has to be.
pub(super) async fn open_current(config: &Config) -> Result<Store, Failure> {
    let store = open_store(config).await?;
    if config.sqlite_file().is_some() {
        store.migrate().await?;
    } else if !store.is_ready().await? {
        return Err("the database's schema is not current; run `baton migrate` first".into());
    }
    Ok(store)
}

/// Opens the database that the settings name.
pub(super) async fn open_store(config: &Config) -> Result<Store, StoreError> {
    let options = StoreOptions::new(config.database_url.expose_secret());
    Store::connect(&options, Arc::new(SystemAmbient)).await
}
