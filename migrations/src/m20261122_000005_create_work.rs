//! Processes, tasks, who may execute them, and what comes of the work.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, integer, json_binary, json_binary_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new("process", &["id"])
            .columns(vec![
                uuid("id"),
                uuid("process_type_id"),
                integer("process_type_version"),
                text("name"),
                uuid("entity_id"),
                json_binary("entity_ids"),
                json_binary("related"),
                uuid_null("owner_id"),
                uuid_null("initiator_id"),
                text("status"),
                text_null("result"),
                text_null("result_set_by"),
                json_binary("fields"),
                json_binary("asked_fields"),
                uuid_null("parent_process_id"),
                uuid_null("parent_task_id"),
                boolean("waited_for"),
                integer("depth"),
                text_null("cancel_reason"),
                text_null("hold_reason"),
                timestamp_with_time_zone_null("held_at"),
                timestamp_with_time_zone("started_at"),
                timestamp_with_time_zone_null("ended_at"),
                big_integer("version"),
            ])
            .refers("process_type_id", "process_type")
            .refers("entity_id", "entity")
            .index(&["status", "id"])
            .index(&["entity_id", "id"])
            .index(&["process_type_id", "id"])
            .index(&["parent_process_id"])
            .create(manager)
            .await?;
        create_tasks(manager).await?;
        create_records(manager).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "notification",
                "document_link",
                "document",
                "touchpoint",
                "task_executor",
                "task",
                "process",
            ],
        )
        .await
    }
}

async fn create_tasks(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    FirmTable::new("task", &["id"])
        .columns(vec![
            uuid("id"),
            uuid_null("process_id"),
            uuid("entity_id"),
            text("key"),
            text("kind"),
            text_null("stage"),
            integer("ordinal"),
            text("title"),
            text_null("description"),
            text("status"),
            json_binary_null("hold"),
            integer("priority_rank"),
            uuid_null("owner_id"),
            boolean("owner_by_hand"),
            timestamp_with_time_zone_null("due_at"),
            timestamp_with_time_zone("due_sort"),
            boolean("due_by_hand"),
            boolean("compressed"),
            integer("attempt"),
            json_binary("attempts"),
            json_binary("execution"),
            json_binary("separate_from"),
            json_binary("form_editors"),
            text_null("waiting_on"),
            json_binary("checklist"),
            json_binary("form"),
            json_binary_null("completion"),
            text_null("outcome"),
            timestamp_with_time_zone_null("completed_at"),
            uuid_null("completed_by"),
            text_null("completed_via"),
            text_null("closed_reason"),
            json_binary("rounds"),
            text_null("skip_marked_by"),
            uuid_null("child_process_id"),
            boolean("blocking"),
            json_binary("source"),
            timestamp_with_time_zone("created_at"),
            timestamp_with_time_zone_null("opened_at"),
            timestamp_with_time_zone_null("started_at"),
            timestamp_with_time_zone_null("closed_at"),
            big_integer("version"),
        ])
        .refers("process_id", "process")
        .refers("entity_id", "entity")
        .refers("owner_id", "app_user")
        .index(&["process_id", "ordinal", "id"])
        .index(&["entity_id", "due_sort", "priority_rank", "id"])
        .index(&["owner_id", "due_sort", "priority_rank", "id"])
        .index(&["status", "due_sort", "priority_rank", "id"])
        .index(&["due_sort", "priority_rank", "id"])
        .create(manager)
        .await?;
    FirmTable::new("task_executor", &["task_id", "user_id"])
        .columns([
            uuid("task_id"),
            uuid("user_id"),
            uuid("entity_id"),
            text("via"),
            uuid_null("role_id"),
            timestamp_with_time_zone("due_sort"),
            integer("priority_rank"),
        ])
        .part_of("task_id", "task")
        .index(&["user_id", "due_sort", "priority_rank", "task_id"])
        .index(&["entity_id", "user_id"])
        .create(manager)
        .await
}

async fn create_records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    FirmTable::new("touchpoint", &["id"])
        .columns([
            uuid("id"),
            uuid("entity_id"),
            text("touchpoint_type"),
            text("subject"),
            text_null("note"),
            timestamp_with_time_zone("occurred_at"),
            uuid_null("author_id"),
            uuid_null("process_id"),
            uuid_null("task_id"),
            timestamp_with_time_zone("created_at"),
            big_integer("version"),
        ])
        .refers("entity_id", "entity")
        .index(&["entity_id", "occurred_at", "id"])
        .index(&["occurred_at", "id"])
        .create(manager)
        .await?;
    FirmTable::new("document", &["id"])
        .columns([
            uuid("id"),
            text("name"),
            text("media_type"),
            big_integer("size"),
            text("sha256"),
            uuid_null("entity_id"),
            uuid_null("uploaded_by"),
            timestamp_with_time_zone("created_at"),
        ])
        .refers("entity_id", "entity")
        .index(&["entity_id", "id"])
        .create(manager)
        .await?;
    FirmTable::new("document_link", &["id"])
        .columns([
            uuid("id"),
            uuid("document_id"),
            uuid("entity_id"),
            uuid_null("task_id"),
            text_null("name"),
            timestamp_with_time_zone("linked_at"),
        ])
        .refers("document_id", "document")
        .refers("entity_id", "entity")
        .index(&["document_id", "id"])
        .index(&["entity_id", "id"])
        .create(manager)
        .await?;
    FirmTable::new("notification", &["id"])
        .columns([
            uuid("id"),
            uuid("user_id"),
            text("message"),
            uuid_null("process_id"),
            uuid_null("task_id"),
            uuid("entity_id"),
            timestamp_with_time_zone("created_at"),
            timestamp_with_time_zone_null("read_at"),
        ])
        .index(&["user_id", "id"])
        .create(manager)
        .await
}
