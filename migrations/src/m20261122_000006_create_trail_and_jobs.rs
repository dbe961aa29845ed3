//! The trail of changes, kept answers, and deferred work.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, binary, integer, integer_null, json_binary, json_binary_null, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid, uuid_null,
    },
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new("change", &["sequence"])
            .columns([
                big_integer("sequence"),
                timestamp_with_time_zone("occurred_at"),
                text("action"),
                text("subject_type"),
                uuid("subject_id"),
                uuid_null("entity_id"),
                json_binary("actor"),
                uuid_null("on_behalf_of"),
                json_binary("changed"),
                // Text, not a JSON type: a database that rewrites numbers would break the hash.
                text_null("before"),
                text_null("after"),
                text_null("request_id"),
                text_null("address"),
                binary("hash"),
                binary("previous_hash"),
            ])
            .index(&["subject_id", "sequence"])
            .index(&["entity_id", "sequence"])
            .create(manager)
            .await?;
        FirmTable::new("idempotency", &["principal_id", "method", "path", "key"])
            .columns([
                uuid("principal_id"),
                text("method"),
                text("path"),
                text("key"),
                binary("request_hmac"),
                integer_null("status"),
                json_binary_null("headers"),
                text_null("body"),
                timestamp_with_time_zone("created_at"),
            ])
            .index(&["created_at"])
            .create(manager)
            .await?;
        FirmTable::new("job", &["id"])
            .columns([
                uuid("id"),
                text("kind"),
                json_binary("payload"),
                text("state"),
                timestamp_with_time_zone("run_at"),
                integer("tries"),
                uuid_null("lease_token"),
                timestamp_with_time_zone_null("lease_until"),
                text_null("last_error"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone_null("finished_at"),
            ])
            .index(&["state", "run_at", "id"])
            .create(manager)
            .await?;
        // The worker's first question, which firms have work that is due, is the one that spans firms.
        manager
            .create_index(
                Index::create()
                    .name("job_due_idx")
                    .table("job")
                    .col("state")
                    .col("run_at")
                    .col("firm_id")
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["job", "idempotency", "change"]).await
    }
}
