//! Who was shown which record, where a firm wants that noted.

use sea_orm_migration::{
    prelude::*,
    schema::{text, text_null, timestamp_with_time_zone, uuid},
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let setting = text("read_access_log").default("off").take();
        let add = Table::alter().table("firm").add_column(setting).take();
        manager.alter_table(add).await?;
        FirmTable::new("read_access", &["id"])
            .columns([
                uuid("id"),
                uuid("entity_id"),
                uuid("user_id"),
                text("operation"),
                text_null("request_id"),
                timestamp_with_time_zone("occurred_at"),
            ])
            .refers("entity_id", "entity")
            .refers("user_id", "app_user")
            .index(&["entity_id", "id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["read_access"]).await?;
        let drop = Table::alter()
            .table("firm")
            .drop_column("read_access_log")
            .take();
        manager.alter_table(drop).await
    }
}
