//! What can go wrong with stored data, told apart by what a caller can do about it.

use std::fmt;

use sea_orm::{DbErr, RuntimeErr, sqlx};

/// What can go wrong with stored data.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique rule said no.
    #[error("conflicts with an existing row: {0:?}")]
    Conflict(UniqueRule),
    /// A row names another that does not exist, or is still named by one.
    #[error("a reference to a row that does not exist")]
    Reference(#[source] DbErr),
    /// A lock was not to be had in time; nothing was done.
    #[error("the database is busy")]
    Busy(#[source] DbErr),
    /// A stored row breaks a rule that the domain relies on; always a bug.
    #[error("table {table} row {row} does not make sense")]
    Corrupt {
        /// Which table.
        table: &'static str,
        /// Which row.
        row: String,
    },
    /// A value has no form in which it could be stored; always a bug.
    #[error("cannot be stored: {0}")]
    Encoding(String),
    /// Something was to be changed without an occurrence that tells of it; always a bug.
    #[error("a change that nothing tells of")]
    Untold,
    /// The firm that was to be written to does not exist.
    #[error("no such firm")]
    NoFirm,
    /// The store cannot be opened as asked.
    #[error("{0}")]
    Setup(String),
    /// The database failed.
    #[error("database failure")]
    Database(#[source] DbErr),
}

impl StoreError {
    /// Whether the same work may well succeed when it is done again.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Busy(err) => is_transient(err),
            Self::Conflict(_)
            | Self::Reference(_)
            | Self::Corrupt { .. }
            | Self::Encoding(_)
            | Self::Untold
            | Self::NoFirm
            | Self::Setup(_)
            | Self::Database(_) => false,
        }
    }

    /// A row of `table` that makes no sense.
    pub(crate) fn corrupt(table: &'static str, row: impl fmt::Display) -> Self {
        Self::Corrupt {
            table,
            row: row.to_string(),
        }
    }
}

macro_rules! unique_rules {
    ($($(#[$doc:meta])* $name:ident = $table:literal [$($column:literal),+]),+ $(,)?) => {
        /// The unique rules that a caller can run into and explain.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum UniqueRule {
            $($(#[$doc])* $name,)+
            /// An identity or number that is taken; a caller's own ids, or a bug.
            Identity,
        }

        impl UniqueRule {
            /// `PostgreSQL` names the index.
            fn of_index(name: &str) -> Self {
                $(if name == index_name($table, &[$($column),+]) { return Self::$name; })+
                Self::Identity
            }

            /// `SQLite` names the columns: `app_user.firm_id, app_user.email`.
            fn of_columns(message: &str) -> Self {
                let named = message.rsplit(": ").next().unwrap_or_default();
                $(if named == column_list($table, &[$($column),+]) { return Self::$name; })+
                Self::Identity
            }
        }
    };
}

unique_rules! {
    /// Another firm has this slug.
    FirmSlug = "firm_directory" ["slug"],
    /// Another user of the firm has this e-mail address.
    UserEmail = "app_user" ["email"],
    /// Another team of the firm has this name.
    TeamName = "team" ["name"],
    /// Another role of the firm has this key.
    RoleKey = "role" ["key"],
    /// The two entities are linked in this way already.
    Relation = "relation" ["from_entity_id", "to_entity_id", "kind"],
    /// The person holds this role on this entity already.
    Membership = "membership" ["entity_id", "user_id", "role_id"],
    /// The role has a primary holder on this entity already.
    PrimaryMembership = "membership" ["entity_id", "role_id"],
    /// Another attribute of this kind of entity has this key.
    AttributeKey = "attribute" ["entity_kind", "key"],
    /// Another process type of the firm has this key.
    ProcessTypeKey = "process_type" ["key"],
}

/// The directory's key is its primary key; every other rule is an index of its own (see the migrations).
fn index_name(table: &str, columns: &[&str]) -> String {
    if table == "firm_directory" {
        format!("{table}_pkey")
    } else {
        format!("{table}_{}_key", columns.join("_"))
    }
}

fn column_list(table: &str, columns: &[&str]) -> String {
    let firm = (table != "firm_directory").then_some("firm_id");
    firm.iter()
        .chain(columns)
        .map(|column| format!("{table}.{column}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The driver's own account of a failure, if there is one.
fn driver_error(err: &DbErr) -> Option<&dyn sqlx::error::DatabaseError> {
    match err {
        DbErr::Exec(RuntimeErr::SqlxError(err))
        | DbErr::Query(RuntimeErr::SqlxError(err))
        | DbErr::Conn(RuntimeErr::SqlxError(err)) => err.as_database_error(),
        _ => None,
    }
}

/// Whether the connection is gone: broken, or closed by a database that shuts down. A statement may have been carried out all the same.
pub(crate) fn is_lost(err: &DbErr) -> bool {
    match err {
        DbErr::Exec(RuntimeErr::SqlxError(err))
        | DbErr::Query(RuntimeErr::SqlxError(err))
        | DbErr::Conn(RuntimeErr::SqlxError(err)) => match &**err {
            sqlx::Error::Io(_) => true,
            // Class 57: the administrator, or a crash, ended it.
            sqlx::Error::Database(said) => {
                matches!(said.code().as_deref(), Some("57P01" | "57P02"))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether the same work may well succeed when it is done again: a deadlock, a serialisation failure, a busy file.
pub(crate) fn is_transient(err: &DbErr) -> bool {
    driver_error(err).is_some_and(|driver| {
        let code = driver.code().unwrap_or_default();
        if driver
            .try_downcast_ref::<sqlx::sqlite::SqliteError>()
            .is_some()
        {
            // The low byte of an extended code is its primary code: 5 is SQLITE_BUSY.
            code.parse::<u32>().is_ok_and(|code| code & 0xff == 5)
        } else {
            matches!(&*code, "40001" | "40P01")
        }
    })
}

impl From<DbErr> for StoreError {
    fn from(err: DbErr) -> Self {
        use sqlx::error::ErrorKind;
        let Some(driver) = driver_error(&err) else {
            return Self::Database(err);
        };
        match driver.kind() {
            ErrorKind::UniqueViolation => Self::Conflict(match driver.constraint() {
                Some(index) => UniqueRule::of_index(index),
                None => UniqueRule::of_columns(driver.message()),
            }),
            ErrorKind::ForeignKeyViolation => Self::Reference(err),
            _ if driver.code().as_deref() == Some("55P03") || is_transient(&err) => Self::Busy(err),
            _ => Self::Database(err),
        }
    }
}
