use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "batch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub process_type_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub fields: Json,
    pub unless_open: bool,
    pub status: String,
    pub total: i32,
    pub started: i32,
    pub skipped: i32,
    pub refused: i32,
    pub requested_by: Option<Uuid>,
    pub schedule_id: Option<Uuid>,
    pub turn: i32,
    pub created_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
