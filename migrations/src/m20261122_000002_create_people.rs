//! People, how they sign in, their teams and the roles that they may hold.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, binary, binary_null, boolean, integer, text, text_null,
        timestamp_with_time_zone, timestamp_with_time_zone_null, uuid,
    },
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new("app_user", &["id"])
            .of_firm()
            .columns([
                uuid("id"),
                text("email"),
                text("full_name"),
                text("permission_level"),
                text("status"),
                text_null("password_hash"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .unique(&["email"])
            .index(&["full_name", "id"])
            .create(manager)
            .await?;
        FirmTable::new("session", &["id"])
            .columns([
                uuid("id"),
                uuid("user_id"),
                binary("refresh_hash"),
                binary_null("previous_refresh_hash"),
                integer("generation"),
                timestamp_with_time_zone("created_at"),
                timestamp_with_time_zone("last_used_at"),
                timestamp_with_time_zone("expires_at"),
                timestamp_with_time_zone_null("revoked_at"),
                text_null("user_agent"),
                text_null("address"),
            ])
            .refers("user_id", "app_user")
            .index(&["user_id", "id"])
            .create(manager)
            .await?;
        FirmTable::new("team", &["id"])
            .of_firm()
            .columns([
                uuid("id"),
                text("name"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .unique(&["name"])
            .create(manager)
            .await?;
        FirmTable::new("team_member", &["team_id", "user_id"])
            .columns([uuid("team_id"), uuid("user_id"), boolean("manager")])
            .part_of("team_id", "team")
            .refers("user_id", "app_user")
            .index(&["user_id"])
            .create(manager)
            .await?;
        FirmTable::new("role", &["id"])
            .of_firm()
            .columns([
                uuid("id"),
                text("key"),
                text("name"),
                text("kind"),
                text_null("description"),
                boolean("leads"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .unique(&["key"])
            .create(manager)
            .await?;
        // Signing keys belong to the installation, and are needed before a token's firm is known.
        manager
            .create_table(
                Table::create()
                    .table("signing_key")
                    .col(text("kid").primary_key())
                    .col(text("algorithm"))
                    .col(binary("public_key"))
                    .col(binary("private_key_encrypted"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("retired_at"))
                    .to_owned(),
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "signing_key",
                "role",
                "team_member",
                "team",
                "session",
                "app_user",
            ],
        )
        .await
    }
}
