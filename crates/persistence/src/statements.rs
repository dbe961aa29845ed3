//! The statements that a piece of work sends: counted, and made to fail where a test has planned it. Where nobody watches,
//! which is everywhere but in tests, neither costs anything.

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use sea_orm::{ConnectionTrait, DbErr, RuntimeErr, sqlx};

use crate::Store;

tokio::task_local! {
    static WATCH: Watch;
}

/// What befalls one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This is sent in its place, which the database has to refuse.
    Instead(&'static str),
    /// It is carried out, and nobody hears of it.
    AnswerLost,
}

/// A fault that waits for its statement.
#[derive(Debug)]
pub struct PlannedFault {
    statement: u32,
    fault: Fault,
    struck: AtomicBool,
}

impl PlannedFault {
    /// Whether its statement was sent.
    #[must_use]
    pub fn has_struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }
}

/// The fault that waits for the next work that is watched.
#[derive(Debug, Default)]
pub(crate) struct Planned(Mutex<Option<Arc<PlannedFault>>>);

impl Planned {
    fn next(&self) -> MutexGuard<'_, Option<Arc<PlannedFault>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One piece of work that is watched.
#[derive(Debug)]
struct Watch {
    sent: Cell<u32>,
    planned: Option<Arc<PlannedFault>>,
}

impl Watch {
    const fn new(planned: Option<Arc<PlannedFault>>) -> Self {
        Self {
            sent: Cell::new(0),
            planned,
        }
    }

    async fn over<F: Future>(self, work: F) -> (F::Output, u32) {
        WATCH
            .scope(self, async move {
                let output = work.await;
                (output, WATCH.with(|watch| watch.sent.get()))
            })
            .await
    }

    fn next(&self) -> Option<Fault> {
        let number = self.sent.get() + 1;
        self.sent.set(number);
        let planned = self.planned.as_ref()?;
        (planned.statement == number).then(|| {
            planned.struck.store(true, Ordering::SeqCst);
            planned.fault
        })
    }
}

/// Runs something and tells how many statements it sent to the database, `BEGIN` and `COMMIT` included.
pub async fn count_statements<F: Future>(work: F) -> (F::Output, u32) {
    Watch::new(None).over(work).await
}

impl Store {
    /// The same for work on this store, in which a planned fault strikes.
    pub async fn watch_statements<F: Future>(&self, work: F) -> (F::Output, u32) {
        let planned = self.shared.planned.next().take();
        Watch::new(planned).over(work).await
    }

    /// Plans a fault for a statement of the next work that is watched, its first having the number 1. For tests: nothing
    /// that comes from outside leads here.
    #[must_use]
    pub fn plan_fault(&self, statement: u32, fault: Fault) -> Arc<PlannedFault> {
        let planned = Arc::new(PlannedFault {
            statement,
            fault,
            struck: AtomicBool::new(false),
        });
        *self.shared.planned.next() = Some(Arc::clone(&planned));
        planned
    }
}

/// Notes one statement, and tells what befalls it.
pub(crate) fn note_statement() -> Option<Fault> {
    // Not an error: nobody watches outside of tests.
    WATCH.try_with(Watch::next).ok().flatten()
}

/// Fails as the database does at what it is sent instead.
pub(crate) async fn fail(connection: &impl ConnectionTrait, instead: &str) -> DbErr {
    match connection.execute_unprepared(instead).await {
        Ok(_) => DbErr::Custom(format!("sent in place of another, and taken: {instead}")),
        Err(err) => err,
    }
}

/// What the driver says of a connection that broke.
pub(crate) fn answer_lost() -> DbErr {
    let err = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(sqlx::Error::Io(err))))
}
