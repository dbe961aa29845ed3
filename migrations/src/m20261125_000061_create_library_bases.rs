//! The text of the library's release that a process type has taken over last, where it is not its first version.

use sea_orm_migration::{
    prelude::*,
    schema::{json_binary, uuid},
};

use crate::firm_table::{FirmTable, drop_all};

const TABLE: &str = "library_base";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new(TABLE, &["process_type_id"])
            .columns([uuid("process_type_id"), json_binary("definition")])
            .refers("process_type_id", "process_type")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &[TABLE]).await
    }
}
