//! What a firm has set of the policies of its process types.

use sea_orm_migration::{prelude::*, schema::json_binary};

const TABLE: &str = "firm";
const COLUMN: &str = "policies";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let set = json_binary(COLUMN).default("{}").take();
        let mut table = Table::alter();
        manager
            .alter_table(table.table(TABLE).add_column(set).take())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::alter();
        table.table(TABLE).drop_column(COLUMN);
        manager.alter_table(table).await
    }
}
