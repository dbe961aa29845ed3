//! Business days: whose holidays count, and when a day ends (E11).

/// A firm's business days on both calendars, in its time zone.
#[derive(Debug, Clone)]
pub struct Calendars {}
