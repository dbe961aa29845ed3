//! Reading folders of YAML files.

use std::{fs, path::PathBuf};

use crate::{load_folder, workflows};

/// A folder of this test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("baton-{name}-{}", std::process::id()));
        fs::create_dir_all(path.join("inner")).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_yaml_file_of_a_folder_is_read_in_order_and_faults_are_kept_apart() {
    let folder = Folder::new("folder");
    let source = workflows()[0].source;
    fs::write(folder.0.join("b.yaml"), source).unwrap();
    fs::write(folder.0.join("inner/c.yml"), "key: [").unwrap();
    fs::write(folder.0.join("a.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    fs::write(folder.0.join("notes.txt"), "key: [").unwrap();
    let files = load_folder(&folder.0).unwrap();
    let names: Vec<&str> = files
        .iter()
        .map(|file| file.path.strip_prefix(&folder.0).unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, ["a.yaml", "b.yaml", "inner/c.yml"]);
    assert!(
        files[0]
            .outcome
            .as_ref()
            .unwrap_err()
            .detail
            .contains("UTF-8")
    );
    assert_eq!(files[1].outcome.as_ref(), Ok(&workflows()[0].document));
    assert!(files[2].outcome.is_err());
}

#[test]
fn a_file_can_be_named_itself() {
    let folder = Folder::new("file");
    let path = folder.0.join("definition.txt");
    fs::write(&path, workflows()[0].source).unwrap();
    let files = load_folder(&path).unwrap();
    assert_eq!(files.len(), 1);
    assert!(files[0].outcome.is_ok());
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = Folder::new("large");
    let path = folder.0.join("large.yaml");
    fs::write(&path, " ".repeat(crate::MAX_BYTES + 1)).unwrap();
    let files = load_folder(&folder.0).unwrap();
    assert!(
        files[0]
            .outcome
            .as_ref()
            .unwrap_err()
            .detail
            .contains("larger")
    );
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let error = load_folder(&PathBuf::from("no/such/folder")).unwrap_err();
    assert_eq!(error.to_string(), "cannot read no/such/folder");
}
