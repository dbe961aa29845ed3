use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "process")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub process_type_id: Uuid,
    pub process_type_version: i32,
    pub name: String,
    pub entity_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub entity_ids: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub related: Json,
    pub owner_id: Option<Uuid>,
    pub initiator_id: Option<Uuid>,
    pub status: String,
    pub result: Option<String>,
    pub result_set_by: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub fields: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub asked_fields: Json,
    pub parent_process_id: Option<Uuid>,
    pub parent_task_id: Option<Uuid>,
    pub waited_for: bool,
    pub schedule_id: Option<Uuid>,
    pub batch_id: Option<Uuid>,
    pub depth: i32,
    pub cancel_reason: Option<String>,
    pub hold_reason: Option<String>,
    pub held_at: Option<DateTimeUtc>,
    pub started_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
