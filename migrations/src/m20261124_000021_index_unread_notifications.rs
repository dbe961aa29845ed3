//! What somebody has not read, found without what they have.

use sea_orm_migration::prelude::*;

const INDEX: &str = "notification_user_id_id_unread_idx";

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::create();
        index.name(INDEX).table("notification");
        for column in ["firm_id", "user_id", "id"] {
            index.col(column);
        }
        index.and_where(Expr::col("read_at").is_null());
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut index = Index::drop();
        index.name(INDEX).table("notification");
        manager.drop_index(index).await
    }
}
