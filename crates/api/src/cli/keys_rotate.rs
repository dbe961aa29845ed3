//! `baton keys rotate`

use std::io::Write as _;

use domain::ambient::{Ambient as _, SystemAmbient};

use super::{Failure, serve::open_current};
use crate::{
    auth::{keys::KeyRing, master, secrets::Secrets},
    config::Config,
    telemetry,
};

/// Makes a signing key and revokes the others: from now on no server accepts what they have signed.
pub(super) async fn run(config: Config) -> Result<(), Failure> {
    telemetry::init(&config);
    let secrets = Secrets::new(master::load(&config)?);
    let store = open_current(&config).await?;
    let kid = KeyRing::replace(&store, &secrets, SystemAmbient.now()).await?;
    store.close().await?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "Key {kid} signs from now on; all others were revoked, and the tokens that they have signed."
    )?;
    Ok(())
}
