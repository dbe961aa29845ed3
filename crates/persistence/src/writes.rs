//! The forms that queued writes of whole rows take.

use sea_orm::{
    EntityTrait, IdenStatic, IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn, QueryTrait,
    sea_query::OnConflict,
};

use crate::UnitOfWork;

/// Rows of one statement: far below both databases' limits on bound values.
const ROWS: usize = 200;

type ActiveOf<M> = <<M as ModelTrait>::Entity as EntityTrait>::ActiveModel;

impl UnitOfWork {
    /// Queues new rows.
    pub(crate) fn insert<M>(&mut self, rows: impl IntoIterator<Item = M>)
    where
        M: ModelTrait + IntoActiveModel<ActiveOf<M>>,
    {
        let rows: Vec<ActiveOf<M>> = active(rows);
        for chunk in rows.chunks(ROWS) {
            self.queue(M::Entity::insert_many(chunk.to_vec()).into_query());
        }
    }

    /// Queues rows that are new or replace those with the same key.
    pub(crate) fn upsert<M>(&mut self, rows: impl IntoIterator<Item = M>)
    where
        M: ModelTrait + IntoActiveModel<ActiveOf<M>>,
    {
        let rows: Vec<ActiveOf<M>> = active(rows);
        let on_conflict = replace_all::<M::Entity>();
        for chunk in rows.chunks(ROWS) {
            self.queue(
                M::Entity::insert_many(chunk.to_vec())
                    .on_conflict(on_conflict.clone())
                    .into_query(),
            );
        }
    }
}

fn active<M>(rows: impl IntoIterator<Item = M>) -> Vec<ActiveOf<M>>
where
    M: ModelTrait + IntoActiveModel<ActiveOf<M>>,
{
    rows.into_iter()
        .map(|row| sea_orm::ActiveModelTrait::reset_all(row.into_active_model()))
        .collect()
}

/// A row with the same key takes on all values of the new one; where the key is all that there is, it stays.
pub(crate) fn replace_all<E: EntityTrait>() -> OnConflict {
    let keys: Vec<E::Column> = E::PrimaryKey::iter()
        .map(PrimaryKeyToColumn::into_column)
        .collect();
    let others: Vec<E::Column> = E::Column::iter()
        .filter(|column| !keys.iter().any(|key| key.as_str() == column.as_str()))
        .collect();
    let mut on_conflict = OnConflict::columns(keys);
    if others.is_empty() {
        on_conflict.do_nothing()
    } else {
        on_conflict.update_columns(others)
    }
    .to_owned()
}
