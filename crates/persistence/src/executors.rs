//! Who may execute which active task now: rows that the resolver wrote (see the ADR on executor rows).

use chrono::{DateTime, Utc};
use domain::{
    access::execution::Grant,
    ids::{EntityId, RoleId, TaskId, UserId},
    page::{Page, PageRequest},
    task::{Task, Via},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, FromQueryResult, Iterable, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    codec::{Place, to_name},
    entity::{
        task,
        task_executor::{Column, Entity, Model},
    },
    one_of::one_of,
    row::{self, FromRow, Row},
    task_order::{WorkKey, WorkSort, end_of_time, in_order, rank},
};

/// How many tasks and rows of theirs one statement is about, so that it does not take too many parameters.
const AT_ONCE: usize = 2000;

/// A task with everyone who may execute it, now or as covers begin and end, and the decisions that let them.
pub type Executors<'t> = (&'t Task, Vec<Grant>);

/// A task that somebody may execute, and by which route.
#[derive(Debug, Clone)]
pub struct WorkItem {
    /// The task.
    pub task: Task,
    /// The route that lets them.
    pub via: Via,
}

/// One person who may execute a task.
#[derive(Debug, Clone)]
pub struct Executor {
    /// Who.
    pub user_id: UserId,
    /// By which route.
    pub via: Via,
    /// The role that matched.
    pub role_id: Option<RoleId>,
}

/// Which of somebody's work is listed.
#[derive(Debug, Clone, Default)]
pub struct WorkFilter {
    /// By one of these routes; none: any.
    pub via: Vec<Via>,
    /// For this entity.
    pub entity: Option<EntityId>,
    /// Due before.
    pub due_before: Option<DateTime<Utc>>,
}

impl FromRow for WorkItem {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            via: row.word("via")?,
            task: Task::from_row(row)?,
        })
    }
}

impl Reads<'_> {
    /// A page of what somebody may execute now: one range of one index, with its tasks.
    pub async fn work(
        &self,
        user: UserId,
        filter: &WorkFilter,
        sort: WorkSort,
        now: DateTime<Utc>,
        page: PageRequest<WorkKey>,
    ) -> Result<Page<WorkItem, WorkKey>, StoreError> {
        let task_of_row = Entity::belongs_to(task::Entity)
            .from((Column::FirmId, Column::TaskId))
            .to((task::Column::FirmId, task::Column::Id));
        let mut query = Entity::find()
            .select_only()
            .column(Column::Via)
            .columns(task::Column::iter())
            .join(JoinType::InnerJoin, task_of_row.into())
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::UserId.eq(user.0))
            .filter(holds_at(now))
            .limit(u64::from(page.limit) + 1);
        if !filter.via.is_empty() {
            query = query.filter(Column::Via.is_in(filter.via.iter().map(|via| via.as_str())));
        }
        if let Some(entity) = filter.entity {
            query = query.filter(Column::EntityId.eq(entity.0));
        }
        if let Some(before) = filter.due_before {
            query = query.filter(Column::DueSort.lt(before));
        }
        let total = self.total(&query, &page).await?;
        let columns = [Column::DueSort, Column::PriorityRank, Column::TaskId];
        let query = in_order(query, sort, columns, page.after);
        let items = row::all(query, &self.connection).await?;
        let key = |item: &WorkItem| WorkKey::of(&item.task);
        Ok(Page::from_overfetch(items, page.limit, key).counted(total))
    }

    /// A page of everyone who may execute a task now, by user id.
    pub async fn executors(
        &self,
        id: TaskId,
        now: DateTime<Utc>,
        page: PageRequest<Uuid>,
    ) -> Result<Page<Executor, Uuid>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::TaskId.eq(id.0))
            .filter(holds_at(now))
            .order_by_asc(Column::UserId)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(after) = page.after {
            query = query.filter(Column::UserId.gt(after));
        }
        let rows = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(|row| {
                Ok(Executor {
                    user_id: UserId(row.user_id),
                    role_id: row.role_id.map(RoleId),
                    via: of(&row).name(row.via)?,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok(Page::from_overfetch(rows, page.limit, |row| row.user_id.0).counted(total))
    }

    /// How many active tasks each of these people owns (E9); whoever owns none is left out.
    pub async fn open_task_counts(
        &self,
        people: &[UserId],
    ) -> Result<Vec<(UserId, u32)>, StoreError> {
        #[derive(FromQueryResult)]
        struct Counted {
            owner_id: Uuid,
            owned: i64,
        }
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let rows = task::Entity::find()
            .select_only()
            .column(task::Column::OwnerId)
            .column_as(task::Column::Id.count(), "owned")
            .filter(task::Column::FirmId.eq(self.firm_key()))
            .filter(one_of(
                task::Column::OwnerId,
                people.iter().map(|user| user.0),
            ))
            .filter(task::Column::Status.is_in(["open", "in_progress", "on_hold"]))
            .group_by(task::Column::OwnerId)
            .into_model::<Counted>()
            .all(&self.connection)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                (
                    UserId(row.owner_id),
                    u32::try_from(row.owned).unwrap_or(u32::MAX),
                )
            })
            .collect())
    }
}

fn of(row: &Model) -> Place<Uuid> {
    Place {
        table: "task_executor",
        row: row.task_id,
    }
}

impl UnitOfWork {
    /// Queues who may execute these tasks from now on; a task with nobody loses all its rows.
    pub fn save_executors(&mut self, tasks: &[Executors<'_>]) -> Result<(), StoreError> {
        self.replace_executors(None, tasks)
    }

    /// Queues whether these people may execute these tasks from now on; the rows of others stay as they are.
    pub fn save_executors_among(
        &mut self,
        people: &[UserId],
        tasks: &[Executors<'_>],
    ) -> Result<(), StoreError> {
        self.replace_executors(Some(people), tasks)
    }

    fn replace_executors(
        &mut self,
        only: Option<&[UserId]>,
        tasks: &[Executors<'_>],
    ) -> Result<(), StoreError> {
        let mut rest = tasks;
        while !rest.is_empty() {
            let mut sum = 0;
            let fitting = rest.iter().take_while(|(_, grants)| {
                sum += 1 + grants.len();
                sum <= AT_ONCE
            });
            let (few, later) = rest.split_at(fitting.count().max(1));
            self.replace_few(only, few)?;
            rest = later;
        }
        Ok(())
    }

    fn replace_few(
        &mut self,
        only: Option<&[UserId]>,
        tasks: &[Executors<'_>],
    ) -> Result<(), StoreError> {
        let firm = self.firm_id().0;
        let rows = tasks
            .iter()
            .flat_map(|(task, grants)| grants.iter().map(|grant| row(firm, task, grant)))
            .collect::<Result<Vec<_>, _>>()?;
        let kept: Vec<SimpleExpr> = rows
            .iter()
            .map(|row| {
                Expr::tuple([
                    Expr::val(row.task_id),
                    Expr::val(row.user_id),
                    Expr::val(row.valid_from),
                ])
            })
            .collect();
        // The rows that stay are updated, not deleted: one statement must not touch a row twice.
        let mut gone = Entity::delete_many()
            .filter(Column::FirmId.eq(firm))
            .filter(one_of(
                Column::TaskId,
                tasks.iter().map(|(task, _)| task.id.0),
            ));
        if let Some(people) = only {
            gone = gone.filter(one_of(Column::UserId, people.iter().map(|user| user.0)));
        }
        if !kept.is_empty() {
            let key: [SimpleExpr; 3] = [
                Expr::col((Entity, Column::TaskId)),
                Expr::col((Entity, Column::UserId)),
                Expr::col((Entity, Column::ValidFrom)),
            ];
            gone = gone.filter(Expr::tuple(key).is_not_in(kept));
        }
        self.queue(gone.into_query());
        self.upsert(rows);
        Ok(())
    }

    /// Queues that somebody may execute nothing any more (X13).
    pub fn delete_executors_of_user(&mut self, user: UserId) {
        let firm = self.firm_id().0;
        self.queue(
            Entity::delete_many()
                .filter(Column::FirmId.eq(firm))
                .filter(Column::UserId.eq(user.0))
                .into_query(),
        );
    }
}

/// The rows that hold at a moment: of a person and a task at most one.
pub(crate) fn holds_at(now: DateTime<Utc>) -> Expr {
    Column::ValidFrom.lte(now).and(Column::ValidUntil.gt(now))
}

fn row(firm: Uuid, task: &Task, grant: &Grant) -> Result<Model, StoreError> {
    let decision = &grant.decision;
    Ok(Model {
        firm_id: firm,
        task_id: task.id.0,
        user_id: grant.user_id.0,
        valid_from: grant.from.unwrap_or(DateTime::UNIX_EPOCH),
        valid_until: grant.until.unwrap_or_else(end_of_time),
        entity_id: task.entity_id.0,
        via: decision
            .via
            .as_ref()
            .map(to_name)
            .transpose()?
            .unwrap_or_default(),
        role_id: decision.role_id.map(Uuid::from),
        due_sort: task.due_at.unwrap_or_else(end_of_time),
        priority_rank: rank(task.priority),
    })
}
