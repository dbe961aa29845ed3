//! The secret key that protects the others: from the settings, or from a file beside the embedded database.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::config::{Config, parse_key};

/// Why there is no secret key.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// PostgreSQL is shared by servers, so the key has to be, too.
    #[error(
        "BATON_SECRET_KEY must be set when the database is PostgreSQL (openssl rand -base64 32)"
    )]
    Missing,
    /// The key file cannot be used.
    #[error("the key file {0}: {1}")]
    File(PathBuf, String),
}

/// Whether there is a secret key, or a place where it can be made; nothing is made.
pub fn check(config: &Config) -> Result<(), MasterError> {
    match config.secret_key {
        Some(_) => Ok(()),
        None => key_file(config).map(|_| ()),
    }
}

/// The 32 bytes, from `BATON_SECRET_KEY` or, beside an embedded database, from `FILE.key`, made if it is not there.
pub fn load(config: &Config) -> Result<[u8; 32], MasterError> {
    if let Some(key) = &config.secret_key {
        return Ok(key.expose());
    }
    let path = key_file(config)?;
    read(&path)
        .or_else(|err| match err.kind() {
            ErrorKind::NotFound => make(&path),
            _ => Err(err),
        })
        .map_err(|err| MasterError::File(path, err.to_string()))
}

fn key_file(config: &Config) -> Result<PathBuf, MasterError> {
    let mut path = config.sqlite_file().ok_or(MasterError::Missing)?;
    path.as_mut_os_string().push(".key");
    Ok(path)
}

fn read(path: &Path) -> std::io::Result<[u8; 32]> {
    let text = std::fs::read_to_string(path)?;
    parse_key(&text).map(|key| key.expose()).ok_or_else(|| {
        std::io::Error::new(
            ErrorKind::InvalidData,
            "it does not hold 32 bytes in base64",
        )
    })
}

/// Writes a new key to a file that only its owner may read.
fn make(path: &Path) -> std::io::Result<[u8; 32]> {
    let mut key = [0; 32];
    aws_lc_rs::rand::fill(&mut key)
        .map_err(|_| std::io::Error::other("no random numbers to be had"))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(STANDARD.encode(key).as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    tracing::info!(path = %path.display(), "made a secret key; keep it with the database");
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Layers;

    #[test]
    fn a_key_file_is_made_once_and_for_its_owner_only() {
        let folder = std::env::temp_dir().join(format!("baton-master-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut layers = Layers::default();
        let url = format!("sqlite://{}/x.db?mode=rwc", folder.display());
        layers.flag("database_url", url);
        let config = layers.read().unwrap();

        check(&config).unwrap();
        assert!(!folder.join("x.db.key").exists());
        let made = load(&config).unwrap();
        assert_eq!(load(&config).unwrap(), made);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let path = folder.join("x.db.key");
            let permissions = std::fs::metadata(path).unwrap().permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn postgres_needs_a_key_from_the_settings() {
        let mut layers = Layers::default();
        layers.flag("database_url", "postgres://u@h/d");
        let config = layers.read().unwrap();
        assert!(matches!(load(&config), Err(MasterError::Missing)));
        assert!(matches!(check(&config), Err(MasterError::Missing)));
    }
}
