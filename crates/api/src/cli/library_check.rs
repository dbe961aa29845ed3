//! `baton library check`

use std::{io::Write as _, path::PathBuf};

use clap::Args;
use library::{LoadedFile, check_context};

use super::{
    Failure,
    library_files::{Checker, Findings, load},
};

/// Checks process types in YAML files as importing and publishing would, against the roles and attributes of the library.
#[derive(Debug, Args)]
pub(super) struct LibraryCheck {
    /// A file, or a folder with files.
    path: PathBuf,
}

impl LibraryCheck {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = load(&self.path)?;
        let findings = examine(&files)?;
        let mut out = std::io::stdout().lock();
        findings.print(&mut out)?;
        writeln!(out, "{} files checked", files.len())?;
        match findings.bad {
            0 => Ok(()),
            bad => Err(format!("{bad} of {} files have faults", files.len()).into()),
        }
    }
}

/// What the files start may be among them, or in the library.
fn examine(files: &[LoadedFile]) -> Result<Findings, Failure> {
    let checker = Checker::new(files)?;
    let mut context = check_context();
    context.process_types.extend(checker.keys().cloned());
    let mut findings = Findings::default();
    for file in files {
        match &file.outcome {
            Ok(document) => findings.report(&file.path, &checker.report(document, &context)),
            Err(err) => findings.unreadable(&file.path, err),
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use library::{read_yaml, workflows};

    use super::*;

    fn file(path: &str, text: &str) -> LoadedFile {
        LoadedFile {
            path: path.into(),
            outcome: read_yaml(text),
        }
    }

    fn checked(files: &[LoadedFile]) -> (usize, String) {
        let found = examine(files).unwrap();
        let mut out = Vec::new();
        found.print(&mut out).unwrap();
        (found.bad, String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_library_itself_passes() {
        let files: Vec<LoadedFile> = workflows()
            .iter()
            .map(|workflow| file(workflow.slug, workflow.source))
            .collect();
        let (bad, out) = checked(&files);
        assert_eq!(bad, 0, "{out}");
    }

    #[test]
    fn each_fault_is_printed_with_its_file_and_place() {
        let unknown = format!("{}\nsurprise: 1\n", workflows()[0].source);
        let files = [file("a.yaml", "key: ["), file("b.yaml", &unknown)];
        let (bad, out) = checked(&files);
        assert_eq!(bad, 2);
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[0].starts_with("a.yaml: line 1, column "), "{out}");
        assert!(lines[1].starts_with("b.yaml: line "), "{out}");
        assert_eq!(lines.len(), 2, "{out}");
    }

    #[test]
    fn what_the_schema_the_checks_and_the_other_files_refuse_is_a_fault() {
        let mut document = workflows()[0].document.clone();
        document.name = "x".repeat(121);
        document.summary = " ".to_owned();
        document.tasks[0].stage = Some("nowhere".to_owned());
        let file = |path: &str| LoadedFile {
            path: path.into(),
            outcome: Ok(document.clone()),
        };
        let (bad, out) = checked(&[file("a.yaml"), file("b.yaml")]);
        assert_eq!(bad, 2);
        for fault in [
            "a.yaml: /name: At most 120 characters. (too-long)",
            "a.yaml: /summary: Say something that people can read. (blank)",
            "a.yaml: /tasks/0/stage: ",
            "a.yaml: /key: Another of the files has this key: give each its own. (duplicate-key)",
            "b.yaml: /key: ",
        ] {
            assert!(
                out.lines().any(|line| line.starts_with(fault)),
                "{fault}\n{out}"
            );
        }
    }
}
