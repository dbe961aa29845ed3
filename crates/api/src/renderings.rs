//! What takes long to set, kept once it was made.

use std::time::Duration;

use actix_web::web::Bytes;
use moka::sync::Cache;

use crate::{http::problem::Problem, turns::Turns};

/// How many bytes are kept.
const KEPT_BYTES: u64 = 48 << 20;

/// Makes renderings, and keeps them under a name that says all that they were made from.
#[derive(Debug, Clone)]
pub struct Renderings {
    turns: Turns,
    kept: Cache<String, Bytes>,
}

impl Renderings {
    /// Nothing is kept yet; what is made waits for its turn among these.
    #[must_use]
    pub fn new(turns: Turns) -> Self {
        let size = |name: &String, bytes: &Bytes| {
            u32::try_from(name.len() + bytes.len()).unwrap_or(u32::MAX)
        };
        Self {
            turns,
            kept: Cache::builder()
                .weigher(size)
                .max_capacity(KEPT_BYTES)
                .time_to_idle(Duration::from_hours(1))
                .build(),
        }
    }

    /// What is kept under the name, or else what `make` makes.
    pub async fn get(
        &self,
        name: String,
        make: impl FnOnce() -> Result<Vec<u8>, Problem> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        if let Some(kept) = self.kept.get(&name) {
            return Ok(kept);
        }
        let kept = self.kept.clone();
        self.turns
            .take(move || {
                // Whoever was before may have asked for the same.
                if let Some(kept) = kept.get(&name) {
                    return Ok(kept);
                }
                let bytes = make().map(Bytes::from)?;
                kept.insert(name, bytes.clone());
                Ok(bytes)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    #[actix_web::test]
    async fn what_was_made_is_kept_and_what_failed_is_not() {
        let renderings = Renderings::new(Turns::default());
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
}
