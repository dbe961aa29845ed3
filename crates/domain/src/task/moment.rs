//! What has come of a task's due date: who was reminded of it and before whom it was brought, each once (E12, E21).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Task;

/// Something that comes once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Moment {
    /// A reminder of the due date.
    Reminder {
        /// Its place among the reminders of the template.
        number: usize,
    },
    /// The escalation of a task that is not done in time.
    Escalation,
    /// The escalation of a task that nobody but its preparers could execute (E21).
    NobodyElse,
}

/// A moment that has come, in this attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastMoment {
    /// Which.
    pub moment: Moment,
    /// Of which due date; none where no due date has to do with it.
    pub due_at: Option<DateTime<Utc>>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Task {
    /// Whether a moment of this due date has come already.
    #[must_use]
    pub fn has_come(&self, moment: Moment, due_at: Option<DateTime<Utc>>) -> bool {
        self.moments
            .iter()
            .any(|past| past.moment == moment && past.due_at == due_at)
    }

    /// When it was last brought before somebody, in this attempt.
    #[must_use]
    pub fn escalated_at(&self) -> Option<DateTime<Utc>> {
        let escalations = self.moments.iter().filter(|past| match past.moment {
            Moment::Escalation | Moment::NobodyElse => true,
            Moment::Reminder { .. } => false,
        });
        escalations.map(|past| past.at).max()
    }
}
