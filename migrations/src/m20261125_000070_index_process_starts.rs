//! The processes that started within a time, the newest first, of one type found without looking at those of the others.

use sea_orm_migration::prelude::*;

use crate::firm_table::{add_index, drop_index};

const INDEX: &[&str] = &["started_at", "process_type_id", "id"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add_index(manager, "process", INDEX).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_index(manager, "process", INDEX).await
    }
}
