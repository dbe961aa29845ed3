use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "touchpoint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub entity_id: Uuid,
    pub touchpoint_type: String,
    pub subject: String,
    pub note: Option<String>,
    pub occurred_at: DateTimeUtc,
    pub author_id: Option<Uuid>,
    pub process_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub voided_at: Option<DateTimeUtc>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
