//! Soundness: what a definition must be before it may run (E20). All faults and warnings at once, each at its place.

mod conditions;
mod dues;
mod effects;
mod fates;
mod flow;
#[cfg(test)]
mod flow_properties;
mod forms;
mod graph;
mod index;
mod keys;
mod kinds;
mod names;
mod outcomes;
mod owners;
#[cfg(test)]
pub(super) mod sample;
mod shape;
mod subject;
mod texts;
mod unknown;
mod warnings;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{document::ProcessTypeDocument, parse};
use crate::{
    attribute::AttributeType,
    fault::{Fault, Faults},
    ids::UserId,
    role::RoleKind,
};
use index::Index;

pub use index::own_kinds;
pub use names::KNOWN_NAMES;

/// The most tasks that a definition may have.
pub const MAX_TASKS: usize = 300;

/// What a firm has that definitions name by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckContext {
    /// Its roles by key.
    pub roles: BTreeMap<String, RoleKind>,
    /// Its attribute definitions, without the archived ones.
    pub attributes: Vec<KnownAttribute>,
    /// Keys of its process types.
    pub process_types: BTreeSet<String>,
    /// Its active users.
    pub users: BTreeSet<UserId>,
    /// Its own kinds of entity, besides the built-in ones and those that its attributes name.
    pub entity_kinds: BTreeSet<String>,
    /// Whose all of this is.
    pub source: NameSource,
    /// The day from which a definition is to be in effect: a cadence has to have a day to come. None looks at no time.
    pub today: Option<NaiveDate>,
}

/// Whose the names are that a definition is checked by: what to do about an unknown one depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NameSource {
    /// A firm's.
    #[default]
    Firm,
    /// The library's, for a folder of files that is to be imported into a firm which is not at hand.
    Library,
}

/// What the checks need of an attribute definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAttribute {
    /// Its key.
    pub key: String,
    /// Kind of entity that has it; `client` serves four kinds.
    pub entity_kind: String,
    /// Type of its values.
    pub value_type: AttributeType,
    /// What may be chosen.
    pub options: Vec<String>,
}

/// The outcome of all checks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What must be put right before publishing.
    pub faults: Vec<Fault>,
    /// What should be looked at.
    pub warnings: Vec<Fault>,
}

impl Report {
    /// Whether it may be published.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Reads a document and checks what it says.
#[must_use]
pub fn check(document: &ProcessTypeDocument, context: &CheckContext) -> Report {
    if document.tasks.len() > MAX_TASKS {
        // The checks of flow are quadratic in the tasks.
        let detail = format!(
            "A process type has at most {MAX_TASKS} tasks, this one {}: split it into subprocesses.",
            document.tasks.len()
        );
        return Report {
            faults: vec![Fault::new("/tasks", "too-many-tasks", detail)],
            warnings: Vec::new(),
        };
    }
    let (definition, unread) = parse::read(document);
    let index = Index::new(document, &definition, context);
    let mut faults = Faults::default();
    keys::check(&index, &mut faults);
    subject::check(&index, &mut faults);
    kinds::check(&index, &mut faults);
    flow::check(&index, &mut faults);
    outcomes::check(&index, &mut faults);
    owners::check(&index, &mut faults);
    forms::check(&index, &mut faults);
    conditions::check(&index, &mut faults);
    dues::check(&index, &mut faults);
    effects::check(&index, &mut faults);
    texts::check(&index, &mut faults);
    let mut report = Report {
        faults: unread,
        warnings: warnings::of(&index),
    };
    report.faults.extend(faults.into_vec());
    report
}

#[cfg(test)]
mod tests {
    use super::{sample, *};

    /// E20
    #[test]
    fn the_library_s_new_account_opening_is_sound_and_gives_no_warning() {
        let report = check(&sample::new_account_opening(), &sample::context());
        assert_eq!(report, Report::default());
        assert!(report.is_sound());
    }
}
