//! How long a list is, for whoever asks: counted no further than is worth waiting for.

use domain::page::{COUNTED, PageRequest, Total};
use sea_orm::{
    ConnectionTrait, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};

use crate::{Reads, StoreError};

impl Reads<'_> {
    /// Counts what a list has in all its pages, if the caller asks for it; to be called before the query is told where
    /// its page begins.
    pub(crate) async fn total<Q, K>(
        &self,
        list: &Q,
        page: &PageRequest<K>,
    ) -> Result<Option<Total>, StoreError>
    where
        Q: QuerySelect<QueryStatement = SelectStatement> + Clone,
    {
        if !page.count {
            return Ok(None);
        }
        let rows = list
            .clone()
            .query()
            .clear_selects()
            .clear_order_by()
            .expr(Expr::val(1))
            .limit(COUNTED)
            .take();
        let count = Query::select()
            .expr_as(Expr::cust("COUNT(*)"), "total")
            .from_subquery(rows, "counted")
            .take();
        let row = self.connection.query_one(&count).await?;
        let found: i64 = row.map_or(Ok(0), |row| row.try_get("", "total"))?;
        Ok(Some(Total::of(u64::try_from(found).unwrap_or_default())))
    }
}
