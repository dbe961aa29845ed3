//! The one way in which statements reach a database: noted, and with failures told apart that a retry may cure.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};

use crate::{
    error::{is_lost, is_transient},
    statements::{Fault, answer_lost, fail, note_statement},
};

/// More than any pool has connections.
const MOST_LOST: u32 = 64;

/// A pool, or a transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Connection<'c> {
    /// For reading only: what a lost connection did not answer is asked on another.
    Reader(&'c DatabaseConnection),
    /// For statements that are a transaction by themselves.
    Pool(&'c DatabaseConnection),
    Transaction {
        inner: &'c DatabaseTransaction,
        /// Set when a statement failed for a reason that may be gone at the next try.
        transient: &'c AtomicBool,
    },
}

/// Connections that rest in a pool may have died with their database, which shows only when they are used, and takes them out of
/// the pool: what changes nothing is asked again, until one lives.
pub(crate) async fn on_a_live_one<T, F>(ask: impl Fn() -> F) -> Result<T, DbErr>
where
    F: Future<Output = Result<T, DbErr>>,
{
    for _ in 0..MOST_LOST {
        match ask().await {
            Err(err) if is_lost(&err) => tracing::debug!(error = %err, "a connection was lost"),
            result => return result,
        }
    }
    ask().await
}

impl Connection<'_> {
    /// Sends a statement.
    async fn send<T>(&self, statement: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let planned = note_statement();
        let result = match planned {
            None => statement.await,
            Some(Fault::AnswerLost) => statement.await.and_then(|_| Err(answer_lost())),
            Some(Fault::Instead(other)) => Err(match self {
                Self::Reader(pool) | Self::Pool(pool) => fail(*pool, other).await,
                Self::Transaction { inner, .. } => fail(*inner, other).await,
            }),
        };
        if let (Self::Transaction { transient, .. }, Err(err)) = (self, &result) {
            // With its connection a transaction is gone, whatever became of the statement. What a test loses stays lost.
            let gone = planned.is_none() && is_lost(err);
            if gone || is_transient(err) {
                transient.store(true, Ordering::Relaxed);
            }
        }
        result
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connection<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Reader(pool) | Self::Pool(pool) => pool.get_database_backend(),
            Self::Transaction { inner, .. } => inner.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reader(pool) | Self::Pool(pool) => self.send(pool.execute_raw(statement)).await,
            Self::Transaction { inner, .. } => self.send(inner.execute_raw(statement)).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Reader(pool) | Self::Pool(pool) => self.send(pool.execute_unprepared(sql)).await,
            Self::Transaction { inner, .. } => self.send(inner.execute_unprepared(sql)).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Reader(pool) => {
                let ask = || pool.query_one_raw(statement.clone());
                self.send(on_a_live_one(ask)).await
            }
            Self::Pool(pool) => self.send(pool.query_one_raw(statement)).await,
            Self::Transaction { inner, .. } => self.send(inner.query_one_raw(statement)).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Reader(pool) => {
                let ask = || pool.query_all_raw(statement.clone());
                self.send(on_a_live_one(ask)).await
            }
            Self::Pool(pool) => self.send(pool.query_all_raw(statement)).await,
            Self::Transaction { inner, .. } => self.send(inner.query_all_raw(statement)).await,
        }
    }
}
