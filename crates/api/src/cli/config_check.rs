//! `baton config check`

use std::io::Write as _;

use super::Failure;
use crate::config::Config;

/// Prints the settings in force; getting here means that they are right.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for (name, value) in config.shown() {
        writeln!(out, "{name} = {value}")?;
    }
    Ok(())
}
