//! What decides who has a part in work, where it has to be found by a key: roles that tasks list, and documents that forms name.

use sea_orm_migration::{
    prelude::*,
    schema::{text, uuid},
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new("task_role", &["task_id", "role_id"])
            .columns([uuid("task_id"), uuid("role_id"), text("role_kind")])
            .part_of("task_id", "task")
            .refers("role_id", "role")
            .create(manager)
            .await?;
        FirmTable::new("task_document", &["document_id", "task_id"])
            .columns([uuid("document_id"), uuid("task_id")])
            .part_of("document_id", "document")
            .part_of("task_id", "task")
            .create(manager)
            .await?;
        FirmTable::new("process_document", &["document_id", "process_id"])
            .columns([uuid("document_id"), uuid("process_id")])
            .part_of("document_id", "document")
            .part_of("process_id", "process")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["process_document", "task_document", "task_role"]).await
    }
}
