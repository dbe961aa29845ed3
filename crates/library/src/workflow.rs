//! The workflows of the library, by slug and by key, and what each brings along.

use std::{collections::BTreeSet, sync::LazyLock};

use domain::process_type::ProcessTypeDocument;

use crate::{
    index::{self, EmbeddedFile},
    names::types_started_by,
    yaml::read_yaml,
};

/// A process type that a firm can install.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// Its name in addresses, unique in the library.
    pub slug: &'static str,
    /// The file as it is written, comments included.
    pub source: &'static str,
    /// The process type.
    pub document: ProcessTypeDocument,
}

/// A file that cannot be read never ships: the tests read each one.
static WORKFLOWS: LazyLock<Vec<Workflow>> =
    LazyLock::new(|| index::WORKFLOWS.iter().filter_map(read).collect());

fn read(file: &EmbeddedFile) -> Option<Workflow> {
    read_yaml(file.text).ok().map(|document| Workflow {
        slug: file.slug(),
        source: file.text,
        document,
    })
}

/// Every workflow of the library.
#[must_use]
pub fn workflows() -> &'static [Workflow] {
    &WORKFLOWS
}

/// The workflow with a slug.
#[must_use]
pub fn find(slug: &str) -> Option<&'static Workflow> {
    WORKFLOWS.iter().find(|workflow| workflow.slug == slug)
}

/// The workflow whose process type has a key.
#[must_use]
pub fn by_key(key: &str) -> Option<&'static Workflow> {
    WORKFLOWS
        .iter()
        .find(|workflow| workflow.document.key == key)
}

/// A workflow and every type that it starts, directly or through another, as far as the library has them. Nearest first;
/// nothing for an unknown slug.
#[must_use]
pub fn closure(slug: &str) -> Vec<&'static Workflow> {
    let mut found: Vec<&'static Workflow> = find(slug).into_iter().collect();
    let mut seen: BTreeSet<&str> = found.iter().map(|w| w.document.key.as_str()).collect();
    let mut next = 0;
    while let Some(workflow) = found.get(next).copied() {
        for key in types_started_by(&workflow.document) {
            if seen.insert(key) {
                found.extend(by_key(key));
            }
        }
        next += 1;
    }
    found
}
