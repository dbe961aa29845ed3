//! What somebody leaves behind, a stretch at a time (X16).

use domain::{
    access::visibility::{EntityScope, WorkScope},
    hand_over::{HandOver, Place, Seats, Stage},
    ids::{EntityId, MembershipId, ProcessId, TaskId},
    process::ProcessStatus,
    task::TaskStatus,
};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Condition, Expr, ExprTrait, LockType},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    entity::{membership, process, task},
    one_of::one_of,
    scope,
};

/// How much of what somebody leaves behind is still to be looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// Places on teams.
    pub memberships: u64,
    /// Processes.
    pub processes: u64,
    /// Tasks.
    pub tasks: u64,
}

impl Reads<'_> {
    /// The records on whose teams somebody leaves a place, by id.
    pub async fn teams_left(
        &self,
        order: &HandOver,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<EntityId>, StoreError> {
        let query = self
            .seats_left(order, after)
            .select_only()
            .column(membership::Column::EntityId)
            .distinct()
            .order_by_asc(membership::Column::EntityId)
            .limit(limit);
        let ids: Vec<Uuid> = query.into_tuple().all(&self.connection).await?;
        Ok(ids.into_iter().map(EntityId).collect())
    }

    /// The processes that somebody leaves, as a whole or with tasks of theirs, by id.
    pub async fn processes_left(
        &self,
        order: &HandOver,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<ProcessId>, StoreError> {
        let mut ids: Vec<Uuid> = Vec::new();
        if order.processes {
            let query = self
                .owned_processes(order, after)
                .select_only()
                .column(process::Column::Id)
                .order_by_asc(process::Column::Id)
                .limit(limit);
            ids = query.into_tuple().all(&self.connection).await?;
        }
        if order.tasks {
            let mut query = self
                .owned_tasks(order)
                .filter(task::Column::ProcessId.is_not_null())
                .select_only()
                .column(task::Column::ProcessId)
                .distinct()
                .order_by_asc(task::Column::ProcessId)
                .limit(limit);
            if let Some(after) = after {
                query = query.filter(task::Column::ProcessId.gt(after));
            }
            let of_tasks: Vec<Uuid> = query.into_tuple().all(&self.connection).await?;
            ids.extend(of_tasks);
        }
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(ids.into_iter().map(ProcessId).collect())
    }

    /// The tasks of no process that somebody leaves, by id.
    pub async fn single_tasks_left(
        &self,
        order: &HandOver,
        after: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<TaskId>, StoreError> {
        if !order.tasks {
            return Ok(Vec::new());
        }
        let mut query = self
            .owned_tasks(order)
            .filter(task::Column::ProcessId.is_null())
            .select_only()
            .column(task::Column::Id)
            .order_by_asc(task::Column::Id)
            .limit(limit);
        if let Some(after) = after {
            query = query.filter(task::Column::Id.gt(after));
        }
        let ids: Vec<Uuid> = query.into_tuple().all(&self.connection).await?;
        Ok(ids.into_iter().map(TaskId).collect())
    }

    /// How much is left from a place on, of what whoever asks may see (X17).
    pub async fn left_from(
        &self,
        order: &HandOver,
        place: Place,
        records: &EntityScope,
        work: &WorkScope,
    ) -> Result<Left, StoreError> {
        let firm = self.firm_key();
        let mut left = Left::default();
        if let Some(after) = place.rest_of(Stage::Teams) {
            let record = Expr::col((membership::Entity, membership::Column::EntityId));
            left.memberships = self
                .seats_left(order, after)
                .filter(scope::of_records(firm, records, record))
                .count(&self.connection)
                .await?;
        }
        if let Some(after) = place.rest_of(Stage::Processes)
            && order.processes
        {
            left.processes = self
                .owned_processes(order, after)
                .filter(scope::of_processes(firm, work))
                .count(&self.connection)
                .await?;
        }
        if order.tasks {
            let in_process = task::Column::ProcessId.is_not_null();
            let alone = task::Column::ProcessId.is_null();
            let rest = match place.stage {
                Stage::Teams => Condition::all(),
                Stage::Processes => Condition::any().add(alone).add(match place.after {
                    Some(after) => task::Column::ProcessId.gt(after),
                    None => in_process,
                }),
                Stage::Tasks => Condition::all()
                    .add(alone)
                    .add_option(place.after.map(|after| task::Column::Id.gt(after))),
            };
            left.tasks = self
                .owned_tasks(order)
                .filter(rest)
                .filter(scope::of_tasks(firm, work))
                .count(&self.connection)
                .await?;
        }
        Ok(left)
    }

    fn seats_left(&self, order: &HandOver, after: Option<Uuid>) -> Select<membership::Entity> {
        let mut query = membership::Entity::find()
            .filter(membership::Column::FirmId.eq(self.firm_key()))
            .filter(membership::Column::UserId.eq(order.from_id.0));
        query = match order.seats {
            Seats::None => query.filter(Expr::val(1).eq(0)),
            Seats::Primary => query.filter(membership::Column::IsPrimary.eq(true)),
            Seats::All => query,
        };
        if let Some(records) = records_of(order) {
            query = query.filter(one_of(membership::Column::EntityId, records));
        }
        match after {
            Some(after) => query.filter(membership::Column::EntityId.gt(after)),
            None => query,
        }
    }

    fn owned_processes(&self, order: &HandOver, after: Option<Uuid>) -> Select<process::Entity> {
        let open = [ProcessStatus::Running, ProcessStatus::OnHold];
        let mut query = process::Entity::find()
            .filter(process::Column::FirmId.eq(self.firm_key()))
            .filter(process::Column::OwnerId.eq(order.from_id.0))
            .filter(process::Column::Status.is_in(open.map(ProcessStatus::as_str)));
        if let Some(records) = records_of(order) {
            query = query.filter(one_of(process::Column::EntityId, records));
        }
        match after {
            Some(after) => query.filter(process::Column::Id.gt(after)),
            None => query,
        }
    }

    fn owned_tasks(&self, order: &HandOver) -> Select<task::Entity> {
        let unfinished = TaskStatus::ALL
            .into_iter()
            .filter(|status| !status.is_finished())
            .map(TaskStatus::as_str);
        let query = task::Entity::find()
            .filter(task::Column::FirmId.eq(self.firm_key()))
            .filter(task::Column::OwnerId.eq(order.from_id.0))
            .filter(task::Column::Status.is_in(unfinished));
        match records_of(order) {
            Some(records) => query.filter(one_of(task::Column::EntityId, records)),
            None => query,
        }
    }
}

fn records_of(order: &HandOver) -> Option<Vec<Uuid>> {
    let ids = &order.entity_ids;
    (!ids.is_empty()).then(|| ids.iter().map(|id| id.0).collect())
}

impl UnitOfWork {
    /// Holds these processes until the end, all of them before any record around them; always locked in the same order,
    /// against deadlocks.
    pub async fn lock_processes(&self, ids: &[ProcessId]) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        process::Entity::find()
            .select_only()
            .column(process::Column::Id)
            .filter(process::Column::FirmId.eq(self.firm_id().0))
            .filter(one_of(process::Column::Id, ids.iter().map(|id| id.0)))
            .order_by_asc(process::Column::Id)
            .lock(LockType::Update)
            .into_tuple::<Uuid>()
            .all(&self.connection())
            .await?;
        Ok(())
    }

    /// Takes these places on teams away at once, so that others can have them.
    pub async fn free_memberships(&mut self, ids: &[MembershipId]) -> Result<(), StoreError> {
        for id in ids {
            self.delete_membership(*id);
        }
        self.settle().await
    }

    /// Writes what is queued, so that what is read from here on is as it will be. It still happens as a whole or not at all.
    pub async fn settle(&mut self) -> Result<(), StoreError> {
        self.run_queued().await
    }
}
