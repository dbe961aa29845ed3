//! Batches with what becomes of each entity, and the runs of schedules, which start processes and batches.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, integer, json_binary, json_binary_null, text,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::firm_table::{FirmTable, drop_all};

const BATCHES: &str = "batch";
const ITEMS: &str = "batch_item";
const RUNS: &str = "schedule_run";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new(BATCHES, &["id"])
            .columns([
                uuid("id"),
                text("name"),
                uuid("process_type_id"),
                json_binary("fields"),
                boolean("unless_open"),
                text("status"),
                integer("total"),
                integer("started"),
                integer("skipped"),
                integer("refused"),
                uuid_null("requested_by"),
                uuid_null("schedule_id"),
                integer("turn"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone_null("ended_at"),
                big_integer("version"),
            ])
            .refers("process_type_id", "process_type")
            .refers("requested_by", "app_user")
            .refers("schedule_id", "schedule")
            .index(&["requested_by", "id"])
            .index(&["status", "id"])
            .create(manager)
            .await?;
        FirmTable::new(ITEMS, &["batch_id", "entity_id"])
            .columns([
                uuid("batch_id"),
                uuid("entity_id"),
                integer("ordinal"),
                text("state"),
                uuid_null("process_id"),
                json_binary_null("reasons"),
            ])
            .part_of("batch_id", BATCHES)
            .refers("entity_id", "entity")
            .refers("process_id", "process")
            .index(&["batch_id", "ordinal"])
            .index(&["batch_id", "state", "ordinal"])
            .create(manager)
            .await?;
        FirmTable::new(RUNS, &["schedule_id", "planned_at"])
            .columns([
                uuid("schedule_id"),
                timestamp_with_time_zone("planned_at"),
                timestamp_with_time_zone("ran_at"),
                boolean("late"),
                integer("missed"),
                text("outcome"),
                uuid_null("process_id"),
                uuid_null("batch_id"),
                json_binary_null("reasons"),
            ])
            .part_of("schedule_id", "schedule")
            .refers("process_id", "process")
            .refers("batch_id", BATCHES)
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &[RUNS, ITEMS, BATCHES]).await
    }
}
