//! The few forms that writes take.

use sea_orm::{
    ActiveModelTrait, EntityTrait, Iterable, PrimaryKeyToColumn, QueryTrait,
    sea_query::{IntoColumnRef, OnConflict},
};

use crate::UnitOfWork;

/// Rows of one statement: far below both databases' limits on bound values.
const ROWS: usize = 200;

impl UnitOfWork {
    /// Queues new rows.
    pub(crate) fn insert<E: EntityTrait>(&mut self, rows: Vec<E::ActiveModel>)
    where
        E::ActiveModel: ActiveModelTrait<Entity = E>,
    {
        for chunk in rows.chunks(ROWS) {
            self.queue(E::insert_many(chunk.to_vec()).into_query());
        }
    }

    /// Queues rows that are new or replace those with the same key.
    pub(crate) fn upsert<E: EntityTrait>(&mut self, rows: Vec<E::ActiveModel>)
    where
        E::ActiveModel: ActiveModelTrait<Entity = E>,
        E::Column: IntoColumnRef,
    {
        let keys: Vec<E::Column> = E::PrimaryKey::iter().map(|key| key.into_column()).collect();
        let named = |column: &E::Column| {
            use sea_orm::IdenStatic as _;
            column.as_str().to_owned()
        };
        let key_names: Vec<String> = keys.iter().map(named).collect();
        let others: Vec<E::Column> = E::Column::iter()
            .filter(|column| !key_names.contains(&named(column)))
            .collect();
        let on_conflict = OnConflict::columns(keys).update_columns(others).to_owned();
        for chunk in rows.chunks(ROWS) {
            self.queue(
                E::insert_many(chunk.to_vec())
                    .on_conflict(on_conflict.clone())
                    .into_query(),
            );
        }
    }
}
