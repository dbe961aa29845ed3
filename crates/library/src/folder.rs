//! Process types from a folder of YAML files, for checking them before they are imported.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::process_type::ProcessTypeDocument;

use crate::{
    source::{Place, Source, read_source},
    yaml::{MAX_BYTES, ReadError, read_yaml, too_large},
};

/// A file or folder that could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}", path.display())]
pub struct FolderError {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// One YAML file and what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What is written there, as far as it is YAML.
    pub source: Option<Source>,
    /// The process type, or why it is none.
    pub outcome: Result<ProcessTypeDocument, ReadError>,
}

impl LoadedFile {
    /// A file that says this.
    #[must_use]
    pub fn of(path: PathBuf, text: &str) -> Self {
        let (source, outcome) = match read_source(text) {
            Ok(source) => (Some(source), read_yaml(text)),
            Err(err) => (None, Err(err)),
        };
        Self {
            path,
            source,
            outcome,
        }
    }

    const fn unread(path: PathBuf, err: ReadError) -> Self {
        Self {
            path,
            source: None,
            outcome: Err(err),
        }
    }

    /// The key that it has, whether or not the rest of it can be read.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match (&self.outcome, &self.source) {
            (Ok(document), _) => Some(&document.key),
            (Err(_), Some(source)) => source.value.get("key")?.as_str(),
            (Err(_), None) => None,
        }
    }
}

/// Reads every `.yaml` and `.yml` file of a folder and the folders in it, in the order of their paths; a file that is
/// named itself is read whatever its extension. Links are not followed.
pub fn load_folder(path: &Path) -> Result<Vec<LoadedFile>, FolderError> {
    let mut files = Vec::new();
    if at(path, fs::metadata(path))?.is_dir() {
        collect(path, &mut files)?;
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    files.into_iter().map(load).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), FolderError> {
    for entry in at(folder, fs::read_dir(folder))? {
        let entry = at(folder, entry)?;
        let path = entry.path();
        let kind = at(&path, entry.file_type())?;
        if kind.is_dir() {
            collect(&path, files)?;
        } else if kind.is_file() && is_yaml(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn load(path: PathBuf) -> Result<LoadedFile, FolderError> {
    let size = at(&path, fs::metadata(&path))?.len();
    if size > MAX_BYTES as u64 {
        return Ok(LoadedFile::unread(path, too_large()));
    }
    let bytes = at(&path, fs::read(&path))?;
    Ok(match str::from_utf8(&bytes) {
        Ok(text) => LoadedFile::of(path, text),
        Err(err) => {
            let before = String::from_utf8_lossy(&bytes[..err.valid_up_to()]);
            let line = before.matches('\n').count() as u64 + 1;
            let column = before.chars().rev().take_while(|it| *it != '\n').count() as u64 + 1;
            let detail = "Here the file is not UTF-8 text: save it as UTF-8.";
            let err = ReadError {
                place: Place { line, column },
                ..ReadError::of_the_whole(detail)
            };
            LoadedFile::unread(path, err)
        }
    })
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, FolderError> {
    result.map_err(|source| FolderError {
        path: path.to_owned(),
        source,
    })
}
