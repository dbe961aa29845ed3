//! What takes long to set or to draw: made away from the threads that answer requests, a few at a time, and kept.

use std::{sync::Arc, time::Duration};

use actix_web::web::Bytes;
use moka::sync::Cache;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::http::problem::{Code, Problem};

/// How many are made at a time: each takes a core, and requests need some, too.
const AT_A_TIME: usize = 2;
/// How many more may wait for their turn.
const WAITING: usize = 32;
/// How many bytes are kept of what was made.
const KEPT_BYTES: u64 = 48 * 1024 * 1024;
/// How long what nobody asks for is kept.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

/// Makes renderings, and keeps them under a name that says all that they were made from.
#[derive(Clone)]
pub struct Renderings {
    places: Arc<Semaphore>,
    permits: Arc<Semaphore>,
    kept: Cache<String, Bytes>,
}

impl Default for Renderings {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_A_TIME + WAITING)),
            permits: Arc::new(Semaphore::new(AT_A_TIME)),
            kept: Cache::builder()
                .max_capacity(KEPT_BYTES)
                .weigher(|name: &String, bytes: &Bytes| {
                    u32::try_from(name.len() + bytes.len()).unwrap_or(u32::MAX)
                })
                .time_to_idle(KEPT_FOR)
                .build(),
        }
    }
}

impl Renderings {
    /// What is kept under the name, or else what `make` makes.
    pub async fn get(
        &self,
        name: String,
        make: impl FnOnce() -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        if let Some(kept) = self.kept.get(&name) {
            return Ok(kept);
        }
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| {
            let detail = "Too much is being rendered at present; try again shortly.";
            Problem::new(Code::Unavailable, detail)
        })?;
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(Problem::internal)?;
        // Whoever was before may have asked for the same.
        if let Some(kept) = self.kept.get(&name) {
            return Ok(kept);
        }
        let kept = self.kept.clone();
        // Place and permit go along: a caller that hangs up must not let more in than are made at a time.
        let made = spawn_blocking(move || {
            let made = make().map(Bytes::from);
            if let Ok(bytes) = &made {
                kept.insert(name, bytes.clone());
            }
            drop((permit, place));
            made
        });
        made.await.map_err(Problem::internal)?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    #[actix_web::test]
    async fn what_was_made_is_kept_and_what_failed_is_not() {
        let renderings = Renderings::default();
        let made = Arc::new(AtomicUsize::new(0));
        let make = |fails: bool| {
            let made = Arc::clone(&made);
            move || {
                made.fetch_add(1, Ordering::SeqCst);
                if fails {
                    Err(Problem::conflict("Too long."))
                } else {
                    Ok(b"pdf".to_vec())
                }
            }
        };
        let name = || "one".to_owned();
        assert!(renderings.get(name(), make(true)).await.is_err());
        for _ in 0..3 {
            let bytes = renderings.get(name(), make(false)).await.unwrap();
            assert_eq!(bytes, "pdf");
        }
        assert_eq!(made.load(Ordering::SeqCst), 2);
    }

    #[actix_web::test]
    async fn no_more_wait_than_may() {
        let renderings = Renderings::default();
        let gate = Arc::new(Barrier::new(AT_A_TIME + 1));
        let mut waiting = Vec::new();
        for number in 0..AT_A_TIME + WAITING {
            let renderings = renderings.clone();
            let gate = (number < AT_A_TIME).then(|| Arc::clone(&gate));
            waiting.push(actix_web::rt::spawn(async move {
                let make = move || {
                    if let Some(gate) = gate {
                        gate.wait();
                    }
                    Ok(Vec::new())
                };
                renderings.get(number.to_string(), make).await
            }));
        }
        // Everybody who may wait has come as soon as the others have had their turn.
        while renderings.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = renderings.get("late".to_owned(), || Ok(Vec::new())).await;
        assert_eq!(refused.unwrap_err().code(), Code::Unavailable);
        spawn_blocking(move || gate.wait()).await.unwrap();
        for one in waiting {
            assert!(one.await.unwrap().is_ok());
        }
    }
}
