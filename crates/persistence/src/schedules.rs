//! Schedules, the records that they are for, and their runs (E18).

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::visibility::EntityScope,
    ids::{BatchId, EntityId, ProcessId, ProcessTypeId, ScheduleId, TaskId, UserId},
    page::{Page, PageRequest},
    schedule::{
        Schedule, ScheduleSource, ScheduleStatus, ScheduledEntity,
        run::{RunOutcome, ScheduleRun},
    },
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Condition, Expr, LockType, Query},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::{Place, to_json},
    entity::{
        schedule::{ActiveModel, Column, Entity, Model},
        schedule_entity, schedule_run,
    },
    scope::of_records,
    writes::replace_all,
};

/// Which schedules are listed; what is none does not matter.
#[derive(Debug, Clone, Default)]
pub struct ScheduleFilter {
    /// In one of these statuses; empty: any.
    pub statuses: Vec<ScheduleStatus>,
    /// Of this type.
    pub process_type: Option<ProcessTypeId>,
    /// For this entity, and no other.
    pub entity: Option<EntityId>,
}

/// Rows of one statement.
const ROWS: usize = 500;

/// The place of a record among those of a schedule.
pub type ScheduledPlace = Uuid;

impl Reads<'_> {
    /// One schedule.
    pub async fn schedule(&self, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
        Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?
            .map(Schedule::try_from)
            .transpose()
    }

    /// A page of the schedules that somebody may see, newest first: all that are not for a single record that they do not see.
    pub async fn list_schedules(
        &self,
        scope: &EntityScope,
        filter: &ScheduleFilter,
        page: PageRequest<Uuid>,
    ) -> Result<Page<Schedule, Uuid>, StoreError> {
        let firm = self.firm_key();
        let entity = Expr::col((Entity, Column::EntityId));
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(firm))
            .filter(
                Condition::any()
                    .add(Column::EntityId.is_null())
                    .add(of_records(firm, scope, entity)),
            )
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        if !filter.statuses.is_empty() {
            let statuses = filter.statuses.iter().map(|status| status.as_str());
            query = query.filter(Column::Status.is_in(statuses));
        }
        if let Some(process_type) = filter.process_type {
            query = query.filter(Column::ProcessTypeId.eq(process_type.0));
        }
        if let Some(entity) = filter.entity {
            query = query.filter(Column::EntityId.eq(entity.0));
        }
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.lt(place));
        }
        let items = schedules(query.all(&self.connection).await?)?;
        Ok(Page::from_overfetch(items, page.limit, |schedule| schedule.id.0).counted(total))
    }

    /// The records of a schedule, by id.
    pub async fn scheduled_entities(
        &self,
        id: ScheduleId,
        after: Option<EntityId>,
        limit: u64,
    ) -> Result<Vec<ScheduledEntity>, StoreError> {
        let mut query = of_schedule(self.firm_key(), id).limit(limit);
        if let Some(after) = after {
            query = query.filter(schedule_entity::Column::EntityId.gt(after.0));
        }
        let rows = query.all(&self.connection).await?;
        Ok(rows.into_iter().map(ScheduledEntity::from).collect())
    }

    /// Whether a schedule is for a record.
    pub async fn is_scheduled(&self, id: ScheduleId, entity: EntityId) -> Result<bool, StoreError> {
        let key = (self.firm_key(), id.0, entity.0);
        let found = schedule_entity::Entity::find_by_id(key);
        Ok(found.one(&self.connection).await?.is_some())
    }

    /// A page of those of a schedule's records that somebody may see, by id.
    pub async fn list_scheduled_entities(
        &self,
        scope: &EntityScope,
        id: ScheduleId,
        page: PageRequest<ScheduledPlace>,
    ) -> Result<Page<ScheduledEntity, ScheduledPlace>, StoreError> {
        let firm = self.firm_key();
        let entity = Expr::col((schedule_entity::Entity, schedule_entity::Column::EntityId));
        let mut query = of_schedule(firm, id)
            .filter(of_records(firm, scope, entity))
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(schedule_entity::Column::EntityId.gt(place));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows.into_iter().map(ScheduledEntity::from).collect();
        Ok(
            Page::from_overfetch(items, page.limit, |it: &ScheduledEntity| it.entity_id.0)
                .counted(total),
        )
    }

    /// A page of what became of a schedule, newest first.
    pub async fn list_schedule_runs(
        &self,
        id: ScheduleId,
        page: PageRequest<DateTime<Utc>>,
    ) -> Result<Page<ScheduleRun, DateTime<Utc>>, StoreError> {
        use schedule_run::Column as Run;
        let mut query = schedule_run::Entity::find()
            .filter(Run::FirmId.eq(self.firm_key()))
            .filter(Run::ScheduleId.eq(id.0))
            .order_by_desc(Run::PlannedAt)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Run::PlannedAt.lt(place));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows
            .into_iter()
            .map(ScheduleRun::try_from)
            .collect::<Result<_, _>>()?;
        Ok(
            Page::from_overfetch(items, page.limit, |run: &ScheduleRun| run.planned_at)
                .counted(total),
        )
    }

    /// Active schedules, by id.
    pub async fn active_schedules(
        &self,
        after: Option<ScheduleId>,
        limit: u64,
    ) -> Result<Vec<ScheduleId>, StoreError> {
        let mut query = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::Status.eq(ScheduleStatus::Active.as_str()))
            .order_by_asc(Column::Id)
            .limit(limit);
        if let Some(after) = after {
            query = query.filter(Column::Id.gt(after.0));
        }
        let ids: Vec<Uuid> = query.into_tuple().all(&self.connection).await?;
        Ok(ids.into_iter().map(ScheduleId).collect())
    }
}

fn of_schedule(firm: Uuid, id: ScheduleId) -> Select<schedule_entity::Entity> {
    schedule_entity::Entity::find()
        .filter(schedule_entity::Column::FirmId.eq(firm))
        .filter(schedule_entity::Column::ScheduleId.eq(id.0))
        .order_by_asc(schedule_entity::Column::EntityId)
}

fn schedules(rows: Vec<Model>) -> Result<Vec<Schedule>, StoreError> {
    rows.into_iter().map(Schedule::try_from).collect()
}

impl UnitOfWork {
    /// Looks one up and holds it until the end.
    pub async fn lock_schedule(&self, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
        Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?
            .map(Schedule::try_from)
            .transpose()
    }

    /// The run of a type that a completion has planned for a record, held until the end.
    pub async fn lock_planned_run(
        &self,
        process_type: ProcessTypeId,
        entity: EntityId,
    ) -> Result<Option<Schedule>, StoreError> {
        Entity::find()
            .filter(Column::FirmId.eq(self.firm_id().0))
            .filter(Column::ProcessTypeId.eq(process_type.0))
            .filter(Column::EntityId.eq(entity.0))
            .filter(Column::Status.eq(ScheduleStatus::Active.as_str()))
            .filter(Column::SourceProcessId.is_not_null())
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?
            .map(Schedule::try_from)
            .transpose()
    }

    /// The active schedules that a process has planned, held until the end.
    pub async fn lock_planned_by(&self, process: ProcessId) -> Result<Vec<Schedule>, StoreError> {
        let rows = Entity::find()
            .filter(Column::FirmId.eq(self.firm_id().0))
            .filter(Column::SourceProcessId.eq(process.0))
            .filter(Column::Status.eq(ScheduleStatus::Active.as_str()))
            .order_by_asc(Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(&self.connection())
            .await?;
        schedules(rows)
    }

    /// Queues a new one with its records.
    pub fn insert_schedule(
        &mut self,
        schedule: &Schedule,
        entities: &[EntityId],
    ) -> Result<(), StoreError> {
        let firm_id = self.firm_id().0;
        self.queue(Entity::insert(row_of(firm_id, schedule)?).into_query());
        self.insert(entities.iter().map(|entity| schedule_entity::Model {
            firm_id,
            schedule_id: schedule.id.0,
            entity_id: entity.0,
            last_on: None,
        }));
        Ok(())
    }

    /// Queues the present state of one.
    pub fn update_schedule(&mut self, schedule: &Schedule) -> Result<(), StoreError> {
        let row = row_of(self.firm_id().0, schedule)?;
        self.queue(update_row(&row));
        Ok(())
    }

    /// Queues when one has something to do next, of which there is nothing to tell.
    pub fn replan_schedule(&mut self, schedule: &Schedule) {
        let update = Query::update()
            .table(Entity)
            .value(Column::NextAt, schedule.next_at)
            .value(Column::Status, schedule.status.as_str())
            .value(Column::Version, schedule.version)
            .and_where(Column::FirmId.eq(self.firm_id().0))
            .and_where(Column::Id.eq(schedule.id.0))
            .to_owned();
        self.queue_untold(update);
    }

    /// Queues that records of a schedule have had their run for these days of their own.
    pub fn note_records_run(&mut self, id: ScheduleId, days: &[(EntityId, NaiveDate)]) {
        let firm_id = self.firm_id().0;
        let on_conflict = replace_all::<schedule_entity::Entity>();
        for some in days.chunks(ROWS) {
            let rows = some.iter().map(|(entity, day)| {
                let row = schedule_entity::Model {
                    firm_id,
                    schedule_id: id.0,
                    entity_id: entity.0,
                    last_on: Some(*day),
                };
                row.into_active_model().reset_all()
            });
            let upsert = schedule_entity::Entity::insert_many(rows.collect::<Vec<_>>());
            self.queue_untold(upsert.on_conflict(on_conflict.clone()).into_query());
        }
    }

    /// Queues a run.
    pub fn insert_schedule_run(&mut self, run: &ScheduleRun) -> Result<(), StoreError> {
        let reasons = (!run.reasons.is_empty())
            .then(|| to_json(&run.reasons))
            .transpose()?;
        let row = schedule_run::Model {
            firm_id: self.firm_id().0,
            schedule_id: run.schedule_id.0,
            planned_at: run.planned_at,
            ran_at: run.ran_at,
            late: run.late,
            missed: i32::try_from(run.missed).unwrap_or(i32::MAX),
            outcome: run.outcome.as_str().to_owned(),
            process_id: run.process_id.map(Uuid::from),
            batch_id: run.batch_id.map(Uuid::from),
            reasons,
        };
        self.insert([row]);
        Ok(())
    }
}

fn row_of(firm: Uuid, schedule: &Schedule) -> Result<ActiveModel, StoreError> {
    let source = schedule.source;
    let row = Model {
        firm_id: firm,
        id: schedule.id.0,
        name: schedule.name.clone(),
        process_type_id: schedule.process_type_id.0,
        timing: to_json(&schedule.timing)?,
        entity_id: schedule.entity_id.map(Uuid::from),
        entity_count: i32::try_from(schedule.entity_count).unwrap_or(i32::MAX),
        fields: to_json(&schedule.fields)?,
        unless_open: schedule.unless_open,
        status: schedule.status.as_str().to_owned(),
        next_at: schedule.next_at,
        source_process_id: source.map(|source| source.process_id.0),
        source_task_id: source.and_then(|source| source.task_id).map(Uuid::from),
        source_attempt: source
            .and_then(|source| source.attempt)
            .and_then(|attempt| i32::try_from(attempt).ok()),
        created_by: schedule.created_by.map(Uuid::from),
        created_at: schedule.created_at,
        version: schedule.version,
    };
    Ok(ActiveModel::from(row).reset_all())
}

fn place<K>(row: K) -> Place<K> {
    Place {
        table: "schedule",
        row,
    }
}

impl TryFrom<Model> for Schedule {
    type Error = StoreError;

    fn try_from(m: Model) -> Result<Self, Self::Error> {
        let row = place(m.id);
        let source = m.source_process_id.map(|process| {
            Ok::<_, StoreError>(ScheduleSource {
                process_id: ProcessId(process),
                task_id: m.source_task_id.map(TaskId),
                attempt: m.source_attempt.map(|it| row.count(it)).transpose()?,
            })
        });
        Ok(Self {
            id: ScheduleId(m.id),
            name: m.name,
            process_type_id: ProcessTypeId(m.process_type_id),
            timing: row.json(m.timing)?,
            entity_id: m.entity_id.map(EntityId),
            entity_count: row.count(m.entity_count)?,
            fields: row.json(m.fields)?,
            unless_open: m.unless_open,
            status: row.name(m.status)?,
            next_at: m.next_at,
            source: source.transpose()?,
            created_by: m.created_by.map(UserId),
            created_at: m.created_at,
            version: m.version,
        })
    }
}

impl From<schedule_entity::Model> for ScheduledEntity {
    fn from(row: schedule_entity::Model) -> Self {
        Self {
            entity_id: EntityId(row.entity_id),
            last_on: row.last_on,
        }
    }
}

impl TryFrom<schedule_run::Model> for ScheduleRun {
    type Error = StoreError;

    fn try_from(m: schedule_run::Model) -> Result<Self, Self::Error> {
        let row = place(m.schedule_id);
        let outcome: RunOutcome = row.name(m.outcome)?;
        Ok(Self {
            schedule_id: ScheduleId(m.schedule_id),
            planned_at: m.planned_at,
            ran_at: m.ran_at,
            late: m.late,
            missed: row.count(m.missed)?,
            outcome,
            process_id: m.process_id.map(ProcessId),
            batch_id: m.batch_id.map(BatchId),
            reasons: row.json(m.reasons.unwrap_or(Value::Array(Vec::new())))?,
        })
    }
}
