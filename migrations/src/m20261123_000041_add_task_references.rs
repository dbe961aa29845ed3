//! What a task made by hand is about besides its record: people, documents, and a line of work.

use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, text_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = [
            json_binary("contact_ids"),
            json_binary("document_ids"),
            text_null("flow"),
        ];
        for list in &mut columns[..2] {
            list.default("[]");
        }
        // SQLite takes one column at a time.
        for column in columns {
            let add = Table::alter().table("task").add_column(column).take();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["flow", "document_ids", "contact_ids"] {
            let drop = Table::alter().table("task").drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
