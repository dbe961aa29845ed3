//! Time that stands still until it is moved, and ids that are counted.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use domain::ambient::Ambient;
use uuid::Uuid;

/// Monday, 4 March 2030, 15:00 UTC: ten in the morning in New York.
const START: i64 = 1_898_866_800_000_000;

/// A clock that tests move, and the ids `…-7000-8000-000000000001`, `…2` and so on.
#[derive(Debug)]
pub struct TestAmbient {
    micros: AtomicI64,
    ids: AtomicU64,
}

impl TestAmbient {
    pub(crate) const fn new() -> Self {
        Self {
            micros: AtomicI64::new(START),
            ids: AtomicU64::new(1),
        }
    }

    /// Moves the clock.
    pub fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().expect("a step that can be counted");
        self.micros.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Ambient for TestAmbient {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.micros.load(Ordering::SeqCst)).expect("a real time")
    }

    /// UUIDs of version 7 as on a server whose clock stood still at the start: they sort in the order of their making.
    fn fresh_id(&self) -> Uuid {
        let millis = u64::try_from(START / 1000).expect("a time after 1970");
        let count = self.ids.fetch_add(1, Ordering::SeqCst);
        Uuid::from_u64_pair(millis << 16 | 0x7000, 0x8000_0000_0000_0000 | count)
    }
}
