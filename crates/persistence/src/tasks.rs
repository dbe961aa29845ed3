//! Tasks: single, of a process, and those that are active.

use std::collections::BTreeMap;

use domain::{
    access::visibility::WorkScope,
    ids::{EntityId, ProcessId, TaskId, UserId},
    task::{Task, TaskStatus, Via},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    codec::{Place, to_json, to_name},
    entity::{
        task::{Column, Entity, Model},
        task_executor,
    },
    one_of::one_of,
    row::{self, FromRow, Row},
    scope,
    task_order::{end_of_time, priority, rank},
};

impl Reads<'_> {
    /// One task.
    pub async fn task(&self, id: TaskId) -> Result<Option<Task>, StoreError> {
        let query = Entity::find_by_id((self.firm_key(), id.0));
        row::one(query, &self.connection).await
    }

    /// All tasks of a process: in template order, each fan-out before its children, then by id.
    pub async fn tasks_of(&self, process: ProcessId) -> Result<Vec<Task>, StoreError> {
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::ProcessId.eq(process.0))
            .order_by_asc(Column::Ordinal)
            .order_by_asc(Column::Id);
        row::all(query, &self.connection).await
    }

    /// How many children of these fan-outs somebody may see, by status (E24).
    pub async fn children_by_status(
        &self,
        scope: &WorkScope,
        parents: &[TaskId],
    ) -> Result<BTreeMap<TaskId, BTreeMap<TaskStatus, u32>>, StoreError> {
        #[derive(FromQueryResult)]
        struct Counted {
            parent_task_id: Uuid,
            status: String,
            children: i64,
        }
        if parents.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = Entity::find()
            .select_only()
            .column(Column::ParentTaskId)
            .column(Column::Status)
            .column_as(Column::Id.count(), "children")
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::ParentTaskId, parents.iter().map(|id| id.0)))
            .filter(scope::of_tasks(self.firm_key(), scope))
            .group_by(Column::ParentTaskId)
            .group_by(Column::Status)
            .into_model::<Counted>()
            .all(&self.connection)
            .await?;
        let mut counts: BTreeMap<TaskId, BTreeMap<TaskStatus, u32>> = BTreeMap::new();
        for counted in rows {
            let place = Place {
                table: "task",
                row: counted.parent_task_id,
            };
            let of_parent = counts.entry(TaskId(counted.parent_task_id)).or_default();
            let children = u32::try_from(counted.children).unwrap_or(u32::MAX);
            of_parent.insert(place.name(counted.status)?, children);
        }
        Ok(counts)
    }

    /// All active tasks of an entity, by id.
    pub async fn active_tasks_of(&self, entity: EntityId) -> Result<Vec<Task>, StoreError> {
        let query = active(self.firm_key()).filter(Column::EntityId.eq(entity.0));
        row::all(query, &self.connection).await
    }

    /// Active tasks of the whole firm, by id, at most `limit` at a time.
    pub async fn active_tasks(
        &self,
        after: Option<TaskId>,
        limit: u32,
    ) -> Result<Vec<Task>, StoreError> {
        let mut query = active(self.firm_key()).limit(u64::from(limit));
        if let Some(after) = after {
            query = query.filter(Column::Id.gt(after.0));
        }
        row::all(query, &self.connection).await
    }

    /// Active tasks that somebody may execute in their own right, by id, at most `limit` at a time.
    pub async fn executed_by(
        &self,
        user: UserId,
        after: Option<TaskId>,
        limit: u32,
    ) -> Result<Vec<Task>, StoreError> {
        let executed = Query::select()
            .column(task_executor::Column::TaskId)
            .from(task_executor::Entity)
            .and_where(task_executor::Column::FirmId.eq(self.firm_key()))
            .and_where(task_executor::Column::UserId.eq(user.0))
            .and_where(task_executor::Column::Via.ne(Via::Cover.as_str()))
            .to_owned();
        let mut query = active(self.firm_key())
            .filter(Expr::col((Entity, Column::Id)).in_subquery(executed))
            .limit(u64::from(limit));
        if let Some(after) = after {
            query = query.filter(Column::Id.gt(after.0));
        }
        row::all(query, &self.connection).await
    }
}

fn active(firm: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::FirmId.eq(firm))
        .filter(Column::Status.is_in(ACTIVE.map(TaskStatus::as_str)))
        .order_by_asc(Column::Id)
}

/// Statuses of tasks that are neither to come nor over.
pub(crate) const ACTIVE: [TaskStatus; 3] =
    [TaskStatus::Open, TaskStatus::InProgress, TaskStatus::OnHold];

impl UnitOfWork {
    /// Queues tasks that are new or have changed.
    pub fn save_tasks<'t>(
        &mut self,
        tasks: impl IntoIterator<Item = &'t Task>,
    ) -> Result<(), StoreError> {
        let firm = self.firm_id().0;
        let rows = tasks
            .into_iter()
            .map(|task| model(firm, task))
            .collect::<Result<Vec<_>, _>>()?;
        self.upsert(rows);
        Ok(())
    }
}

fn model(firm: Uuid, task: &Task) -> Result<Model, StoreError> {
    let completion = task.completion.as_ref();
    Ok(Model {
        firm_id: firm,
        id: task.id.0,
        process_id: task.process_id.map(Uuid::from),
        parent_task_id: task.parent_task_id.map(Uuid::from),
        item: task.item.as_ref().map(to_json).transpose()?,
        entity_id: task.entity_id.0,
        key: task.key.clone(),
        kind: to_name(&task.kind)?,
        stage: task.stage.clone(),
        ordinal: task.ordinal,
        title: task.title.clone(),
        description: task.description.clone(),
        status: task.status.as_str().to_owned(),
        hold: task.hold.as_ref().map(to_json).transpose()?,
        priority_rank: rank(task.priority),
        owner_id: task.owner_id.map(Uuid::from),
        owner_by_hand: task.owner_by_hand,
        due_at: task.due_at,
        due_sort: task.due_at.unwrap_or_else(end_of_time),
        due_by_hand: task.due_by_hand,
        compressed: task.compressed,
        attempt: i32::try_from(task.attempt).unwrap_or(i32::MAX),
        attempts: to_json(&task.attempts)?,
        execution: to_json(&task.execution)?,
        separate_from: to_json(&task.separate_from)?,
        form_editors: to_json(&task.form_editors)?,
        waiting_on: task.waiting_on.as_ref().map(to_name).transpose()?,
        checklist: to_json(&task.checklist)?,
        form: to_json(&task.form)?,
        completion: completion.map(to_json).transpose()?,
        outcome: task.outcome().map(str::to_owned),
        completed_at: completion.map(|c| c.at),
        completed_by: completion.and_then(|c| c.by).map(Uuid::from),
        completed_via: completion.map(|c| c.via.as_str().to_owned()),
        closed_reason: task.closed_reason.clone(),
        rounds: to_json(&task.rounds)?,
        skip_marked_by: task.skip_marked_by.clone(),
        child_process_id: task.child_process_id.map(Uuid::from),
        blocking: task.blocking,
        source: to_json(&task.source)?,
        contact_ids: to_json(&task.contact_ids)?,
        document_ids: to_json(&task.document_ids)?,
        flow: task.flow.clone(),
        submissions: to_json(&task.submissions)?,
        moments: to_json(&task.moments)?,
        created_at: task.created_at,
        opened_at: task.opened_at,
        started_at: task.started_at,
        closed_at: task.closed_at,
        version: task.version,
    })
}

impl FromRow for Task {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        let id = TaskId(row.key("task")?);
        Ok(Self {
            id,
            process_id: row.optional("process_id")?.map(ProcessId),
            parent_task_id: row.optional("parent_task_id")?.map(TaskId),
            item: row.optional_json("item")?,
            entity_id: EntityId(row.get("entity_id")?),
            key: row.get("key")?,
            kind: row.word("kind")?,
            stage: row.optional("stage")?,
            ordinal: row.get("ordinal")?,
            title: row.get("title")?,
            description: row.optional("description")?,
            status: row.word("status")?,
            hold: row.optional_json("hold")?,
            priority: priority(row.get("priority_rank")?).ok_or_else(|| row.corrupt())?,
            owner_id: row.optional("owner_id")?.map(UserId),
            owner_by_hand: row.get("owner_by_hand")?,
            due_at: row.optional("due_at")?,
            due_by_hand: {
                // `due_sort` follows from `due_at`.
                row.skip(1);
                row.get("due_by_hand")?
            },
            compressed: row.get("compressed")?,
            attempt: row.count("attempt")?,
            attempts: row.json("attempts")?,
            execution: row.json("execution")?,
            separate_from: row.json("separate_from")?,
            form_editors: row.json("form_editors")?,
            waiting_on: row.optional_word("waiting_on")?,
            checklist: row.json("checklist")?,
            form: row.json("form")?,
            completion: row.optional_json("completion")?,
            closed_reason: {
                // Outcome, time, person and route are in the completion.
                row.skip(4);
                row.optional("closed_reason")?
            },
            rounds: row.json("rounds")?,
            skip_marked_by: row.optional("skip_marked_by")?,
            child_process_id: row.optional("child_process_id")?.map(ProcessId),
            blocking: row.get("blocking")?,
            source: row.json("source")?,
            contact_ids: row.json("contact_ids")?,
            document_ids: row.json("document_ids")?,
            flow: row.optional("flow")?,
            submissions: row.json("submissions")?,
            moments: row.json("moments")?,
            created_at: row.get("created_at")?,
            opened_at: row.optional("opened_at")?,
            started_at: row.optional("started_at")?,
            closed_at: row.optional("closed_at")?,
            version: row.get("version")?,
        })
    }
}
