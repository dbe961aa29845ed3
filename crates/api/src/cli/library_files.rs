//! Process types in files: read from a folder, and checked as importing and publishing would.

use std::{
    collections::BTreeMap,
    fmt::Display,
    io::{self, Write},
    path::Path,
};

use domain::{
    fault::Fault,
    process::engine::snapshot,
    process_type::{CheckContext, ProcessTypeDocument, Report, blank_texts, check, json_schema},
};
use jsonschema::Validator;
use library::{LoadedFile, Place, ReadError, load_folder};

use super::Failure;
use crate::http::{faults, yaml::faults_as_written};

/// The YAML files at a path; at least one.
pub(super) fn load(path: &Path) -> Result<Vec<LoadedFile>, Failure> {
    let files = load_folder(path).map_err(|err| format!("{err}: {}", err.source))?;
    if files.is_empty() {
        return Err(format!("no YAML file in {}", path.display()).into());
    }
    Ok(files)
}

/// Checks files one by one, with an eye on the others.
pub(super) struct Checker {
    schema: Validator,
    /// How many of the files have each key.
    keys: BTreeMap<String, usize>,
}

impl Checker {
    pub(super) fn new(files: &[LoadedFile]) -> Result<Self, Failure> {
        let mut keys = BTreeMap::new();
        for key in files.iter().filter_map(LoadedFile::key) {
            *keys.entry(key.to_owned()).or_default() += 1;
        }
        let schema = jsonschema::draft202012::new(&json_schema())?;
        Ok(Self { schema, keys })
    }

    /// The keys of all files.
    pub(super) fn keys(&self) -> impl Iterator<Item = &String> {
        self.keys.keys()
    }

    /// Whether several of the files have this key.
    pub(super) fn is_repeated(&self, key: &str) -> bool {
        self.keys.get(key).is_some_and(|files| *files > 1)
    }

    /// What keeps a file from being read: all that the schema says of it, as far as it is YAML, else what its reader says.
    pub(super) fn unreadable(&self, file: &LoadedFile, err: &ReadError) -> Vec<Finding> {
        let source = file.source.as_ref();
        let found = source.map(|source| faults_as_written(&self.schema, source));
        match found {
            Some(found) if !found.is_empty() => {
                found.iter().map(|fault| Finding::of(file, fault)).collect()
            }
            Some(_) | None => vec![Finding {
                place: Some(err.place),
                said: err.detail.clone(),
            }],
        }
    }

    /// What the schema, the checks of soundness and the other files say of a process type.
    pub(super) fn report(&self, document: &ProcessTypeDocument, context: &CheckContext) -> Report {
        let mut report = check(document, context);
        let mut faults = faults::check(&self.schema, &snapshot(document));
        faults.extend(blank_texts(document));
        if self.is_repeated(&document.key) {
            let detail = "Another of the files has this key: give each its own.";
            faults.push(Fault::new("/key", "duplicate-key", detail));
        }
        // A malformed key, say, is found by both.
        faults.retain(|fault| !report.faults.iter().any(|it| it.pointer == fault.pointer));
        report.faults.extend(faults);
        report
    }
}

/// Something that was found in a file.
#[derive(Debug)]
pub(super) struct Finding {
    place: Option<Place>,
    said: String,
}

impl Finding {
    fn of(file: &LoadedFile, fault: &Fault) -> Self {
        let source = file.source.as_ref();
        Self {
            place: source.map(|source| source.place(&fault.pointer)),
            said: format!("{}: {} ({})", fault.pointer, fault.detail, fault.code),
        }
    }
}

/// What was found in files, a line each: `FILE:LINE:COLUMN: /pointer: what is wrong (code)`.
#[derive(Debug, Default)]
pub(super) struct Findings {
    lines: Vec<String>,
    /// How many of the files have faults.
    pub(super) bad: usize,
}

impl Findings {
    /// Notes a file that is no process type, with the reasons.
    pub(super) fn unreadable(&mut self, path: &Path, reasons: &[Finding]) {
        self.bad += 1;
        for reason in reasons {
            self.add(path, reason, "");
        }
    }

    /// Notes what was found in a process type.
    pub(super) fn report(&mut self, file: &LoadedFile, report: &Report) {
        self.bad += usize::from(!report.is_sound());
        for fault in &report.faults {
            self.add(&file.path, &Finding::of(file, fault), "");
        }
        for warning in &report.warnings {
            self.add(&file.path, &Finding::of(file, warning), "warning: ");
        }
    }

    /// Notes something else that is to be said of a file.
    pub(super) fn say(&mut self, path: &Path, said: impl Display) {
        self.lines.push(format!("{}: {said}", path.display()));
    }

    fn add(&mut self, path: &Path, finding: &Finding, kind: &str) {
        let path = path.display();
        let place = finding.place.map(|place| format!(":{place}"));
        let place = place.unwrap_or_default();
        self.lines
            .push(format!("{path}{place}: {kind}{}", finding.said));
    }

    /// Writes all of it.
    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        self.lines
            .iter()
            .try_for_each(|line| writeln!(out, "{line}"))
    }
}
