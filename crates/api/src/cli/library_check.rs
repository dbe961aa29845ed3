//! `baton library check`

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    path::{Path, PathBuf},
};

use clap::Args;
use domain::{
    fault::Fault,
    process_type::{CheckContext, ProcessTypeDocument, Report, blank_texts, check, json_schema},
};
use jsonschema::Validator;
use library::{LoadedFile, check_context, load_folder};

use super::Failure;
use crate::http::faults;

/// Checks process types in YAML files as importing and publishing would, against the roles and attributes of the library.
#[derive(Debug, Args)]
pub(super) struct LibraryCheck {
    /// A file, or a folder with files.
    path: PathBuf,
}

impl LibraryCheck {
    pub(super) fn run(self) -> Result<(), Failure> {
        let files = load_folder(&self.path).map_err(|err| format!("{err}: {}", err.source))?;
        if files.is_empty() {
            return Err(format!("no YAML file in {}", self.path.display()).into());
        }
        let bad = Checker::new(&files)?.print(&files, &mut std::io::stdout().lock())?;
        if bad == 0 {
            Ok(())
        } else {
            Err(format!("{bad} of {} files have faults", files.len()).into())
        }
    }
}

struct Checker {
    schema: Validator,
    context: CheckContext,
    /// How many of the files have each key.
    keys: BTreeMap<String, usize>,
}

impl Checker {
    /// What the files start may be among them, or in the library.
    fn new(files: &[LoadedFile]) -> Result<Self, Failure> {
        let mut keys = BTreeMap::new();
        for document in files.iter().filter_map(|file| file.outcome.as_ref().ok()) {
            *keys.entry(document.key.clone()).or_default() += 1;
        }
        let mut context = check_context();
        let own: BTreeSet<String> = keys.keys().cloned().collect();
        context.process_types.extend(own);
        let schema = jsonschema::draft202012::new(&json_schema())?;
        Ok(Self {
            schema,
            context,
            keys,
        })
    }

    /// Prints what is wrong, a line each; tells how many files have faults.
    fn print(&self, files: &[LoadedFile], out: &mut impl std::io::Write) -> Result<usize, Failure> {
        let mut bad = 0;
        for file in files {
            let report = match &file.outcome {
                Ok(document) => self.report(document)?,
                Err(err) => {
                    line(out, &file.path, err)?;
                    bad += 1;
                    continue;
                }
            };
            bad += usize::from(!report.is_sound());
            for fault in &report.faults {
                line(out, &file.path, shown(fault))?;
            }
            for warning in &report.warnings {
                line(out, &file.path, format_args!("warning: {}", shown(warning)))?;
            }
        }
        writeln!(out, "{} files checked", files.len())?;
        Ok(bad)
    }

    fn report(&self, document: &ProcessTypeDocument) -> Result<Report, Failure> {
        let mut report = check(document, &self.context);
        let mut faults = faults::check(&self.schema, &serde_json::to_value(document)?);
        faults.extend(blank_texts(document));
        if self.keys.get(&document.key).is_some_and(|files| *files > 1) {
            let detail = "Another of the files has this key: give each its own.";
            faults.push(Fault::new("/key", "duplicate-key", detail));
        }
        // A malformed key, say, is found by both.
        faults.retain(|fault| !report.faults.iter().any(|it| it.pointer == fault.pointer));
        report.faults.extend(faults);
        Ok(report)
    }
}

fn line(out: &mut impl std::io::Write, path: &Path, said: impl Display) -> Result<(), Failure> {
    writeln!(out, "{}: {said}", path.display())?;
    Ok(())
}

fn shown(fault: &Fault) -> String {
    format!("{}: {} ({})", fault.pointer, fault.detail, fault.code)
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
        let mut out = Vec::new();
        let bad = Checker::new(files).unwrap().print(files, &mut out).unwrap();
        (bad, String::from_utf8(out).unwrap())
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
        assert_eq!(lines[2], "2 files checked");
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
