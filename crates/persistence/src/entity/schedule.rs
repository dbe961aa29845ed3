use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub process_type_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub timing: Json,
    pub entity_id: Option<Uuid>,
    pub entity_count: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub fields: Json,
    pub unless_open: bool,
    pub status: String,
    pub next_at: Option<DateTimeUtc>,
    pub source_process_id: Option<Uuid>,
    pub source_task_id: Option<Uuid>,
    pub source_attempt: Option<i32>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
