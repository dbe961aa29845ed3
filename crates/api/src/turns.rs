//! Turns at work that takes a processor for a while: away from the threads that answer requests, few at a time.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::http::problem::{Code, Problem};

/// How many work at the same time: requests need some processors, too.
const AT_ONCE: usize = 2;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hands out turns.
#[derive(Debug, Clone)]
pub struct Turns {
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Turns {
    fn default() -> Self {
        Self::of(AT_ONCE, PATIENCE)
    }
}

impl Turns {
    fn of(places: usize, patience: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
            patience,
        }
    }

    /// Does the work when it is its turn; refuses it where that takes too long.
    pub async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = timeout(self.patience, Arc::clone(&self.places).acquire_owned()).await;
        let place = turn
            .map_err(|_| {
                let detail = "Too much is being drawn at present; try again in a moment.";
                Problem::new(Code::Unavailable, detail)
            })?
            .map_err(Problem::internal)?;
        // The place is given back when the work has ended, whether anybody still waits for it or not.
        let worked = spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        worked.await.map_err(Problem::internal)?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[actix_web::test]
    async fn who_waits_too_long_for_a_turn_is_refused_and_turns_come_back() {
        let turns = Turns::of(1, Duration::from_millis(20));
        let (go_on, told) = mpsc::channel();
        let first = turns.clone();
        let first = actix_web::rt::spawn(async move {
            first
                .take(move || told.recv().map_err(Problem::internal))
                .await
        });
        // The first has taken the only place as soon as nothing is left of it.
        while turns.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = turns.take(|| Ok(())).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable);
        go_on.send(()).unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(turns.take(|| Ok(7)).await.unwrap(), 7);
    }
}
