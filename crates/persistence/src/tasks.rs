//! Tasks: single, of a process, and in lists.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{
    access::visibility::WorkScope,
    ids::{EntityId, ProcessId, TaskId, UserId},
    page::{Page, PageRequest},
    process_type::document::Priority,
    role::RoleKind,
    task::{Task, TaskStatus, Via},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
    sea_query::{Condition, Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    codec::{Place, to_json, to_name},
    entity::{
        task::{Column, Entity, Model},
        task_executor, task_role,
    },
    executors::holds_at,
    keyset::after,
    one_of::one_of,
    row::{self, FromRow, Row},
    scope,
};

/// A place in the order of work lists: by due date (none last), then urgency, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WorkKey {
    /// The due date, or the end of time.
    pub due: DateTime<Utc>,
    /// Urgency, most urgent first.
    pub rank: i32,
    /// The task.
    pub id: Uuid,
}

impl WorkKey {
    /// Where a task stands.
    pub(crate) fn of(task: &Task) -> Self {
        Self {
            due: task.due_at.unwrap_or_else(end_of_time),
            rank: rank(task.priority),
            id: task.id.0,
        }
    }
}

/// In which order tasks are listed; each is one range of an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WorkSort {
    /// By due date, then urgency.
    #[default]
    Due,
    /// By urgency, then due date.
    Priority,
    /// In the order in which they were made.
    Oldest,
    /// The newest first.
    Newest,
}

/// Puts tasks in order, from after a place on; the columns are due date, urgency and id.
pub(crate) fn in_order<Q, C>(
    query: Q,
    sort: WorkSort,
    [due, rank, id]: [C; 3],
    place: Option<WorkKey>,
) -> Q
where
    Q: QueryFilter<QueryStatement = SelectStatement> + QueryOrder,
    C: ColumnTrait,
{
    match sort {
        WorkSort::Due => {
            let query = query.order_by_asc(due).order_by_asc(rank).order_by_asc(id);
            from(query, place, |place| {
                let values = [place.due.into(), place.rank.into(), place.id.into()];
                after([due, rank, id], values)
            })
        }
        WorkSort::Priority => {
            let query = query.order_by_asc(rank).order_by_asc(due).order_by_asc(id);
            from(query, place, |place| {
                let values = [place.rank.into(), place.due.into(), place.id.into()];
                after([rank, due, id], values)
            })
        }
        WorkSort::Oldest => from(query.order_by_asc(id), place, |place| id.gt(place.id)),
        WorkSort::Newest => from(query.order_by_desc(id), place, |place| id.lt(place.id)),
    }
}

fn from<Q: QueryFilter>(
    query: Q,
    place: Option<WorkKey>,
    condition: impl FnOnce(WorkKey) -> Expr,
) -> Q {
    match place {
        Some(place) => query.filter(condition(place)),
        None => query,
    }
}

/// Which tasks are listed.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// In one of these statuses; none: any.
    pub statuses: Vec<TaskStatus>,
    /// Owned by this person.
    pub owner: Option<UserId>,
    /// Owned by nobody, or by somebody.
    pub unassigned: Option<bool>,
    /// Executable by this person, at this moment.
    pub executable_by: Option<(UserId, DateTime<Utc>)>,
    /// For this entity.
    pub entity: Option<EntityId>,
    /// Of this process.
    pub process: Option<ProcessId>,
    /// Children of this fan-out (E24).
    pub parent: Option<TaskId>,
    /// With one of these priorities.
    pub priorities: Vec<Priority>,
    /// Due at or after.
    pub due_gte: Option<DateTime<Utc>>,
    /// Due before.
    pub due_before: Option<DateTime<Utc>>,
    /// Late, or not late, at this moment.
    pub overdue: Option<(bool, DateTime<Utc>)>,
}

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

    /// A page of the tasks that somebody may see.
    pub async fn tasks(
        &self,
        scope: &WorkScope,
        filter: &TaskFilter,
        sort: WorkSort,
        page: PageRequest<WorkKey>,
    ) -> Result<Page<Task, WorkKey>, StoreError> {
        let own = filter
            .executable_by
            .is_some_and(|(user, _)| user == scope.user);
        let mut query = filtered(self.firm_key(), filter).limit(u64::from(page.limit) + 1);
        // What somebody may execute they see (X17), and a restriction has taken the row away (X18).
        if !own {
            query = query.filter(scope::of_tasks(self.firm_key(), scope));
        }
        let total = self.total(&query, &page).await?;
        let query = if filter.executable_by.is_some() {
            let columns = [
                task_executor::Column::DueSort,
                task_executor::Column::PriorityRank,
                task_executor::Column::TaskId,
            ];
            in_order(query, sort, columns, page.after)
        } else {
            let columns = [Column::DueSort, Column::PriorityRank, Column::Id];
            in_order(query, sort, columns, page.after)
        };
        let tasks = row::all(query, &self.connection).await?;
        Ok(Page::from_overfetch(tasks, page.limit, WorkKey::of).counted(total))
    }
}

fn active(firm: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::FirmId.eq(firm))
        .filter(Column::Status.is_in(ACTIVE.map(TaskStatus::as_str)))
        .order_by_asc(Column::Id)
}

fn filtered(firm: Uuid, filter: &TaskFilter) -> Select<Entity> {
    let mut query = Entity::find().filter(Column::FirmId.eq(firm));
    if !filter.statuses.is_empty() {
        query = query.filter(Column::Status.is_in(filter.statuses.iter().map(|s| s.as_str())));
    }
    if let Some(owner) = filter.owner {
        query = query.filter(Column::OwnerId.eq(owner.0));
    }
    match filter.unassigned {
        Some(true) => query = query.filter(Column::OwnerId.is_null()),
        Some(false) => query = query.filter(Column::OwnerId.is_not_null()),
        None => {}
    }
    if let Some((user, now)) = filter.executable_by {
        // Of a person and a task one row holds at a moment, and the rows are in the order of the list.
        let row_of_task = Entity::belongs_to(task_executor::Entity)
            .from((Column::FirmId, Column::Id))
            .to((task_executor::Column::FirmId, task_executor::Column::TaskId));
        query = query
            .join(JoinType::InnerJoin, row_of_task.into())
            .filter(task_executor::Column::FirmId.eq(firm))
            .filter(task_executor::Column::UserId.eq(user.0))
            .filter(holds_at(now));
    }
    if let Some(entity) = filter.entity {
        query = query.filter(Column::EntityId.eq(entity.0));
    }
    if let Some(parent) = filter.parent {
        query = query.filter(Column::ParentTaskId.eq(parent.0));
    }
    if let Some(process) = filter.process {
        query = query.filter(Column::ProcessId.eq(process.0));
    }
    if !filter.priorities.is_empty() {
        query =
            query.filter(Column::PriorityRank.is_in(filter.priorities.iter().map(|p| rank(*p))));
    }
    if let Some(at) = filter.due_gte {
        query = query.filter(Column::DueAt.gte(at));
    }
    if let Some(at) = filter.due_before {
        query = query.filter(Column::DueAt.lt(at));
    }
    if let Some((late, now)) = filter.overdue {
        // `due_sort` is never null, so that the opposite is exact.
        let overdue = Condition::all()
            .add(Column::DueSort.lt(now))
            .add(Column::Status.is_in(ACTIVE.map(TaskStatus::as_str)));
        query = query.filter(if late { overdue } else { overdue.not() });
    }
    query
}

const ACTIVE: [TaskStatus; 3] = [TaskStatus::Open, TaskStatus::InProgress, TaskStatus::OnHold];

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

impl UnitOfWork {
    /// Queues the roles by which people who hold them on the firm have a part in these new tasks: firm roles, and on work
    /// of the firm itself every role. The lists of a task change only with its process's version (X6).
    pub(crate) fn insert_task_roles<'t>(&mut self, tasks: impl IntoIterator<Item = &'t Task>) {
        let firm = self.firm_id();
        let rows: Vec<_> = tasks
            .into_iter()
            .filter(|task| task.execution.enabled)
            .flat_map(|task| {
                let lists = &task.execution;
                let own = task.entity_id == firm.entity();
                let held_on_firm = [
                    (RoleKind::Firm, true, &lists.firm_roles),
                    (RoleKind::Business, own, &lists.business_roles),
                    (RoleKind::ServicingTeam, own, &lists.servicing_team_roles),
                ];
                held_on_firm
                    .into_iter()
                    .filter(|(_, counts, _)| *counts)
                    .flat_map(|(kind, _, roles)| roles.iter().map(move |role| (*role, kind)))
                    .collect::<BTreeMap<_, _>>()
                    .into_iter()
                    .map(|(role, kind)| task_role::Model {
                        firm_id: firm.0,
                        task_id: task.id.0,
                        role_id: role.0,
                        role_kind: kind.as_str().to_owned(),
                    })
            })
            .collect();
        self.upsert(rows);
    }

    /// Queues the same for known tasks whose lists are others now.
    pub(crate) fn replace_task_roles(&mut self, tasks: &[&Task]) {
        if tasks.is_empty() {
            return;
        }
        let firm = self.firm_id().0;
        let ids = tasks.iter().map(|task| task.id.0);
        self.queue(
            task_role::Entity::delete_many()
                .filter(task_role::Column::FirmId.eq(firm))
                .filter(task_role::Column::TaskId.is_in(ids))
                .into_query(),
        );
        // A role that stays is written again, which one statement cannot do.
        self.fence();
        self.insert_task_roles(tasks.iter().copied());
    }
}

/// The end of time, which sorts after every due date.
pub(crate) fn end_of_time() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(9999, 12, 31)
        .unwrap_or(NaiveDate::MAX)
        .and_time(NaiveTime::MIN)
        .and_utc()
}

/// Urgency as it sorts: most urgent first.
pub(crate) const fn rank(priority: Priority) -> i32 {
    match priority {
        Priority::Urgent => 0,
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

const fn priority(rank: i32) -> Option<Priority> {
    match rank {
        0 => Some(Priority::Urgent),
        1 => Some(Priority::High),
        2 => Some(Priority::Normal),
        3 => Some(Priority::Low),
        _ => None,
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
