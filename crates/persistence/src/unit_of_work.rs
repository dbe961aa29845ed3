//! The unit of work: the one way to write. Everything in it happens, with its trail, or nothing does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    ambient::Ambient,
    audit::{Agent, Origin},
    event::Occurrence,
    ids::{FirmId, UserId},
};
use sea_orm::{
    DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::{
    Reads, Store, StoreError,
    batch::{Batch, Write},
    connection::{Connection, on_a_live_one},
    firms,
    retry::Tries,
    statements::{Fault, answer_lost, fail, note_statement},
    store::Shared,
    trail,
};

/// For which firm something is written, by whom, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteContext {
    /// The firm.
    pub firm_id: FirmId,
    /// What its trail says of where the changes come from.
    pub origin: Origin,
}

impl WriteContext {
    /// For what nobody asked for: the trail names Baton itself.
    #[must_use]
    pub const fn by_system(firm_id: FirmId) -> Self {
        Self {
            firm_id,
            origin: Origin {
                agent: Agent::System,
                on_behalf_of: None,
                request_id: None,
                address: None,
            },
        }
    }
}

/// A transaction of one firm. Writes are queued and run at its end, together with the trail of what they changed.
#[derive(Debug)]
pub struct UnitOfWork {
    transaction: DatabaseTransaction,
    transient: AtomicBool,
    pub(crate) shared: Arc<Shared>,
    context: WriteContext,
    batch: Batch,
    occurrences: Vec<Occurrence>,
    /// Something is queued of which an occurrence has to tell.
    owes_telling: bool,
    pub(crate) wakes_worker: bool,
    /// What is cached of the firm's set-up will be out of date.
    pub(crate) changes_catalog: bool,
}

impl Store {
    /// Runs `work` as one transaction of a firm and commits it, when it succeeds; otherwise nothing has happened.
    /// After a deadlock or the like it is run again, so that it must have no effect besides. (Its future is not `Send`, as an
    /// asynchronous closure's that borrows its argument cannot be: a worker runs it on the thread that it is on.)
    pub async fn write<T, E>(
        &self,
        context: &WriteContext,
        work: impl AsyncFn(&mut UnitOfWork) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let _turn = self.shared.queues.turn(context.firm_id).await;
        let mut tries = Tries::default();
        loop {
            let failure = match self.attempt(context, &work).await {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            if !failure.transient || !tries.again(self.ambient()).await {
                return Err(failure.error);
            }
        }
    }

    async fn attempt<T, E>(
        &self,
        context: &WriteContext,
        work: &impl AsyncFn(&mut UnitOfWork) -> Result<T, E>,
    ) -> Result<T, Failure<E>>
    where
        E: From<StoreError>,
    {
        let mut unit = UnitOfWork::begin(&self.shared, context).await?;
        let done = match work(&mut unit).await {
            Ok(value) => unit.flush().await.map(|()| value).map_err(E::from),
            Err(error) => Err(error),
        };
        match done {
            Ok(value) => {
                unit.commit().await?;
                Ok(value)
            }
            Err(error) => Err(Failure {
                error,
                transient: unit.roll_back().await,
            }),
        }
    }
}

/// Why an attempt failed, and whether another may succeed.
struct Failure<E> {
    error: E,
    transient: bool,
}

impl<E: From<StoreError>> From<StoreError> for Failure<E> {
    fn from(error: StoreError) -> Self {
        Self {
            transient: error.is_transient(),
            error: error.into(),
        }
    }
}

impl UnitOfWork {
    async fn begin(shared: &Arc<Shared>, context: &WriteContext) -> Result<Self, StoreError> {
        Ok(Self {
            transaction: begin(shared).await?,
            transient: AtomicBool::new(false),
            shared: Arc::clone(shared),
            context: context.clone(),
            batch: Batch::new(),
            occurrences: Vec::new(),
            owes_telling: false,
            wakes_worker: false,
            changes_catalog: false,
        })
    }

    /// The firm that is written to.
    #[must_use]
    pub const fn firm_id(&self) -> FirmId {
        self.context.firm_id
    }

    /// Where time and ids come from.
    #[must_use]
    pub fn ambient(&self) -> &dyn Ambient {
        &*self.shared.ambient
    }

    /// Reads that see the database as this transaction does. What is queued has not been written yet.
    #[must_use]
    pub fn reads(&self) -> Reads<'_> {
        Reads::new(self.connection(), self.context.firm_id)
    }

    pub(crate) const fn connection(&self) -> Connection<'_> {
        Connection::Transaction {
            inner: &self.transaction,
            transient: &self.transient,
        }
    }

    /// What happens is done for somebody, under cover (X10).
    pub fn act_for(&mut self, absent: Option<UserId>) {
        self.context.origin.on_behalf_of = absent;
    }

    /// Tells what happened; it becomes an entry of the trail and an event, numbered in the order of telling.
    pub fn record(&mut self, occurrence: Occurrence) {
        self.occurrences.push(occurrence);
    }

    /// Queues a statement that changes what the trail tells of. Of the statements between two fences, no two may touch
    /// the same row.
    pub(crate) fn queue(&mut self, write: impl Into<Write>) {
        self.owes_telling = true;
        self.batch.push(write);
    }

    /// Queues a statement on what has no trail: sessions, jobs, kept answers.
    pub(crate) fn queue_untold(&mut self, write: impl Into<Write>) {
        self.batch.push(write);
    }

    /// What is queued from here on runs after all that was queued before.
    pub(crate) fn fence(&mut self) {
        self.batch.fence();
    }

    /// Runs what is queued now, for what has to read it.
    pub(crate) async fn run_queued(&mut self) -> Result<(), StoreError> {
        let batch = std::mem::replace(&mut self.batch, Batch::new());
        batch.run(self.connection()).await
    }

    async fn commit(self) -> Result<(), StoreError> {
        commit(self.transaction).await?;
        if self.wakes_worker {
            self.shared.jobs_wait.notify_one();
        }
        Ok(())
    }

    /// Writes all that is queued.
    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.changes_catalog {
            // Once for all of its changes, and after them: the firm's row may be among what they touch.
            self.fence();
            let raise = firms::raise_catalog_version(self.firm_id());
            self.queue(raise);
        }
        if !self.occurrences.is_empty() {
            let firm = self.context.firm_id;
            let head = trail::lock_head(self.connection(), firm).await?;
            // Under the lock, so that the times of a trail rise with its numbers.
            let now = self.ambient().now();
            let (entries, head) =
                trail::seal(&self.occurrences, firm, &self.context.origin, now, head);
            trail::append(&mut self.batch, entries, firm, head)?;
        } else if self.owes_telling {
            return Err(StoreError::Untold);
        }
        self.run_queued().await
    }

    /// Undoes everything; tells whether a statement had failed for a reason that may be gone.
    async fn roll_back(self) -> bool {
        let transient = self.transient.load(Ordering::Relaxed);
        if let Err(err) = self.transaction.rollback().await {
            // The connection is lost, and with it the transaction: the outcome is the same.
            tracing::warn!(error = %err, "roll-back failed");
        }
        transient
    }
}

async fn begin(shared: &Shared) -> Result<DatabaseTransaction, DbErr> {
    let fault = note_statement();
    if let Some(Fault::Instead(other)) = fault {
        return Err(fail(&shared.writer, other).await);
    }
    let ask = || {
        let options = TransactionOptions {
            // A deferred transaction that reads first fails at its first write when another has written since.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        shared.writer.begin_with_options(options)
    };
    let transaction = on_a_live_one(ask).await?;
    match fault {
        Some(Fault::AnswerLost) => Err(answer_lost()),
        Some(Fault::Instead(_)) | None => Ok(transaction),
    }
}

async fn commit(transaction: DatabaseTransaction) -> Result<(), DbErr> {
    match note_statement() {
        None => transaction.commit().await,
        Some(Fault::AnswerLost) => transaction.commit().await.and_then(|()| Err(answer_lost())),
        Some(Fault::Instead(other)) => Err(fail(&transaction, other).await),
    }
}
