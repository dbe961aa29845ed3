//! Schedules, with the records that they are for.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, date_null, integer, integer_null, json_binary, text,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::firm_table::{FirmTable, drop_all};

const TABLE: &str = "schedule";
const ENTITIES: &str = "schedule_entity";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A completion plans one next run of a type for a record: a later one takes its place.
        let planned = Expr::col("status")
            .eq("active")
            .and(Expr::col("source_process_id").is_not_null());
        FirmTable::new(TABLE, &["id"])
            .columns([
                uuid("id"),
                text("name"),
                uuid("process_type_id"),
                json_binary("timing"),
                uuid_null("entity_id"),
                integer("entity_count"),
                json_binary("fields"),
                boolean("unless_open"),
                text("status"),
                timestamp_with_time_zone_null("next_at"),
                uuid_null("source_process_id"),
                uuid_null("source_task_id"),
                integer_null("source_attempt"),
                uuid_null("created_by"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .refers("process_type_id", "process_type")
            .refers("entity_id", "entity")
            .refers("source_process_id", "process")
            .refers("created_by", "app_user")
            .index(&["status", "id"])
            .index(&["process_type_id", "id"])
            .index(&["entity_id", "id"])
            .index(&["source_process_id", "id"])
            .unique_where(&["process_type_id", "entity_id"], planned)
            .create(manager)
            .await?;
        FirmTable::new(ENTITIES, &["schedule_id", "entity_id"])
            .columns([uuid("schedule_id"), uuid("entity_id"), date_null("last_on")])
            .part_of("schedule_id", TABLE)
            .refers("entity_id", "entity")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &[ENTITIES, TABLE]).await
    }
}
