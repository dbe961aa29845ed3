//! Moving all processes of a type to another version: what was asked for, and what came of it for each of them.

use sea_orm_migration::{
    prelude::*,
    schema::{
        boolean, integer, json_binary, json_binary_null, text, timestamp_with_time_zone,
        timestamp_with_time_zone_null, uuid,
    },
};

use crate::firm_table::{FirmTable, drop_all};

const ITEMS: &str = "process_migration_item";
const TABLE: &str = "process_migration";
const INDEX: &str = "process_process_type_id_id_open_idx";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new(TABLE, &["id"])
            .columns([
                uuid("id"),
                uuid("process_type_id"),
                integer("version"),
                json_binary("renamed"),
                boolean("dry_run"),
                uuid("requested_by"),
                timestamp_with_time_zone("requested_at"),
                timestamp_with_time_zone_null("listed_at"),
            ])
            .refers("process_type_id", "process_type")
            .refers("requested_by", "app_user")
            .create(manager)
            .await?;
        FirmTable::new(ITEMS, &["migration_id", "process_id"])
            .columns([
                uuid("migration_id"),
                uuid("process_id"),
                text("state"),
                json_binary_null("reasons"),
            ])
            .part_of("migration_id", TABLE)
            .refers("process_id", "process")
            .index(&["migration_id", "state", "process_id"])
            .create(manager)
            .await?;
        // The processes of a type that are under way, found without those that have ended.
        let mut index = Index::create();
        index.name(INDEX).table("process");
        for column in ["firm_id", "process_type_id", "id"] {
            index.col(column);
        }
        index.and_where(Expr::col("ended_at").is_null());
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::drop();
        index.name(INDEX).table("process");
        manager.drop_index(index).await?;
        drop_all(manager, &[ITEMS, TABLE]).await
    }
}
