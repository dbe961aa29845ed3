//! On which release of the library a process type rests.

use sea_orm_migration::{prelude::*, schema::text_null};

const TABLE: &str = "process_type";
const COLUMN: &str = "library_version";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table(TABLE).add_column(text_null(COLUMN));
        manager.alter_table(table).await?;
        // There was no other release before this column.
        let mut known = Query::update();
        known
            .table(TABLE)
            .value(COLUMN, "0.1.0")
            .and_where(Expr::col("library_slug").is_not_null());
        manager.execute(known).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table(TABLE).drop_column(COLUMN);
        manager.alter_table(table).await
    }
}
