//! Process types from a folder of YAML files, for checking them before they are imported.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::process_type::ProcessTypeDocument;

use crate::yaml::{MAX_BYTES, ReadError, read_yaml};

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
    /// The process type, or why it is none.
    pub outcome: Result<ProcessTypeDocument, ReadError>,
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
    let outcome = if size > MAX_BYTES as u64 {
        Err(ReadError::of_the_whole(format!(
            "the file is larger than {MAX_BYTES} bytes"
        )))
    } else {
        match String::from_utf8(at(&path, fs::read(&path))?) {
            Ok(text) => read_yaml(&text),
            Err(_) => Err(ReadError::of_the_whole("the file is not UTF-8 text")),
        }
    };
    Ok(LoadedFile { path, outcome })
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, FolderError> {
    result.map_err(|source| FolderError {
        path: path.to_owned(),
        source,
    })
}
