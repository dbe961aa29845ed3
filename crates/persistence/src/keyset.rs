//! Where a page goes on: after the last row seen, by one comparison of row values, which one index serves.

use sea_orm::{
    ColumnTrait, Value,
    sea_query::{Expr, ExprTrait},
};

/// The rows that come after `place` in the order of these columns.
pub(crate) fn after<C: ColumnTrait, const N: usize>(columns: [C; N], place: [Value; N]) -> Expr {
    let columns = columns.map(|column| Expr::col(column.as_column_ref()));
    Expr::tuple(columns).gt(Expr::tuple(place.map(Expr::val)))
}
