//! Files that no document names: what is left of uploads that broke off in a crash. They go after a day, when no upload can
//! still be about to name them.

use std::{
    io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{DocumentId, FirmId};
use persistence::{Store, StoreError};
use tokio::fs;

use crate::files::INCOMING;

/// How old a file has to be.
const AGE: TimeDelta = TimeDelta::days(1);
/// How many files are looked up at once.
const AT_ONCE: usize = 200;

/// A file that is old enough.
struct OldFile {
    path: PathBuf,
    id: DocumentId,
}

/// Takes away the files in a firm's folders that none of its documents names; tells how many.
pub(super) async fn sweep_files(
    store: &Store,
    documents: &Path,
    firm: FirmId,
) -> Result<u64, StoreError> {
    let now = store.ambient().now();
    let mut removed = 0;
    for folder in folders_in(&documents.join(firm.to_string())).await {
        for files in old_files(&folder, now).await.chunks(AT_ONCE) {
            let ids: Vec<DocumentId> = files.iter().map(|file| file.id).collect();
            let known = store.documents_among(firm, &ids).await?;
            for file in files.iter().filter(|file| !known.contains(&file.id)) {
                removed += remove(&file.path).await;
            }
        }
    }
    Ok(removed)
}

/// Takes away uploads that never came to their end; tells how many.
pub(super) async fn sweep_incoming(documents: &Path, now: DateTime<Utc>) -> u64 {
    let mut removed = 0;
    for file in old_files(&documents.join(INCOMING), now).await {
        removed += remove(&file.path).await;
    }
    removed
}

async fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let walk = async {
        let mut entries = fs::read_dir(folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            if entry.file_type().await?.is_dir() {
                folders.push(entry.path());
            }
        }
        io::Result::Ok(())
    };
    told(walk.await, folder);
    folders
}

/// The files of a folder that bear a document's id and are old enough; what else is there is not ours.
async fn old_files(folder: &Path, now: DateTime<Utc>) -> Vec<OldFile> {
    let mut files = Vec::new();
    let walk = async {
        let mut entries = fs::read_dir(folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name();
            let Some(id) = name.to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            let about = match entry.metadata().await {
                Ok(about) => about,
                // It has moved to its place since.
                Err(err) if err.kind() == io::ErrorKind::NotFound => continue,
                Err(err) => return Err(err),
            };
            if about.is_file() && DateTime::<Utc>::from(about.modified()?) <= now - AGE {
                let path = entry.path();
                files.push(OldFile { path, id });
            }
        }
        Ok(())
    };
    told(walk.await, folder);
    files
}

async fn remove(path: &Path) -> u64 {
    match fs::remove_file(path).await {
        Ok(()) => {
            tracing::info!(path = %path.display(), "a file that no document names was removed");
            1
        }
        // Another worker was faster.
        Err(err) if err.kind() == io::ErrorKind::NotFound => 0,
        Err(err) => {
            tracing::warn!(error = %err, path = %path.display(), "a file that no document names cannot be removed");
            0
        }
    }
}

/// A folder that is not there has nothing to sweep; one that cannot be read is told of, and the others are swept.
fn told(walk: io::Result<()>, folder: &Path) {
    match walk {
        Err(err) if err.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(error = %err, folder = %folder.display(), "a folder of documents cannot be read");
        }
        Ok(()) | Err(_) => {}
    }
}
