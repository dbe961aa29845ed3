//! Firms, and the directory in which they are found by name.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, binary, boolean, date, integer, json_binary, text, text_null,
        timestamp_with_time_zone, uuid,
    },
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("firm_directory")
                    .col(text("slug").primary_key())
                    .col(uuid("firm_id"))
                    .to_owned(),
            )
            .await?;
        FirmTable::new("firm", &[])
            .columns([
                text("slug"),
                text("name"),
                text("time_zone"),
                text("close_of_business"),
                json_binary("weekend"),
                integer("fiscal_year_start_month"),
                text("visibility"),
                boolean("owner_may_reschedule"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
                big_integer("catalog_version"),
            ])
            .create(manager)
            .await?;
        FirmTable::new("firm_head", &[])
            .of_firm()
            .columns([big_integer("sequence"), binary("hash")])
            .create(manager)
            .await?;
        FirmTable::new("holiday", &["id"])
            .of_firm()
            .columns([uuid("id"), date("on"), text("name"), text_null("calendar")])
            .index(&["on", "id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["holiday", "firm_head", "firm", "firm_directory"]).await
    }
}
