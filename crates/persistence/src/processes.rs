//! Processes: single, in lists, and as runs with their tasks.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::visibility::WorkScope,
    ids::{BatchId, EntityId, ProcessId, ProcessTypeId, ScheduleId, TaskId, UserId},
    page::{Page, PageRequest},
    process::{Cause, Parent, Process, ProcessStatus, run::Run},
    task::{Task, TaskStatus},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, LockType, Query},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::to_json,
    entity::{
        process::{Column, Entity, Model},
        task,
    },
    one_of::one_of,
    row::{self, FromRow, Row},
    scope,
    tasks::ACTIVE,
};

/// In which order processes are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProcessSort {
    /// The newest first.
    #[default]
    Newest,
    /// In the order in which they were started.
    Oldest,
}

/// Which processes are listed.
#[derive(Debug, Clone, Default)]
pub struct ProcessFilter {
    /// In one of these statuses; none: any.
    pub statuses: Vec<ProcessStatus>,
    /// For this entity.
    pub entity: Option<EntityId>,
    /// Of this type.
    pub process_type: Option<ProcessTypeId>,
    /// Owned by this person.
    pub owner: Option<UserId>,
    /// Started by this process.
    pub parent: Option<ProcessId>,
    /// Started by this schedule.
    pub schedule: Option<ScheduleId>,
    /// Started by this batch.
    pub batch: Option<BatchId>,
}

impl Reads<'_> {
    /// One process.
    pub async fn process(&self, id: ProcessId) -> Result<Option<Process>, StoreError> {
        let query = Entity::find_by_id((self.firm_key(), id.0));
        row::one(query, &self.connection).await
    }

    /// Those of these that exist, by id.
    pub async fn processes_by_id(
        &self,
        ids: &[ProcessId],
    ) -> Result<BTreeMap<ProcessId, Process>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::Id, ids.iter().map(|id| id.0)));
        let found: Vec<Process> = row::all(query, &self.connection).await?;
        Ok(found
            .into_iter()
            .map(|process| (process.id, process))
            .collect())
    }

    /// Those of these that somebody may see, by id.
    pub async fn processes_seen(
        &self,
        scope: &WorkScope,
        ids: &[ProcessId],
    ) -> Result<BTreeMap<ProcessId, Process>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::Id, ids.iter().map(|id| id.0)))
            .filter(scope::of_processes(self.firm_key(), scope));
        let found: Vec<Process> = row::all(query, &self.connection).await?;
        Ok(found
            .into_iter()
            .map(|process| (process.id, process))
            .collect())
    }

    /// One process with its tasks.
    pub async fn run(&self, id: ProcessId) -> Result<Option<Run>, StoreError> {
        self.run_found(Entity::find_by_id((self.firm_key(), id.0)))
            .await
    }

    /// The process of a task with its tasks; none when there is no such task or it has no process.
    pub async fn run_of(&self, task: TaskId) -> Result<Option<Run>, StoreError> {
        self.run_found(of_task(self.firm_key(), task)).await
    }

    async fn run_found(&self, query: Select<Entity>) -> Result<Option<Run>, StoreError> {
        let found: Option<Process> = row::one(query, &self.connection).await?;
        let Some(process) = found else {
            return Ok(None);
        };
        let tasks = self.tasks_of(process.id).await?;
        Ok(Some(Run { process, tasks }))
    }

    /// A page of the processes that somebody may see.
    pub async fn processes(
        &self,
        scope: &WorkScope,
        filter: &ProcessFilter,
        sort: ProcessSort,
        page: PageRequest<Uuid>,
    ) -> Result<Page<Process, Uuid>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(scope::of_processes(self.firm_key(), scope))
            .limit(u64::from(page.limit) + 1);
        if !filter.statuses.is_empty() {
            query = query.filter(Column::Status.is_in(filter.statuses.iter().map(|s| s.as_str())));
        }
        if let Some(entity) = filter.entity {
            query = query.filter(Column::EntityId.eq(entity.0));
        }
        if let Some(process_type) = filter.process_type {
            query = query.filter(Column::ProcessTypeId.eq(process_type.0));
        }
        if let Some(owner) = filter.owner {
            query = query.filter(Column::OwnerId.eq(owner.0));
        }
        if let Some(parent) = filter.parent {
            query = query.filter(Column::ParentProcessId.eq(parent.0));
        }
        if let Some(schedule) = filter.schedule {
            query = query.filter(Column::ScheduleId.eq(schedule.0));
        }
        if let Some(batch) = filter.batch {
            query = query.filter(Column::BatchId.eq(batch.0));
        }
        let total = self.total(&query, &page).await?;
        if let Some(after) = page.after {
            query = query.filter(match sort {
                ProcessSort::Newest => Column::Id.lt(after),
                ProcessSort::Oldest => Column::Id.gt(after),
            });
        }
        query = match sort {
            ProcessSort::Newest => query.order_by_desc(Column::Id),
            ProcessSort::Oldest => query.order_by_asc(Column::Id),
        };
        let items: Vec<Process> = row::all(query, &self.connection).await?;
        Ok(Page::from_overfetch(items, page.limit, |p| p.id.0).counted(total))
    }

    /// Processes that this one started and that are under way.
    pub async fn open_children(&self, id: ProcessId) -> Result<Vec<Process>, StoreError> {
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::ParentProcessId.eq(id.0))
            .filter(Column::Status.is_in(OPEN.map(ProcessStatus::as_str)))
            .order_by_asc(Column::Id);
        row::all(query, &self.connection).await
    }

    /// Processes that these tasks of a process have started, at most a hundred.
    pub async fn started_by(
        &self,
        id: ProcessId,
        tasks: &[TaskId],
    ) -> Result<Vec<Process>, StoreError> {
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::ParentProcessId.eq(id.0))
            .filter(one_of(
                Column::ParentTaskId,
                tasks.iter().map(|task| task.0),
            ))
            .order_by_asc(Column::Id)
            .limit(100);
        row::all(query, &self.connection).await
    }

    /// The processes under way for a record, and those with a task for it as an item (E24) that people work on: with their
    /// types and versions, by id.
    pub async fn open_processes_of(
        &self,
        entity: EntityId,
        after: Option<ProcessId>,
        limit: u64,
    ) -> Result<Vec<(ProcessId, ProcessTypeId, i32)>, StoreError> {
        let firm = self.firm_key();
        let for_item = Query::select()
            .column(task::Column::ProcessId)
            .from(task::Entity)
            .and_where(task::Column::FirmId.eq(firm))
            .and_where(task::Column::EntityId.eq(entity.0))
            .and_where(task::Column::ParentTaskId.is_not_null())
            .and_where(task::Column::Status.is_in(ACTIVE.map(TaskStatus::as_str)))
            .to_owned();
        let mut found = BTreeMap::new();
        // Each is a range of its own index; as one condition they would be none.
        for which in [
            Column::EntityId.eq(entity.0),
            Column::Id.in_subquery(for_item),
        ] {
            let mut query = Entity::find()
                .select_only()
                .columns([
                    Column::Id,
                    Column::ProcessTypeId,
                    Column::ProcessTypeVersion,
                ])
                .filter(Column::FirmId.eq(firm))
                .filter(which)
                .filter(Column::Status.is_in(OPEN.map(ProcessStatus::as_str)))
                .order_by_asc(Column::Id)
                .limit(limit);
            if let Some(after) = after {
                query = query.filter(Column::Id.gt(after.0));
            }
            let rows: Vec<(Uuid, Uuid, i32)> = query.into_tuple().all(&self.connection).await?;
            found.extend(
                rows.into_iter()
                    .map(|(id, kind, version)| (id, (kind, version))),
            );
        }
        Ok(found
            .into_iter()
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .map(|(id, (kind, version))| (ProcessId(id), ProcessTypeId(kind), version))
            .collect())
    }

    /// Whether a run of this type is under way for this entity (`unless_open`).
    pub async fn has_open_process(
        &self,
        process_type: ProcessTypeId,
        entity: EntityId,
    ) -> Result<bool, StoreError> {
        let found = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::EntityId.eq(entity.0))
            .filter(Column::ProcessTypeId.eq(process_type.0))
            .filter(Column::Status.is_in(OPEN.map(ProcessStatus::as_str)))
            .one(&self.connection)
            .await?;
        Ok(found.is_some())
    }
}

impl Reads<'_> {
    /// Those of these entities for which a run of this type is under way (`unless_open`).
    pub async fn with_open_process(
        &self,
        process_type: ProcessTypeId,
        entities: &[EntityId],
    ) -> Result<BTreeSet<EntityId>, StoreError> {
        let found: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::EntityId)
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::EntityId, entities.iter().map(|id| id.0)))
            .filter(Column::ProcessTypeId.eq(process_type.0))
            .filter(Column::Status.is_in(OPEN.map(ProcessStatus::as_str)))
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(found.into_iter().map(EntityId).collect())
    }
}

const OPEN: [ProcessStatus; 2] = [ProcessStatus::Running, ProcessStatus::OnHold];

impl UnitOfWork {
    /// Locks a process and then reads its tasks (E5).
    pub async fn lock_run(&self, id: ProcessId) -> Result<Option<Run>, StoreError> {
        let query = Entity::find_by_id((self.firm_id().0, id.0));
        self.reads().run_found(query.lock(LockType::Update)).await
    }

    /// Locks the process of a task and then reads its tasks (E5); none when there is no such task or it has no process.
    pub async fn lock_run_of(&self, task: TaskId) -> Result<Option<Run>, StoreError> {
        let query = of_task(self.firm_id().0, task);
        self.reads().run_found(query.lock(LockType::Update)).await
    }

    /// Locks a task that was made by hand and belongs to no process.
    pub async fn lock_single_task(&self, id: TaskId) -> Result<Option<Task>, StoreError> {
        let query = task::Entity::find_by_id((self.firm_id().0, id.0))
            .filter(task::Column::ProcessId.is_null())
            .lock(LockType::Update);
        row::one(query, &self.reads().connection).await
    }

    /// Queues a new process.
    pub fn insert_process(&mut self, process: &Process) -> Result<(), StoreError> {
        let row = model(self.firm_id().0, process)?;
        self.insert([row]);
        Ok(())
    }

    /// Queues the present state of a known process.
    pub fn update_process(&mut self, process: &Process) -> Result<(), StoreError> {
        let row = model(self.firm_id().0, process)?;
        self.queue(update_row(&row.into_active_model()));
        Ok(())
    }
}

fn of_task(firm: Uuid, task: TaskId) -> Select<Entity> {
    let process = Query::select()
        .column(task::Column::ProcessId)
        .from(task::Entity)
        .and_where(task::Column::FirmId.eq(firm))
        .and_where(task::Column::Id.eq(task.0))
        .to_owned();
    Entity::find()
        .filter(Column::FirmId.eq(firm))
        .filter(Expr::col((Entity, Column::Id)).in_subquery(process))
}

fn model(firm: Uuid, process: &Process) -> Result<Model, StoreError> {
    Ok(Model {
        firm_id: firm,
        id: process.id.0,
        process_type_id: process.process_type_id.0,
        process_type_version: process.process_type_version,
        name: process.name.clone(),
        entity_id: process.entity_id.0,
        entity_ids: to_json(&process.entity_ids)?,
        related: to_json(&process.related)?,
        owner_id: process.owner_id.map(Uuid::from),
        initiator_id: process.initiator_id.map(Uuid::from),
        status: process.status.as_str().to_owned(),
        result: process.result.clone(),
        result_set_by: process.result_set_by.clone(),
        fields: to_json(&process.fields)?,
        asked_fields: to_json(&process.asked_fields)?,
        parent_process_id: process.parent.map(|parent| parent.process_id.0),
        parent_task_id: process
            .parent
            .and_then(|parent| parent.task_id)
            .map(Uuid::from),
        waited_for: process.parent.is_some_and(|parent| parent.waited_for),
        schedule_id: process.cause.schedule_id.map(Uuid::from),
        batch_id: process.cause.batch_id.map(Uuid::from),
        depth: i32::try_from(process.depth).unwrap_or(i32::MAX),
        cancel_reason: process.cancel_reason.clone(),
        hold_reason: process.hold_reason.clone(),
        held_at: process.held_at,
        started_at: process.started_at,
        ended_at: process.ended_at,
        version: process.version,
    })
}

impl FromRow for Process {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProcessId(row.key("process")?),
            process_type_id: ProcessTypeId(row.get("process_type_id")?),
            process_type_version: row.get("process_type_version")?,
            name: row.get("name")?,
            entity_id: EntityId(row.get("entity_id")?),
            entity_ids: row.json("entity_ids")?,
            related: row.json("related")?,
            owner_id: row.optional("owner_id")?.map(UserId),
            initiator_id: row.optional("initiator_id")?.map(UserId),
            status: row.word("status")?,
            result: row.optional("result")?,
            result_set_by: row.optional("result_set_by")?,
            fields: row.json("fields")?,
            asked_fields: row.json("asked_fields")?,
            parent: parent(row)?,
            cause: Cause {
                schedule_id: row.optional("schedule_id")?.map(ScheduleId),
                batch_id: row.optional("batch_id")?.map(BatchId),
            },
            depth: row.count("depth")?,
            cancel_reason: row.optional("cancel_reason")?,
            hold_reason: row.optional("hold_reason")?,
            held_at: row.optional("held_at")?,
            started_at: row.get("started_at")?,
            ended_at: row.optional("ended_at")?,
            version: row.get("version")?,
        })
    }
}

fn parent(row: &mut Row<'_>) -> Result<Option<Parent>, StoreError> {
    let process: Option<Uuid> = row.optional("parent_process_id")?;
    let task: Option<Uuid> = row.optional("parent_task_id")?;
    let waited_for = row.get("waited_for")?;
    Ok(process.map(|process| Parent {
        process_id: ProcessId(process),
        task_id: task.map(TaskId),
        waited_for,
    }))
}
