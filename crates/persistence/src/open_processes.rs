//! Processes under way: those that a change of a record concerns, and whether one stands in the way of another.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ids::{EntityId, ProcessId, ProcessTypeId},
    process::ProcessStatus,
    task::TaskStatus,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query};
use uuid::Uuid;

use crate::{
    Reads, StoreError,
    entity::{
        process::{Column, Entity},
        task,
    },
    one_of::one_of,
    tasks::ACTIVE,
};

/// The statuses in which a process is under way.
pub(crate) const OPEN: [ProcessStatus; 2] = [ProcessStatus::Running, ProcessStatus::OnHold];

impl Reads<'_> {
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
