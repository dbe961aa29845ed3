//! Business days: whose holidays count, and when a day ends (E11).

pub mod due;

use crate::firm::{Firm, Holiday};

/// A firm's business days on both calendars, in its time zone.
#[derive(Debug, Clone)]
pub struct Calendars {}

impl Calendars {
    /// The calendars of a firm: weekends, the shipped US holidays, and its own closing days.
    #[must_use]
    pub fn new(_firm: &Firm, _closings: &[Holiday]) -> Self {
        Self {}
    }
}
