//! One queue a firm: whoever wants to write waits here, in order of arrival, and not in the database (E19).

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use domain::ids::FirmId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The queues of all firms.
#[derive(Debug)]
pub(crate) struct FairQueues {
    at_a_time: usize,
    queues: Mutex<HashMap<FirmId, Weak<Semaphore>>>,
}

impl FairQueues {
    pub(crate) fn new(at_a_time: NonZeroU32) -> Self {
        Self {
            at_a_time: at_a_time.get() as usize,
            queues: Mutex::default(),
        }
    }

    /// Waits for a turn, which lasts until it is dropped.
    pub(crate) async fn turn(&self, firm: FirmId) -> Option<OwnedSemaphorePermit> {
        // Nobody closes a queue, so that a turn always comes.
        self.queue(firm).acquire_owned().await.ok()
    }

    fn queue(&self, firm: FirmId) -> Arc<Semaphore> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&firm).and_then(Weak::upgrade) {
            return queue;
        }
        // Queues in which nobody waits have ended already; this is the moment to forget them.
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::new(Semaphore::new(self.at_a_time));
        queues.insert(firm, Arc::downgrade(&queue));
        queue
    }
}
