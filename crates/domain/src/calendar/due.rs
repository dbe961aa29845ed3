//! Due rules (E11).

use chrono::{DateTime, Utc};

use super::Calendars;
use crate::{process_type::definition::DueRule, value::FieldValue};

/// Where a due rule finds what it counts from.
pub trait Anchors {
    /// When the process started.
    fn process_start(&self) -> DateTime<Utc>;
    /// When the task opened (or would open).
    fn opened(&self) -> DateTime<Utc>;
    /// When the task with this key was completed, if it was.
    fn completed(&self, task: &str) -> Option<DateTime<Utc>>;
    /// The value of an attribute of the subject.
    fn attribute(&self, key: &str) -> Option<FieldValue>;
    /// The value of a form field.
    fn field(&self, key: &str) -> Option<FieldValue>;
}

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The instant: close of business of the due day, or the exact time for hours.
    pub at: DateTime<Utc>,
    /// It would have been past and became today (E11).
    pub compressed: bool,
}

/// When a rule's task is due; none while its base and every fallback's is unknown.
#[must_use]
pub fn due(
    _rule: &DueRule,
    _anchors: &dyn Anchors,
    _calendars: &Calendars,
    _now: DateTime<Utc>,
) -> Option<Due> {
    None
}
