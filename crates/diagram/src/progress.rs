//! How far a run has come: what is shown on the cards of its steps.

use std::collections::BTreeMap;

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Something it depends on has not happened.
    Waiting,
    /// To be done.
    Open,
    /// Somebody began.
    InProgress,
    /// To be done, and late.
    Overdue,
    /// Stopped for a reason.
    OnHold,
    /// Done.
    Completed,
    /// Not needed.
    Skipped,
    /// Its branch was not taken.
    NotTaken,
    /// Given up.
    Cancelled,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 9] = [
        Self::Waiting,
        Self::Open,
        Self::InProgress,
        Self::Overdue,
        Self::OnHold,
        Self::Completed,
        Self::Skipped,
        Self::NotTaken,
        Self::Cancelled,
    ];

    /// In people's words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting => "Not yet",
            Self::Open => "Open",
            Self::InProgress => "In progress",
            Self::Overdue => "Overdue",
            Self::OnHold => "On hold",
            Self::Completed => "Done",
            Self::Skipped => "Skipped",
            Self::NotTaken => "Not taken",
            Self::Cancelled => "Cancelled",
        }
    }
}

/// A step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepProgress {
    /// How it stands.
    pub standing: Standing,
    /// Who has it, or had it when it was done.
    pub who: Option<String>,
}

/// The steps of a run by the key of their template. A step that is not listed is drawn without a standing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// By the key of the template.
    pub steps: BTreeMap<String, StepProgress>,
}
