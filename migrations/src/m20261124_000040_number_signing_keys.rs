//! Signing keys by number, so that servers that want the next one at the same moment make one; and since when one counts no
//! more. Until when a key signs follows from when the next was made.

use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, timestamp_with_time_zone_null},
};

const TABLE: &str = "signing_key";
const INDEX: &str = "signing_key_generation_key";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let generation = big_integer("generation").default(0).to_owned();
        // One change a statement: SQLite knows no other.
        for change in [
            Table::alter().table(TABLE).add_column(generation).take(),
            Table::alter()
                .table(TABLE)
                .add_column(timestamp_with_time_zone_null("revoked_at"))
                .take(),
            Table::alter().table(TABLE).drop_column("retired_at").take(),
        ] {
            manager.alter_table(change).await?;
        }
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE signing_key SET generation = (SELECT count(*) FROM signing_key AS earlier \
                 WHERE earlier.created_at < signing_key.created_at \
                 OR (earlier.created_at = signing_key.created_at AND earlier.kid >= signing_key.kid))",
            )
            .await?;
        let mut index = Index::create();
        index.name(INDEX).table(TABLE).col("generation").unique();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::drop();
        index.name(INDEX).table(TABLE);
        manager.drop_index(index).await?;
        for change in [
            Table::alter()
                .table(TABLE)
                .add_column(timestamp_with_time_zone_null("retired_at"))
                .take(),
            Table::alter().table(TABLE).drop_column("revoked_at").take(),
            Table::alter().table(TABLE).drop_column("generation").take(),
        ] {
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
