use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub schedule_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub planned_at: DateTimeUtc,
    pub ran_at: DateTimeUtc,
    pub late: bool,
    pub missed: i32,
    pub outcome: String,
    pub process_id: Option<Uuid>,
    pub batch_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub reasons: Option<Json>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
