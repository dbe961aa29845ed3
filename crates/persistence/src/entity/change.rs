use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "change")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub sequence: i64,
    pub occurred_at: DateTimeUtc,
    pub action: String,
    pub subject_type: String,
    pub subject_id: Uuid,
    pub entity_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub actor: Json,
    pub on_behalf_of: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub changed: Json,
    pub before: Option<String>,
    pub after: Option<String>,
    pub request_id: Option<String>,
    pub address: Option<String>,
    pub hash: Vec<u8>,
    pub previous_hash: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
