//! All that a test's database and folder of documents hold, for a test that has to know whether anything has changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, QueryResult, Statement};
use secrecy::ExposeSecret as _;

use crate::{Database, TestApp};

/// A look behind the server's back at everything that is stored.
#[derive(Debug)]
pub struct Rows {
    database: DatabaseConnection,
    /// Every table with its rows as one text.
    query: String,
}

/// The rows of each table, as lines of text.
pub type Stored = BTreeMap<String, String>;

impl Rows {
    /// Opens a connection of its own.
    pub async fn open(app: &TestApp) -> Self {
        Self::at(app.state.config.database_url.expose_secret()).await
    }

    /// The same by the database's address.
    pub(crate) async fn at(url: &str) -> Self {
        let database = sea_orm::Database::connect(url).await.expect("the database");
        let kind = if database.get_database_backend() == DbBackend::Sqlite {
            Database::Sqlite
        } else {
            Database::Postgres
        };
        let columns = match kind {
            Database::Sqlite => {
                "SELECT m.name AS t, \
                 group_concat('quote(\"' || c.name || '\")', ' || ''|'' || ') AS line \
                 FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' GROUP BY m.name"
            }
            Database::Postgres => {
                "SELECT table_name::text AS t, 'x::text' AS line \
                 FROM information_schema.tables WHERE table_schema = 'public'"
            }
        };
        let tables = lines(&database, columns).await;
        let each = tables.iter().map(|(table, line)| {
            let rows = match kind {
                Database::Sqlite => format!("group_concat({line}, char(10))"),
                Database::Postgres => format!("string_agg({line}, E'\\n' ORDER BY {line})"),
            };
            format!("SELECT '{table}' AS t, coalesce({rows}, '') AS line FROM \"{table}\" x")
        });
        let query = each.collect::<Vec<_>>().join(" UNION ALL ");
        Self { database, query }
    }

    /// Every row that is committed.
    pub async fn all(&self) -> Stored {
        lines(&self.database, &self.query).await
    }

    /// The first column of the only row that a query finds.
    pub async fn number(&self, query: &str) -> i64 {
        let statement = Statement::from_string(self.database.get_database_backend(), query);
        let row = self.database.query_one_raw(statement).await;
        let row = row.expect("a look at the database").expect("a row");
        row.try_get_by_index(0).expect("a number")
    }

    /// Closes its connection.
    pub async fn close(self) {
        self.database.close().await.expect("the connection closed");
    }
}

/// Every file in a folder and those beneath it.
#[must_use]
pub fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry of the folder").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path);
            }
        }
    }
    found
}

async fn lines(database: &DatabaseConnection, query: &str) -> Stored {
    let statement = Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(statement).await;
    let rows = rows.expect("a look at the database");
    let text = |row: &QueryResult, column| row.try_get::<String>("", column).expect("text");
    rows.iter()
        .map(|row| (text(row, "t"), text(row, "line")))
        .collect()
}
