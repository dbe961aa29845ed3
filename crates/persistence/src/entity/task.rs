use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "task")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub firm_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub process_id: Option<Uuid>,
    pub parent_task_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub item: Option<Json>,
    pub entity_id: Uuid,
    pub key: String,
    pub kind: String,
    pub stage: Option<String>,
    pub ordinal: i32,
    pub title: String,
    pub description: Option<String>,
    pub status: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub hold: Option<Json>,
    pub priority_rank: i32,
    pub owner_id: Option<Uuid>,
    pub owner_by_hand: bool,
    pub due_at: Option<DateTimeUtc>,
    pub due_sort: DateTimeUtc,
    pub due_by_hand: bool,
    pub compressed: bool,
    pub attempt: i32,
    #[sea_orm(column_type = "JsonBinary")]
    pub attempts: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub execution: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub separate_from: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub form_editors: Json,
    pub waiting_on: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub checklist: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub form: Json,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub completion: Option<Json>,
    pub outcome: Option<String>,
    pub completed_at: Option<DateTimeUtc>,
    pub completed_by: Option<Uuid>,
    pub completed_via: Option<String>,
    pub closed_reason: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub rounds: Json,
    pub skip_marked_by: Option<String>,
    pub child_process_id: Option<Uuid>,
    pub blocking: bool,
    #[sea_orm(column_type = "JsonBinary")]
    pub source: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub contact_ids: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub document_ids: Json,
    pub flow: Option<String>,
    #[sea_orm(column_type = "JsonBinary")]
    pub submissions: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub moments: Json,
    pub created_at: DateTimeUtc,
    pub opened_at: Option<DateTimeUtc>,
    pub started_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
