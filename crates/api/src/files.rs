//! Stored files: each arrives beside the others under a name of its own, is made safe on disk, and only then moves to its
//! place. What is not kept is taken away again.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use actix_web::{
    http::header::{self, HeaderValue},
    web::Payload,
};
use domain::ids::{DocumentId, FirmId};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::{fs::File, io::AsyncWriteExt as _};

use crate::{
    config::Config,
    http::problem::{Code, Problem},
};

/// The folder in which files are kept, and how large and how slow a new one may be.
#[derive(Debug)]
pub(crate) struct Files<'c> {
    folder: &'c Path,
    limit: u64,
    patience: Duration,
}

/// A new file. Unless it is kept, it is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    kept: bool,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// SHA-256 of its bytes.
    pub(crate) sha256: [u8; 32],
}

impl<'c> Files<'c> {
    /// The files that the settings tell of.
    pub(crate) fn new(config: &'c Config) -> Self {
        Self {
            folder: &config.documents,
            limit: config.document_limit,
            patience: config.body_deadline,
        }
    }

    /// Refuses what is known to be too large before it is sent.
    pub(crate) fn welcome(&self, announced: Option<u64>) -> Result<(), Problem> {
        match announced {
            Some(length) if length > self.limit => Err(self.too_large()),
            Some(_) | None => Ok(()),
        }
    }

    /// Takes a file in as it arrives and puts it in its place; it is safe on disk afterwards.
    pub(crate) async fn receive(
        &self,
        firm: FirmId,
        id: DocumentId,
        payload: Payload,
    ) -> Result<NewFile, Problem> {
        let arriving = self.folder.join("incoming").join(id.to_string());
        let (mut file, disk) = on_disk(move || NewFile::create(arriving)).await?;
        self.fill(&mut file, File::from_std(disk), payload).await?;
        let place = self.place(firm, id);
        on_disk(move || file.settle(&place)).await
    }

    /// Opens a stored file.
    pub(crate) async fn open(&self, firm: FirmId, id: DocumentId) -> io::Result<File> {
        File::open(self.place(firm, id)).await
    }

    /// Folders by the end of the id, which is random, so that none becomes too large.
    fn place(&self, firm: FirmId, id: DocumentId) -> PathBuf {
        let name = id.to_string();
        let (_, folder) = name.split_at(name.len() - 2);
        self.folder.join(firm.to_string()).join(folder).join(&name)
    }

    async fn fill(
        &self,
        file: &mut NewFile,
        mut disk: File,
        mut payload: Payload,
    ) -> Result<(), Problem> {
        let mut digest = Sha256::new();
        loop {
            let chunk = tokio::time::timeout(self.patience, payload.next())
                .await
                .map_err(|_| self.too_slow())?;
            let Some(chunk) = chunk else { break };
            let chunk = chunk.map_err(|err| {
                Problem::new(Code::BadRequest, format!("The body broke off: {err}."))
            })?;
            file.size += chunk.len() as u64;
            if file.size > self.limit {
                return Err(self.too_large());
            }
            digest.update(&chunk);
            disk.write_all(&chunk).await.map_err(Problem::internal)?;
        }
        disk.flush().await.map_err(Problem::internal)?;
        disk.sync_all().await.map_err(Problem::internal)?;
        file.sha256 = digest.finalize().into();
        Ok(())
    }

    fn too_large(&self) -> Problem {
        let detail = format!("A document may have at most {} bytes.", self.limit);
        Problem::new(Code::PayloadTooLarge, detail)
            .with_header(header::CONNECTION, HeaderValue::from_static("close"))
    }

    fn too_slow(&self) -> Problem {
        let detail = format!(
            "Nothing arrived for {} seconds.",
            self.patience.as_secs_f32()
        );
        Problem::new(Code::RequestTimeout, detail)
            .with_header(header::CONNECTION, HeaderValue::from_static("close"))
    }
}

impl NewFile {
    /// It stays, whatever comes.
    pub(crate) fn keep(&mut self) {
        self.kept = true;
    }

    /// It goes after all.
    pub(crate) fn discard(mut self) {
        self.kept = false;
    }

    fn create(path: PathBuf) -> io::Result<(Self, fs::File)> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let disk = fs::File::create_new(&path)?;
        let file = Self {
            path,
            kept: false,
            size: 0,
            sha256: [0; 32],
        };
        Ok((file, disk))
    }

    fn settle(mut self, place: &Path) -> io::Result<Self> {
        let folder = place.parent().unwrap_or(place);
        fs::create_dir_all(folder)?;
        fs::rename(&self.path, place)?;
        // From here on it is there that it has to be removed.
        place.clone_into(&mut self.path);
        // A file is there for good once the folders that lead to it are.
        for folder in folder.ancestors().take(3) {
            sync_folder(folder)?;
        }
        Ok(self)
    }
}

/// Does something to a file away from the server's threads. Whoever waits for it may be gone before it is done: then its
/// outcome is dropped, and a new file is removed with it.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(Problem::internal)?.map_err(Problem::internal)
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept
            && let Err(err) = std::fs::remove_file(&self.path)
            && err.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(error = %err, path = %self.path.display(), "a file that is not kept cannot be removed");
        }
    }
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use uuid::Uuid;

    use super::*;

    /// What a step leaves behind for which nobody waits any more.
    fn left_by<T: Send + 'static>(
        folder: &Path,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Vec<PathBuf> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (begun, begins) = std::sync::mpsc::channel();
        let (go, gone) = std::sync::mpsc::channel::<()>();
        runtime.block_on(async {
            let step = on_disk(move || {
                begun.send(()).unwrap();
                gone.recv().unwrap();
                work()
            });
            assert!(step.now_or_never().is_none(), "it is under way");
            begins.recv().unwrap();
        });
        go.send(()).unwrap();
        // Waits for what is under way.
        drop(runtime);
        let files = fs::read_dir(folder).unwrap();
        files
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .collect()
    }

    #[test]
    fn a_file_for_which_nobody_waits_any_more_is_removed() {
        let id = Uuid::from_u128(u128::from(std::process::id()));
        let folder = std::env::temp_dir().join(format!("baton_files_{id}"));
        fs::create_dir(&folder).unwrap();
        let path = folder.join("arriving");
        let created = path.clone();
        assert!(left_by(&folder, move || NewFile::create(created)).is_empty());

        let (file, _) = NewFile::create(path).unwrap();
        let place = folder.join("place");
        assert!(left_by(&folder, move || file.settle(&place)).is_empty());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_that_is_kept_stays() {
        let id = Uuid::from_u128(u128::from(std::process::id()));
        let folder = std::env::temp_dir().join(format!("baton_kept_{id}"));
        let (mut file, _) = NewFile::create(folder.join("arriving")).unwrap();
        file.keep();
        drop(file);
        assert!(folder.join("arriving").is_file());
        fs::remove_dir_all(folder).unwrap();
    }
}
