//! Rows read column by column, in the order in which a table has them. `SeaORM` looks each column up by its name and writes a
//! message for each null, which was nearly half of what a page of tasks cost (ADR 20).

use sea_orm::{
    ConnectionTrait, DbErr, QueryResult, QuerySelect, RuntimeErr,
    sea_query::SelectStatement,
    sqlx::{
        self, Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow,
        types::Json,
    },
};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IntoDeserializer, value::Error as WordError},
};
use uuid::Uuid;

use crate::{StoreError, connection::Connection};

/// What a row of a table stands for.
pub(crate) trait FromRow: Sized {
    /// Takes the columns of the table, all of them and in their order.
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError>;
}

/// What a column can hold, on either database.
pub(crate) trait Value:
    for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

impl<T> Value for T where
    T: for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

/// A row, and how much of it has been read.
#[derive(Debug)]
pub(crate) struct Row<'r> {
    columns: Columns<'r>,
    next: usize,
    /// Which row, to say so if it makes no sense.
    table: &'static str,
    id: Uuid,
}

#[derive(Debug)]
enum Columns<'r> {
    Postgres(&'r PgRow),
    Sqlite(&'r SqliteRow),
}

impl<'r> Row<'r> {
    pub(crate) fn new(result: &'r QueryResult) -> Result<Self, StoreError> {
        let postgres = result.try_as_pg_row().map(Columns::Postgres);
        let columns = postgres
            .or_else(|| result.try_as_sqlite_row().map(Columns::Sqlite))
            .ok_or_else(|| DbErr::Type("a row of another database".to_owned()))?;
        Ok(Self {
            columns,
            next: 0,
            table: "",
            id: Uuid::nil(),
        })
    }

    /// Passes over columns.
    pub(crate) const fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    /// Whether the next column is null.
    pub(crate) fn is_null(&self) -> Result<bool, StoreError> {
        use sqlx::ValueRef as _;
        match self.columns {
            Columns::Postgres(row) => row.try_get_raw(self.next).map(|value| value.is_null()),
            Columns::Sqlite(row) => row.try_get_raw(self.next).map(|value| value.is_null()),
        }
        .map_err(failed)
    }

    /// The two columns with which every table begins: the firm's, which is known, and the row's own id.
    pub(crate) fn key(&mut self, table: &'static str) -> Result<Uuid, StoreError> {
        self.table = table;
        self.skip(1);
        self.id = self.get("id")?;
        Ok(self.id)
    }

    /// The next column; its name is there to be read, and is checked in debug builds.
    pub(crate) fn get<T: Value>(&mut self, name: &str) -> Result<T, StoreError> {
        let at = self.take(name);
        match self.columns {
            Columns::Postgres(row) => row.try_get(at),
            Columns::Sqlite(row) => row.try_get(at),
        }
        .map_err(failed)
    }

    /// The same, for a column that may be null.
    pub(crate) fn optional<T: Value>(&mut self, name: &str) -> Result<Option<T>, StoreError> {
        let at = self.take(name);
        match self.columns {
            Columns::Postgres(row) => row.try_get(at),
            Columns::Sqlite(row) => row.try_get(at),
        }
        .map_err(failed)
    }

    /// What the JSON in the next column stands for.
    pub(crate) fn json<T: DeserializeOwned + 'static>(
        &mut self,
        name: &str,
    ) -> Result<T, StoreError> {
        let found = self.optional_json(name)?;
        found.ok_or_else(|| self.corrupt())
    }

    /// The same, for a column that may be null.
    pub(crate) fn optional_json<T: DeserializeOwned + 'static>(
        &mut self,
        name: &str,
    ) -> Result<Option<T>, StoreError> {
        match self.optional::<Json<T>>(name) {
            Ok(found) => Ok(found.map(|Json(value)| value)),
            Err(_) => Err(self.corrupt()),
        }
    }

    /// What the public name in the next column stands for.
    pub(crate) fn word<T: for<'w> Deserialize<'w>>(&mut self, name: &str) -> Result<T, StoreError> {
        let found = self.optional_word(name)?;
        found.ok_or_else(|| self.corrupt())
    }

    /// The same, for a column that may be null.
    pub(crate) fn optional_word<T: for<'w> Deserialize<'w>>(
        &mut self,
        name: &str,
    ) -> Result<Option<T>, StoreError> {
        let at = self.take(name);
        let word: Option<&str> = match self.columns {
            Columns::Postgres(row) => row.try_get(at),
            Columns::Sqlite(row) => row.try_get(at),
        }
        .map_err(failed)?;
        word.map(|word| T::deserialize(word.into_deserializer()))
            .transpose()
            .map_err(|_: WordError| self.corrupt())
    }

    /// A number that cannot be negative.
    pub(crate) fn count(&mut self, name: &str) -> Result<u32, StoreError> {
        let number: i32 = self.get(name)?;
        u32::try_from(number).map_err(|_| self.corrupt())
    }

    /// The row makes no sense.
    pub(crate) fn corrupt(&self) -> StoreError {
        StoreError::corrupt(self.table, self.id)
    }

    fn take(&mut self, name: &str) -> usize {
        let at = self.next;
        debug_assert_eq!(self.name(at), Some(name), "column {at}");
        self.next += 1;
        at
    }

    fn name(&self, at: usize) -> Option<&str> {
        match self.columns {
            Columns::Postgres(row) => row.columns().get(at).map(sqlx::Column::name),
            Columns::Sqlite(row) => row.columns().get(at).map(sqlx::Column::name),
        }
    }
}

fn failed(err: sqlx::Error) -> StoreError {
    DbErr::Query(RuntimeErr::SqlxError(err.into())).into()
}

/// What all rows of a query stand for.
pub(crate) async fn all<T: FromRow>(
    mut query: impl QuerySelect<QueryStatement = SelectStatement>,
    connection: &Connection<'_>,
) -> Result<Vec<T>, StoreError> {
    all_of(query.query(), connection).await
}

/// What all rows of a statement stand for.
pub(crate) async fn all_of<T: FromRow>(
    statement: &SelectStatement,
    connection: &Connection<'_>,
) -> Result<Vec<T>, StoreError> {
    connection
        .query_all(statement)
        .await?
        .iter()
        .map(|result| T::from_row(&mut Row::new(result)?))
        .collect()
}

/// What the first row of a query stands for, if there is one.
pub(crate) async fn one<T: FromRow>(
    query: impl QuerySelect<QueryStatement = SelectStatement>,
    connection: &Connection<'_>,
) -> Result<Option<T>, StoreError> {
    connection
        .query_one(query.limit(1).query())
        .await?
        .map(|result| T::from_row(&mut Row::new(&result)?))
        .transpose()
}
