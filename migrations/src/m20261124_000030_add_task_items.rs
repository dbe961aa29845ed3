//! Fan-outs: which task a task is a child of, and for which item it is done.

use sea_orm_migration::{
    prelude::*,
    schema::{json_binary_null, uuid_null},
    sea_orm::DbBackend,
};

use crate::firm_table::{add_index, drop_index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const FOREIGN_KEY: &str = "task_parent_task_id_fkey";
/// The children of a task in the order of work; counted by status from the same range.
const INDEX: &[&str] = &["parent_task_id", "due_sort", "priority_rank", "id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite takes one column at a time.
        for column in [uuid_null("parent_task_id"), json_binary_null("item")] {
            let add = Table::alter().table("task").add_column(column).take();
            manager.alter_table(add).await?;
        }
        add_index(manager, "task", INDEX).await?;
        // SQLite adds no reference of two columns to a table that is there.
        if manager.get_database_backend() == DbBackend::Postgres {
            let mut reference = ForeignKey::create();
            reference
                .name(FOREIGN_KEY)
                .from("task", ("firm_id", "parent_task_id"))
                .to("task", ("firm_id", "id"));
            manager.create_foreign_key(reference).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            let mut reference = ForeignKey::drop();
            reference.name(FOREIGN_KEY).table("task");
            manager.drop_foreign_key(reference).await?;
        }
        drop_index(manager, "task", INDEX).await?;
        for column in ["item", "parent_task_id"] {
            let drop = Table::alter().table("task").drop_column(column).take();
            manager.alter_table(drop).await?;
        }
        Ok(())
    }
}
