//! Batches, and what becomes of each of their entities (E17).

use domain::{
    access::{Actor, visibility::EntityScope},
    batch::{Batch, BatchCounts, BatchItem, BatchStatus, ItemState},
    ids::{BatchId, EntityId, ProcessId, ProcessTypeId, ScheduleId, UserId},
    page::{Page, PageRequest},
    user::PermissionLevel,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Condition, Expr, LockType},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::{Place, to_json},
    entity::{
        batch::{ActiveModel, Column, Entity, Model},
        batch_item as item,
    },
    scope::of_records,
    writes::replace_all,
};

/// Rows of one statement.
const ROWS: usize = 500;

/// Which batches are listed; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct BatchFilter {
    /// In one of these statuses; empty: any.
    pub statuses: Vec<BatchStatus>,
    /// Started by this schedule.
    pub schedule: Option<ScheduleId>,
}

impl Reads<'_> {
    /// One batch.
    pub async fn batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?
            .map(Batch::try_from)
            .transpose()
    }

    /// A page of the batches that somebody may follow ([`Batch::is_followed_by`]), newest first.
    pub async fn list_batches(
        &self,
        actor: &Actor,
        filter: &BatchFilter,
        page: PageRequest<Uuid>,
    ) -> Result<Page<Batch, Uuid>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(followed_by(actor))
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        if !filter.statuses.is_empty() {
            let statuses = filter.statuses.iter().map(|status| status.as_str());
            query = query.filter(Column::Status.is_in(statuses));
        }
        if let Some(schedule) = filter.schedule {
            query = query.filter(Column::ScheduleId.eq(schedule.0));
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.lt(place));
        }
        let items = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Batch::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Page::from_overfetch(items, page.limit, |batch| batch.id.0).counted(total))
    }

    /// A page of those of a batch's entities that somebody may see, in their order.
    pub async fn list_batch_items(
        &self,
        scope: &EntityScope,
        id: BatchId,
        states: &[ItemState],
        page: PageRequest<i32>,
    ) -> Result<Page<BatchItem, i32>, StoreError> {
        let firm = self.firm_key();
        let entity = Expr::col((item::Entity, item::Column::EntityId));
        let mut query = of_batch(firm, id)
            .filter(of_records(firm, scope, entity))
            .limit(u64::from(page.limit) + 1);
        if !states.is_empty() {
            let states = states.iter().map(|state| state.as_str());
            query = query.filter(item::Column::State.is_in(states));
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(item::Column::Ordinal.gt(place));
        }
        let items = items(query.all(&self.connection).await?)?;
        Ok(Page::from_overfetch(items, page.limit, |item| item.ordinal).counted(total))
    }

    /// The next entities of a batch whose turn has not come.
    pub async fn waiting_items(
        &self,
        id: BatchId,
        limit: u64,
    ) -> Result<Vec<BatchItem>, StoreError> {
        let rows = of_batch(self.firm_key(), id)
            .filter(item::Column::State.eq(ItemState::Waiting.as_str()))
            .limit(limit)
            .all(&self.connection)
            .await?;
        items(rows)
    }
}

/// The same as [`Batch::is_followed_by`].
fn followed_by(actor: &Actor) -> Condition {
    let own = Column::RequestedBy.eq(actor.user_id.0);
    match actor.level {
        PermissionLevel::Auditor | PermissionLevel::Admin => Condition::all(),
        PermissionLevel::Designer => Condition::any().add(own).add(Column::RequestedBy.is_null()),
        PermissionLevel::Manager | PermissionLevel::Member => Condition::all().add(own),
    }
}

fn of_batch(firm: Uuid, id: BatchId) -> Select<item::Entity> {
    item::Entity::find()
        .filter(item::Column::FirmId.eq(firm))
        .filter(item::Column::BatchId.eq(id.0))
        .order_by_asc(item::Column::Ordinal)
}

fn items(rows: Vec<item::Model>) -> Result<Vec<BatchItem>, StoreError> {
    rows.into_iter().map(BatchItem::try_from).collect()
}

impl UnitOfWork {
    /// Looks one up and holds it until the end.
    pub async fn lock_batch(&self, id: BatchId) -> Result<Option<Batch>, StoreError> {
        Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?
            .map(Batch::try_from)
            .transpose()
    }

    /// Queues a new one with its entities.
    pub fn insert_batch(&mut self, batch: &Batch, entities: &[EntityId]) -> Result<(), StoreError> {
        let firm_id = self.firm_id().0;
        self.queue(Entity::insert(row_of(firm_id, batch)?).into_query());
        let mut rows = Vec::with_capacity(entities.len());
        for (ordinal, entity) in (0..).zip(entities) {
            rows.push(item::Model {
                firm_id,
                batch_id: batch.id.0,
                entity_id: entity.0,
                ordinal,
                state: ItemState::Waiting.as_str().to_owned(),
                process_id: None,
                reasons: None,
            });
        }
        self.insert(rows);
        Ok(())
    }

    /// Queues the present state of one.
    pub fn update_batch(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let row = row_of(self.firm_id().0, batch)?;
        self.queue(update_row(&row));
        Ok(())
    }

    /// Queues how far one has come, with what became of these of its entities: the processes tell of themselves.
    pub fn advance_batch(&mut self, batch: &Batch, items: &[BatchItem]) -> Result<(), StoreError> {
        let firm_id = self.firm_id().0;
        let row = row_of(firm_id, batch)?;
        self.queue_untold(update_row(&row));
        let rows = items
            .iter()
            .map(|item| {
                let reasons = (!item.reasons.is_empty())
                    .then(|| to_json(&item.reasons))
                    .transpose()?;
                let row = item::Model {
                    firm_id,
                    batch_id: batch.id.0,
                    entity_id: item.entity_id.0,
                    ordinal: item.ordinal,
                    state: item.state.as_str().to_owned(),
                    process_id: item.process_id.map(Uuid::from),
                    reasons,
                };
                Ok(row.into_active_model().reset_all())
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        let on_conflict = replace_all::<item::Entity>();
        for some in rows.chunks(ROWS) {
            let upsert = item::Entity::insert_many(some.to_vec()).on_conflict(on_conflict.clone());
            self.queue_untold(upsert.into_query());
        }
        Ok(())
    }
}

fn row_of(firm: Uuid, batch: &Batch) -> Result<ActiveModel, StoreError> {
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let counts = batch.counts;
    let row = Model {
        firm_id: firm,
        id: batch.id.0,
        name: batch.name.clone(),
        process_type_id: batch.process_type_id.0,
        fields: to_json(&batch.fields)?,
        unless_open: batch.unless_open,
        status: batch.status.as_str().to_owned(),
        total: count(counts.total),
        started: count(counts.started),
        skipped: count(counts.skipped),
        refused: count(counts.refused),
        requested_by: batch.requested_by.map(Uuid::from),
        schedule_id: batch.schedule_id.map(Uuid::from),
        turn: batch.turn,
        created_at: batch.created_at,
        ended_at: batch.ended_at,
        version: batch.version,
    };
    Ok(ActiveModel::from(row).reset_all())
}

impl TryFrom<Model> for Batch {
    type Error = StoreError;

    fn try_from(m: Model) -> Result<Self, Self::Error> {
        let row = Place {
            table: "batch",
            row: m.id,
        };
        Ok(Self {
            id: BatchId(m.id),
            name: m.name,
            process_type_id: ProcessTypeId(m.process_type_id),
            fields: row.json(m.fields)?,
            unless_open: m.unless_open,
            status: row.name(m.status)?,
            counts: BatchCounts {
                total: row.count(m.total)?,
                started: row.count(m.started)?,
                skipped: row.count(m.skipped)?,
                refused: row.count(m.refused)?,
            },
            requested_by: m.requested_by.map(UserId),
            schedule_id: m.schedule_id.map(ScheduleId),
            turn: m.turn,
            created_at: m.created_at,
            ended_at: m.ended_at,
            version: m.version,
        })
    }
}

impl TryFrom<item::Model> for BatchItem {
    type Error = StoreError;

    fn try_from(m: item::Model) -> Result<Self, Self::Error> {
        let row = Place {
            table: "batch_item",
            row: m.entity_id,
        };
        Ok(Self {
            ordinal: m.ordinal,
            entity_id: EntityId(m.entity_id),
            state: row.name(m.state)?,
            process_id: m.process_id.map(ProcessId),
            reasons: row.json(m.reasons.unwrap_or(Value::Array(Vec::new())))?,
        })
    }
}
