//! The schedule and the batch that a process was started by.

use sea_orm_migration::{prelude::*, schema::uuid_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLE: &str = "process";
const COLUMNS: [&str; 2] = ["schedule_id", "batch_id"];

fn index_name(column: &str) -> String {
    format!("{TABLE}_{column}_id_idx")
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let mut table = Table::alter();
            table.table(TABLE).add_column(uuid_null(column));
            manager.alter_table(table).await?;
            // Without those that neither has started: most.
            let mut index = Index::create();
            index.name(index_name(column)).table(TABLE);
            for key in ["firm_id", column, "id"] {
                index.col(key);
            }
            index.and_where(Expr::col(column).is_not_null());
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let mut index = Index::drop();
            index.name(index_name(column)).table(TABLE);
            manager.drop_index(index).await?;
            let mut table = Table::alter();
            table.table(TABLE).drop_column(column);
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
