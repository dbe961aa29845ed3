//! `baton config check`

use std::io::Write as _;

use super::Failure;
use crate::{auth::master, config::Config};

/// Prints the settings in force. Getting here means that each of them can be read; they have to suffice for a server as well.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for (name, value) in config.shown() {
        writeln!(out, "{name} = {value}")?;
    }
    Ok(master::check(config)?)
}
