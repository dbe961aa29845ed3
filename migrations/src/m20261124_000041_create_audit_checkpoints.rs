//! Signed heads of the trail, one a day (E19).

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, date, text, timestamp_with_time_zone},
};

use crate::firm_table::{FirmTable, drop_all};

const TABLE: &str = "audit_checkpoint";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new(TABLE, &["day"])
            .columns([
                date("day"),
                big_integer("sequence"),
                binary("hash"),
                timestamp_with_time_zone("signed_at"),
                // No reference: a checkpoint whose key is gone has to be found, not prevented.
                text("key_id"),
                binary("signature"),
            ])
            .of_firm()
            .index(&["sequence", "day"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &[TABLE]).await
    }
}
