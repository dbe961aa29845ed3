//! `baton openapi`

use std::io::Write as _;

use super::Failure;

/// Prints the document; `make openapi` keeps it.
pub(super) fn run() -> Result<(), Failure> {
    let text = crate::openapi::text()?;
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}
