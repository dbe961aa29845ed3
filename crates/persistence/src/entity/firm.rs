use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "firm")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    pub slug: String,
    pub name: String,
    pub time_zone: String,
    pub close_of_business: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub weekend: Json,
    pub fiscal_year_start_month: i32,
    pub visibility: String,
    pub owner_may_reschedule: bool,
    pub read_access_log: String,
    pub created_at: DateTimeUtc,
    pub version: i64,
    pub catalog_version: i64,
    #[sea_orm(column_type = "JsonBinary")]
    pub policies: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
