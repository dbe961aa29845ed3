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
    /// The key of the outcome with which it was completed.
    pub outcome: Option<String>,
    /// Of a step that is done once for each of several items, how far these have come (E24).
    pub items: Option<Items>,
}

/// The items of a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Items {
    /// How many there are.
    pub total: u32,
    /// How many of them are closed, done or not needed.
    pub done: u32,
    /// How many of the others are late.
    pub late: u32,
}

impl Items {
    /// In people's words.
    #[must_use]
    pub fn words(self) -> String {
        let Self { total, done, late } = self;
        let late = if late == 0 {
            String::new()
        } else {
            format!(", {late} late")
        };
        format!("{done} of {total} done{late}")
    }
}

/// The steps of a run by the key of their template. A step that is not listed is drawn without a standing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// By the key of the template.
    pub steps: BTreeMap<String, StepProgress>,
    /// The key of the result with which the run ended; none while it runs, and none of one that was cancelled (E15).
    pub result: Option<String>,
}
