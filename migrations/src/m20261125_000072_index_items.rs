//! The tasks that are done for a record among others, found without its other tasks.

use sea_orm_migration::prelude::*;

const INDEX: &str = "task_entity_id_process_id_item_idx";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::create();
        index.name(INDEX).table("task");
        for column in ["firm_id", "entity_id", "process_id"] {
            index.col(column);
        }
        index.and_where(Expr::col("parent_task_id").is_not_null());
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::drop();
        index.name(INDEX).table("task");
        manager.drop_index(index).await
    }
}
