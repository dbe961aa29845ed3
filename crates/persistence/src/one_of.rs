//! Lists of values in a condition.

use sea_orm::{
    ColumnTrait,
    sea_query::{SimpleExpr, Value},
};

/// Longer lists are rare, and would come nearer to the number of values that a statement takes.
const PADDED: usize = 1_024;

/// That a column has one of these values. The last of a short list is repeated until there are a power of two, so that few different
/// statements are prepared and planned, however many values are asked for.
pub(crate) fn one_of<C, V>(column: C, values: impl IntoIterator<Item = V>) -> SimpleExpr
where
    C: ColumnTrait,
    V: Into<Value>,
{
    let mut values: Vec<Value> = values.into_iter().map(Into::into).collect();
    if let Some(last) = values.last().filter(|_| values.len() <= PADDED).cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    column.is_in(values)
}

#[cfg(test)]
mod tests {
    use sea_orm::{DbBackend, EntityTrait, QueryFilter, QueryTrait};
    use uuid::Uuid;

    use super::one_of;
    use crate::entity::process::{Column, Entity};

    fn text(ids: usize) -> String {
        let ids = (0..ids).map(|number| Uuid::from_u128(number as u128));
        let query = Entity::find().filter(one_of(Column::Id, ids));
        query.build(DbBackend::Postgres).sql
    }

    #[test]
    fn lists_of_similar_lengths_make_one_statement() {
        assert_eq!(text(33), text(50));
        assert_ne!(text(33), text(32));
        assert_eq!(text(2).matches('$').count(), 2);
    }

    #[test]
    fn a_long_list_stays_as_long_as_it_is() {
        assert_eq!(text(1_025).matches('$').count(), 1_025);
    }

    #[test]
    fn nothing_is_one_of_none() {
        assert!(!text(0).contains(" IN "), "{}", text(0));
    }
}
