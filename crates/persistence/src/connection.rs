//! The one way in which statements reach a database: counted, and with failures noted that a retry may cure.

use std::{
    cell::Cell,
    sync::atomic::{AtomicBool, Ordering},
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement,
};

use crate::error::is_transient;

tokio::task_local! {
    static STATEMENTS: Cell<u32>;
}

/// Runs something and tells how many statements it sent to the database, `BEGIN` and `COMMIT` included.
pub async fn count_statements<F: Future>(work: F) -> (F::Output, u32) {
    STATEMENTS
        .scope(Cell::new(0), async move {
            let output = work.await;
            (output, STATEMENTS.with(Cell::get))
        })
        .await
}

/// Notes one statement for whoever counts.
pub(crate) fn note_statement() {
    // Not an error: nobody counts outside of tests.
    let _ = STATEMENTS.try_with(|count| count.set(count.get() + 1));
}

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
    fn noted<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        note_statement();
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
        self.noted(match self {
            Self::Pool(pool) => pool.execute_raw(statement).await,
            Self::Transaction { inner, .. } => inner.execute_raw(statement).await,
        })
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.noted(match self {
            Self::Pool(pool) => pool.execute_unprepared(sql).await,
            Self::Transaction { inner, .. } => inner.execute_unprepared(sql).await,
        })
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.noted(match self {
            Self::Pool(pool) => pool.query_one_raw(statement).await,
            Self::Transaction { inner, .. } => inner.query_one_raw(statement).await,
        })
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.noted(match self {
            Self::Pool(pool) => pool.query_all_raw(statement).await,
            Self::Transaction { inner, .. } => inner.query_all_raw(statement).await,
        })
    }
}
