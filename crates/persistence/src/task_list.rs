//! Lists of tasks.

use chrono::{DateTime, Utc};
use domain::{
    access::visibility::WorkScope,
    ids::{EntityId, ProcessId, TaskId, UserId},
    page::{Page, PageRequest},
    process_type::document::Priority,
    task::{Task, TaskStatus},
};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, Select, sea_query::Condition,
};
use uuid::Uuid;

use crate::{
    Reads, StoreError,
    entity::{
        task::{Column, Entity},
        task_executor,
    },
    executors::holds_at,
    row, scope,
    task_order::{WorkKey, WorkSort, in_order, rank},
    tasks::ACTIVE,
};

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
