//! Who stands in for whom, and for how long somebody may execute a task because of it.

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, integer, json_binary, text, text_null, timestamp_with_time_zone, uuid,
        uuid_null,
    },
};

use crate::firm_table::{FirmTable, drop_all};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What an executor row says besides its key and its times.
const KEPT: [&str; 8] = [
    "firm_id",
    "task_id",
    "user_id",
    "entity_id",
    "via",
    "role_id",
    "due_sort",
    "priority_rank",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        FirmTable::new("cover", &["id"])
            .columns([
                uuid("id"),
                uuid("absent_id"),
                json_binary("cover_user_ids"),
                timestamp_with_time_zone("from_at"),
                timestamp_with_time_zone("until_at"),
                json_binary("role_ids"),
                json_binary("entity_ids"),
                text_null("reason"),
                timestamp_with_time_zone("created_at"),
                big_integer("version"),
            ])
            .refers("absent_id", "app_user")
            .index(&["absent_id", "id"])
            .index(&["until_at", "id"])
            .create(manager)
            .await?;
        FirmTable::new("cover_person", &["user_id", "cover_id"])
            .columns([uuid("cover_id"), uuid("user_id")])
            .part_of("cover_id", "cover")
            .refers("user_id", "app_user")
            .create(manager)
            .await?;
        let times = [
            timestamp_with_time_zone("valid_from"),
            timestamp_with_time_zone("valid_until"),
        ];
        let bounds = [
            Expr::cust("'1970-01-01T00:00:00+00:00'"),
            Expr::cust("'9999-12-31T00:00:00+00:00'"),
        ];
        remake(
            manager,
            &["task_id", "user_id", "valid_from"],
            times,
            bounds,
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remake(manager, &["task_id", "user_id"], [], []).await?;
        drop_all(manager, &["cover_person", "cover"]).await
    }
}

/// `SQLite` cannot change the key of a table: it is made anew, with the rows that hold whatever the time.
async fn remake<const N: usize>(
    manager: &SchemaManager<'_>,
    key: &[&'static str],
    times: [ColumnDef; N],
    bounds: [SimpleExpr; N],
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let going_back = N == 0;
    let always = if going_back {
        " WHERE valid_from < '1970-01-02' AND via <> 'cover'"
    } else {
        ""
    };
    let columns = KEPT.join(", ");
    connection
        .execute_unprepared(&format!(
            "CREATE TABLE task_executor_kept AS SELECT {columns} FROM task_executor{always}"
        ))
        .await?;
    drop_all(manager, &["task_executor"]).await?;
    let names: Vec<String> = times.iter().map(ColumnDef::get_column_name).collect();
    FirmTable::new("task_executor", key)
        .columns([
            uuid("task_id"),
            uuid("user_id"),
            uuid("entity_id"),
            text("via"),
            uuid_null("role_id"),
            timestamp_with_time_zone("due_sort"),
            integer("priority_rank"),
        ])
        .columns(times)
        .part_of("task_id", "task")
        .index(&["user_id", "due_sort", "priority_rank", "task_id"])
        .index(&["user_id", "priority_rank", "due_sort", "task_id"])
        .index(&["user_id", "task_id"])
        .index(&["entity_id", "user_id"])
        .create(manager)
        .await?;
    let kept = KEPT.iter().map(|name| Alias::new(*name));
    let mut back = Query::select();
    back.columns(kept.clone()).from("task_executor_kept");
    for bound in bounds {
        back.expr(bound);
    }
    let all = kept.chain(names.into_iter().map(Alias::new));
    let mut insert = Query::insert();
    insert
        .into_table("task_executor")
        .columns(all)
        .select_from(back)
        .map_err(|err| DbErr::Custom(err.to_string()))?;
    manager.execute(insert).await?;
    drop_all(manager, &["task_executor_kept"]).await
}
