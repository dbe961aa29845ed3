//! The only two impure inputs a decision may use, made explicit.

use chrono::{DateTime, SubsecRound as _, Utc};
use uuid::Uuid;

/// Where the time and fresh identifiers come from.
pub trait Ambient: Send + Sync {
    /// The current instant, in whole microseconds (what both databases keep).
    fn now(&self) -> DateTime<Utc>;
    /// A new time-ordered identifier.
    fn fresh_id(&self) -> Uuid;
}

/// The real world.
#[derive(Debug, Default)]
pub struct SystemAmbient;

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the real clock"
)]
impl Ambient for SystemAmbient {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}
