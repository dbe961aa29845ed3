//! Indexes for the orders in which people ask for tasks and for their work: by urgency, and by age.

use sea_orm_migration::prelude::*;

use crate::firm_table::{add_index, drop_index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: [(&str, &[&str]); 3] = [
    ("task", &["priority_rank", "due_sort", "id"]),
    (
        "task_executor",
        &["user_id", "priority_rank", "due_sort", "task_id"],
    ),
    ("task_executor", &["user_id", "task_id"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            add_index(manager, table, columns).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in INDEXES {
            drop_index(manager, table, columns).await?;
        }
        Ok(())
    }
}
