//! Entities, the links between them, who works for them, and the facts kept of them.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, boolean, json_binary, json_binary_null, text, timestamp_with_time_zone, uuid,
        uuid_null,
    },
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new("entity", &["id"])
            .of_firm()
            .columns([
                uuid("id"),
                text("kind"),
                text("name"),
                text("status"),
                uuid_null("team_id"),
                boolean("restricted"),
                json_binary("attributes"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .refers("team_id", "team")
            .index(&["name", "id"])
            .index(&["kind", "id"])
            .index(&["team_id"])
            .create(manager)
            .await?;
        FirmTable::new("relation", &["id"])
            .columns([
                uuid("id"),
                uuid("from_entity_id"),
                uuid("to_entity_id"),
                text("kind"),
                timestamp_with_time_zone("created_at"),
            ])
            .refers("from_entity_id", "entity")
            .refers("to_entity_id", "entity")
            .unique(&["from_entity_id", "to_entity_id", "kind"])
            .index(&["to_entity_id"])
            .create(manager)
            .await?;
        FirmTable::new("membership", &["id"])
            .columns([
                uuid("id"),
                uuid("entity_id"),
                uuid("user_id"),
                uuid("role_id"),
                text("role_kind"),
                boolean("is_primary"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .refers("entity_id", "entity")
            .refers("user_id", "app_user")
            .refers("role_id", "role")
            .unique(&["entity_id", "user_id", "role_id"])
            .unique_where(&["entity_id", "role_id"], Expr::col("is_primary"))
            .index(&["user_id", "entity_id"])
            .create(manager)
            .await?;
        FirmTable::new("attribute", &["id"])
            .of_firm()
            .columns([
                uuid("id"),
                text("key"),
                text("label"),
                text("entity_kind"),
                text("value_type"),
                json_binary("options"),
                boolean("archived"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .unique(&["entity_kind", "key"])
            .create(manager)
            .await?;
        FirmTable::new("attribute_value", &["id"])
            .columns([
                uuid("id"),
                uuid("entity_id"),
                text("attribute"),
                json_binary_null("before"),
                json_binary_null("after"),
                uuid_null("task_id"),
                uuid_null("by"),
                timestamp_with_time_zone("at"),
            ])
            .refers("entity_id", "entity")
            .index(&["entity_id", "attribute", "id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "attribute_value",
                "attribute",
                "membership",
                "relation",
                "entity",
            ],
        )
        .await
    }
}
