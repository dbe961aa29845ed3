//! What people hand in when they complete a task or tick an item, and what effects come of.

use std::collections::BTreeMap;

use crate::value::FieldValue;

/// The content of a completion (E7).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CompletionInput {
    /// The outcome chosen.
    pub outcome: Option<String>,
    /// The reason code chosen with it.
    pub reason_code: Option<String>,
    /// What they note.
    pub note: Option<String>,
    /// Items to tick (`true`) or untick on the way.
    pub checklist: BTreeMap<String, bool>,
    /// Values to put into the form on the way; none clears.
    pub form: BTreeMap<String, Option<FieldValue>>,
    /// Why an override is used (X12).
    pub override_reason: Option<String>,
}

/// The state to which an item of a checklist is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckState {
    /// Not done.
    Open,
    /// Ticked.
    Done,
    /// Does not apply, which counts as done.
    NotApplicable {
        /// Why.
        note: Option<String>,
    },
}

/// What effects come of (E13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EffectSource {
    /// The completion of a task.
    Task {
        /// Its place in the run.
        index: usize,
        /// With this outcome.
        outcome: Option<String>,
    },
    /// The result of the process.
    Result,
}

impl EffectSource {
    /// The place of the task in the run, if it is one.
    #[must_use]
    pub const fn task(&self) -> Option<usize> {
        match self {
            Self::Task { index, .. } => Some(*index),
            Self::Result => None,
        }
    }

    /// The outcome, if the task has one.
    #[must_use]
    pub fn outcome(&self) -> Option<&str> {
        match self {
            Self::Task { outcome, .. } => outcome.as_deref(),
            Self::Result => None,
        }
    }
}
