//! What a task's custodian was sent and answered, and which reminders and escalations have come.

use sea_orm_migration::{prelude::*, schema::json_binary};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [&str; 2] = ["submissions", "moments"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        for name in COLUMNS {
            let mut column = json_binary(name);
            let add = Table::alter()
                .table("task")
                .add_column(column.default("[]").take())
                .take();
            manager.alter_table(add).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in COLUMNS {
            let drop = Table::alter().table("task").drop_column(name).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
