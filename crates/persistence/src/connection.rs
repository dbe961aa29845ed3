//! The one way in which statements reach a database: noted, and with failures told apart that a retry may cure.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};

use crate::{
    error::is_transient,
    statements::{Fault, answer_lost, fail, note_statement},
};

/// A pool to read from, or a transaction.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Connection<'c> {
    Pool(&'c DatabaseConnection),
    Transaction {
        inner: &'c DatabaseTransaction,
        /// Set when a statement failed for a reason that may be gone at the next try.
        transient: &'c AtomicBool,
    },
}

impl Connection<'_> {
    /// Sends a statement.
    async fn send<T>(&self, statement: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        let result = match note_statement() {
            None => statement.await,
            Some(Fault::AnswerLost) => statement.await.and_then(|_| Err(answer_lost())),
            Some(Fault::Instead(other)) => Err(match self {
                Self::Pool(pool) => fail(*pool, other).await,
                Self::Transaction { inner, .. } => fail(*inner, other).await,
            }),
        };
        if let (Self::Transaction { transient, .. }, Err(err)) = (self, &result)
            && is_transient(err)
        {
            transient.store(true, Ordering::Relaxed);
        }
        result
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Connection<'_> {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Pool(pool) => pool.get_database_backend(),
            Self::Transaction { inner, .. } => inner.get_database_backend(),
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => self.send(pool.execute_raw(statement)).await,
            Self::Transaction { inner, .. } => self.send(inner.execute_raw(statement)).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Pool(pool) => self.send(pool.execute_unprepared(sql)).await,
            Self::Transaction { inner, .. } => self.send(inner.execute_unprepared(sql)).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => self.send(pool.query_one_raw(statement)).await,
            Self::Transaction { inner, .. } => self.send(inner.query_one_raw(statement)).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Pool(pool) => self.send(pool.query_all_raw(statement)).await,
            Self::Transaction { inner, .. } => self.send(inner.query_all_raw(statement)).await,
        }
    }
}
