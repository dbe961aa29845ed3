//! The processes of a record that are under way, found without those that have ended.

use sea_orm_migration::prelude::*;

const INDEX: &str = "process_entity_id_status_id_idx";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::create();
        index.name(INDEX).table("process");
        for column in ["firm_id", "entity_id", "status", "id"] {
            index.col(column);
        }
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::drop();
        index.name(INDEX).table("process");
        manager.drop_index(index).await
    }
}
