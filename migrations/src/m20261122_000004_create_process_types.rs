//! Process types and their versions.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, integer, integer_null, json_binary, text, text_null, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new("process_type", &["id"])
            .of_firm()
            .columns([
                uuid("id"),
                text("key"),
                text("name"),
                text("category"),
                text_null("area"),
                text("summary"),
                text_null("library_slug"),
                integer_null("published_version"),
                integer_null("draft_version"),
                timestamp_with_time_zone_null("archived_at"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .unique(&["key"])
            .index(&["name", "id"])
            .create(manager)
            .await?;
        FirmTable::new("process_type_version", &["process_type_id", "number"])
            .columns([
                uuid("process_type_id"),
                integer("number"),
                text("status"),
                json_binary("definition"),
                timestamp_with_time_zone_null("effective_at"),
                timestamp_with_time_zone_null("published_at"),
                uuid_null("published_by"),
                timestamp_with_time_zone("created_at"),
            ])
            .refers("process_type_id", "process_type")
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["process_type_version", "process_type"]).await
    }
}
