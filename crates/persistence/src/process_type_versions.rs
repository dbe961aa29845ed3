//! Versions of process types. What is published is never written again, whatever is asked of this file.

use chrono::{DateTime, Utc};
use domain::{
    ids::{ProcessTypeId, UserId},
    page::{Page, PageRequest},
    process_type::{
        ProcessType, ProcessTypeDocument, ProcessTypeVersion, VersionStatus, definition::Policy,
        document::PolicyDocument,
    },
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{BinOper, Expr, ExprTrait},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::{Place, to_json},
    entity::{
        process_type,
        process_type_version::{Column, Entity, Model},
    },
    writes::replace_all,
};

impl Reads<'_> {
    /// One version.
    pub async fn process_type_version(
        &self,
        id: ProcessTypeId,
        number: i32,
    ) -> Result<Option<ProcessTypeVersion>, StoreError> {
        Entity::find_by_id((self.firm_key(), id.0, number))
            .one(&self.connection)
            .await?
            .map(ProcessTypeVersion::try_from)
            .transpose()
    }

    /// A page of the versions of a process type, newest first.
    pub async fn list_process_type_versions(
        &self,
        id: ProcessTypeId,
        page: PageRequest<i32>,
    ) -> Result<Page<ProcessTypeVersion, i32>, StoreError> {
        let mut query = of_type(self.firm_key(), id)
            .order_by_desc(Column::Number)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Number.lt(place));
        }
        let items = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(ProcessTypeVersion::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_overfetch(items, page.limit, |version| version.number).counted(total))
    }

    /// What a version says.
    pub async fn definition_document(
        &self,
        id: ProcessTypeId,
        number: i32,
    ) -> Result<Option<ProcessTypeDocument>, StoreError> {
        let json: Option<Value> = of_type(self.firm_key(), id)
            .select_only()
            .column(Column::Definition)
            .filter(Column::Number.eq(number))
            .into_tuple()
            .one(&self.connection)
            .await?;
        json.map(|json| place(id.0, number).json(json)).transpose()
    }

    /// What the newest published versions of the process types with these keys say.
    pub async fn published_definitions(
        &self,
        keys: &[&str],
    ) -> Result<Vec<ProcessTypeDocument>, StoreError> {
        let numbers = self.published_versions(keys).await?;
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let newest = numbers.iter().fold(Condition::any(), |any, (id, number)| {
            let one = Column::ProcessTypeId
                .eq(*id)
                .and(Column::Number.eq(*number));
            any.add(one)
        });
        let rows: Vec<(Uuid, i32, Value)> = Entity::find()
            .select_only()
            .column(Column::ProcessTypeId)
            .column(Column::Number)
            .column(Column::Definition)
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(newest)
            .into_tuple()
            .all(&self.connection)
            .await?;
        rows.into_iter()
            .map(|(id, number, json)| place(id, number).json(json))
            .collect()
    }

    /// What process types that are not archived say of their policies in their newest published versions, by their keys; of
    /// some at a time, in the order of these.
    pub async fn published_policies(
        &self,
        after: Option<&str>,
        limit: u64,
    ) -> Result<Vec<(String, Vec<Policy>)>, StoreError> {
        let version = |column: Column| Expr::col((Entity, column));
        let kind = |column: process_type::Column| Expr::col((process_type::Entity, column));
        let mut query = process_type::Entity::find()
            .select_only()
            .column(process_type::Column::Key)
            .expr(version(Column::ProcessTypeId))
            .expr(version(Column::Number))
            .expr_as(
                version(Column::Definition).binary(BinOper::Custom("->"), Expr::cust("'policies'")),
                "policies",
            )
            .join_rev(
                JoinType::InnerJoin,
                Entity::belongs_to(process_type::Entity)
                    .from((Column::FirmId, Column::ProcessTypeId, Column::Number))
                    .to((
                        process_type::Column::FirmId,
                        process_type::Column::Id,
                        process_type::Column::PublishedVersion,
                    ))
                    .into(),
            )
            .filter(kind(process_type::Column::FirmId).eq(self.firm_key()))
            .filter(kind(process_type::Column::ArchivedAt).is_null())
            .order_by_asc(process_type::Column::Key)
            .limit(limit);
        if let Some(after) = after {
            query = query.filter(kind(process_type::Column::Key).gt(after));
        }
        let rows: Vec<(String, Uuid, i32, Option<Value>)> =
            query.into_tuple().all(&self.connection).await?;
        rows.into_iter()
            .map(|(key, id, number, json)| {
                let said: Vec<PolicyDocument> = json
                    .map(|json| place(id, number).json(json))
                    .transpose()?
                    .unwrap_or_default();
                let policies = said.into_iter().map(|it| Policy {
                    key: it.key,
                    field_type: it.r#type,
                    default: it.default,
                });
                Ok((key, policies.collect()))
            })
            .collect()
    }

    /// Number of the version from which a process starts at this moment: the newest published one that has taken effect.
    pub async fn version_in_effect(
        &self,
        id: ProcessTypeId,
        at: DateTime<Utc>,
    ) -> Result<Option<i32>, StoreError> {
        Ok(of_type(self.firm_key(), id)
            .select_only()
            .column(Column::Number)
            .filter(Column::Status.eq(VersionStatus::Published.as_str()))
            .filter(
                Condition::any()
                    .add(Column::EffectiveAt.is_null())
                    .add(Column::EffectiveAt.lte(at)),
            )
            .order_by_desc(Column::Number)
            .into_tuple()
            .one(&self.connection)
            .await?)
    }
}

fn of_type(firm: Uuid, id: ProcessTypeId) -> Select<Entity> {
    Entity::find()
        .filter(Column::FirmId.eq(firm))
        .filter(Column::ProcessTypeId.eq(id.0))
}

impl UnitOfWork {
    /// Queues a new draft, or what the draft with this number has become, with the process type that names it.
    pub fn put_draft(
        &mut self,
        process_type: &ProcessType,
        draft: &ProcessTypeVersion,
    ) -> Result<(), StoreError> {
        self.update_process_type(process_type);
        let row = model(self.firm_id().0, process_type.id, draft)?;
        let mut on_conflict = replace_all::<Entity>();
        on_conflict.action_and_where(is_draft());
        self.queue(
            Entity::insert(row.into_active_model())
                .on_conflict(on_conflict)
                .into_query(),
        );
        Ok(())
    }

    /// Queues the publication of the draft with this number, with the process type that names it.
    pub fn publish_version(
        &mut self,
        process_type: &ProcessType,
        published: &ProcessTypeVersion,
    ) -> Result<(), StoreError> {
        self.update_process_type(process_type);
        let row = model(self.firm_id().0, process_type.id, published)?;
        let mut update = update_row(&row.into_active_model());
        update.and_where(is_draft());
        self.queue(update);
        Ok(())
    }

    pub(crate) fn insert_version(
        &mut self,
        id: ProcessTypeId,
        version: &ProcessTypeVersion,
    ) -> Result<(), StoreError> {
        let row = model(self.firm_id().0, id, version)?;
        self.insert([row]);
        Ok(())
    }
}

/// The row that is there may still change.
fn is_draft() -> Expr {
    Expr::col((Entity, Column::Status)).eq(VersionStatus::Draft.as_str())
}

fn model(firm: Uuid, id: ProcessTypeId, version: &ProcessTypeVersion) -> Result<Model, StoreError> {
    Ok(Model {
        firm_id: firm,
        process_type_id: id.0,
        number: version.number,
        status: version.status.as_str().to_owned(),
        definition: to_json(&version.definition)?,
        effective_at: version.effective_at,
        published_at: version.published_at,
        published_by: version.published_by.map(Uuid::from),
        created_at: version.created_at,
    })
}

fn place(id: Uuid, number: i32) -> Place<String> {
    Place {
        table: "process_type_version",
        row: format!("{id} {number}"),
    }
}

impl TryFrom<Model> for ProcessTypeVersion {
    type Error = StoreError;

    fn try_from(m: Model) -> Result<Self, Self::Error> {
        let row = place(m.process_type_id, m.number);
        Ok(Self {
            number: m.number,
            status: row.name(m.status)?,
            effective_at: m.effective_at,
            published_at: m.published_at,
            published_by: m.published_by.map(UserId),
            created_at: m.created_at,
            definition: row.json(m.definition)?,
        })
    }
}
