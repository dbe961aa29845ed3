//! When to do a unit of work again: after a deadlock or the like, a few times, with a growing and uneven pause.

use std::time::Duration;

use domain::ambient::Ambient;

const MOST_TRIES: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(4);

/// Counts the tries of one unit of work.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    made: u32,
}

impl Tries {
    /// Pauses before another try; false when there have been enough.
    pub(crate) async fn again(&mut self, ambient: &dyn Ambient) -> bool {
        self.made += 1;
        if self.made >= MOST_TRIES {
            return false;
        }
        tokio::time::sleep(self.pause(ambient)).await;
        true
    }

    /// Doubles each time, times 0.5 to 1.5, so that two that collided do not collide again.
    fn pause(&self, ambient: &dyn Ambient) -> Duration {
        // The tail of a fresh id is random enough for this.
        let random = ambient.fresh_id().as_bytes()[15];
        let doubled = FIRST_PAUSE * 2_u32.pow(self.made - 1);
        doubled / 2 + doubled * u32::from(random) / 255
    }
}
