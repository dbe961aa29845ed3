//! Moving all processes of a type: what was asked for, and what came of it for each of them.

use std::collections::BTreeMap;

use domain::{
    access::visibility::WorkScope,
    fault::Fault,
    ids::{MigrationId, ProcessId, ProcessTypeId, UserId},
    process::migrate::bulk::{BulkMigration, MoveState, RefusedMove},
};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Query,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    codec::{Place, to_json},
    entity::{
        process,
        process_migration::{Column, Entity, Model},
        process_migration_item as item,
    },
    scope,
};

impl Reads<'_> {
    /// What was asked for.
    pub async fn process_migration(
        &self,
        id: MigrationId,
    ) -> Result<Option<BulkMigration>, StoreError> {
        Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?
            .map(BulkMigration::try_from)
            .transpose()
    }

    /// The processes of a type under way that follow an earlier version, of those that somebody may see, by id.
    pub async fn processes_to_migrate(
        &self,
        scope: &WorkScope,
        process_type: ProcessTypeId,
        version: i32,
        after: Option<ProcessId>,
        limit: u64,
    ) -> Result<Vec<ProcessId>, StoreError> {
        let mut query = process::Entity::find()
            .select_only()
            .column(process::Column::Id)
            .filter(process::Column::FirmId.eq(self.firm_key()))
            .filter(process::Column::ProcessTypeId.eq(process_type.0))
            .filter(process::Column::EndedAt.is_null())
            .filter(process::Column::ProcessTypeVersion.lt(version))
            .filter(scope::of_processes(self.firm_key(), scope))
            .order_by_asc(process::Column::Id)
            .limit(limit);
        if let Some(after) = after {
            query = query.filter(process::Column::Id.gt(after.0));
        }
        let found: Vec<Uuid> = query.into_tuple().all(&self.connection).await?;
        Ok(found.into_iter().map(ProcessId).collect())
    }

    /// How many processes have come to what.
    pub async fn migration_counts(
        &self,
        id: MigrationId,
    ) -> Result<BTreeMap<MoveState, i64>, StoreError> {
        let rows: Vec<(String, i64)> = item::Entity::find()
            .select_only()
            .column(item::Column::State)
            .column_as(item::Column::ProcessId.count(), "processes")
            .filter(item::Column::FirmId.eq(self.firm_key()))
            .filter(item::Column::MigrationId.eq(id.0))
            .group_by(item::Column::State)
            .into_tuple()
            .all(&self.connection)
            .await?;
        let place = place(id.0);
        rows.into_iter()
            .map(|(state, count)| Ok((place.name(state)?, count)))
            .collect()
    }

    /// The first of the processes that were not moved, by id, with the reasons.
    pub async fn refused_moves(
        &self,
        id: MigrationId,
        limit: u64,
    ) -> Result<Vec<RefusedMove>, StoreError> {
        item::Entity::find()
            .filter(item::Column::FirmId.eq(self.firm_key()))
            .filter(item::Column::MigrationId.eq(id.0))
            .filter(item::Column::State.eq(MoveState::Refused.as_str()))
            .order_by_asc(item::Column::ProcessId)
            .limit(limit)
            .all(&self.connection)
            .await?
            .into_iter()
            .map(|row| {
                let reasons = row.reasons.unwrap_or(Value::Array(Vec::new()));
                Ok(RefusedMove {
                    process_id: ProcessId(row.process_id),
                    reasons: place(row.process_id).json(reasons)?,
                })
            })
            .collect()
    }
}

impl UnitOfWork {
    /// Queues what somebody asks for.
    pub fn insert_process_migration(&mut self, asked: &BulkMigration) -> Result<(), StoreError> {
        let row = Model {
            firm_id: self.firm_id().0,
            id: asked.id.0,
            process_type_id: asked.process_type_id.0,
            version: asked.version,
            renamed: to_json(&asked.renamed)?,
            dry_run: asked.dry_run,
            requested_by: asked.requested_by.0,
            requested_at: asked.requested_at,
            listed_at: asked.listed_at,
        };
        self.queue_untold(Entity::insert(row.into_active_model()).into_query());
        Ok(())
    }

    /// Notes which processes are to be moved.
    pub fn list_moves(&mut self, id: MigrationId, processes: &[ProcessId]) {
        if processes.is_empty() {
            return;
        }
        let firm_id = self.firm_id().0;
        let rows = processes.iter().map(|process| {
            let row = item::Model {
                firm_id,
                migration_id: id.0,
                process_id: process.0,
                state: MoveState::Waiting.as_str().to_owned(),
                reasons: None,
            };
            row.into_active_model()
        });
        self.queue_untold(item::Entity::insert_many(rows).into_query());
    }

    /// Notes that all processes have been found.
    pub fn finish_listing(&mut self, id: MigrationId) {
        let now = self.ambient().now();
        let update = Query::update()
            .table(Entity)
            .value(Column::ListedAt, now)
            .and_where(Column::FirmId.eq(self.firm_id().0))
            .and_where(Column::Id.eq(id.0))
            .to_owned();
        self.queue_untold(update);
    }

    /// Notes what came of one process.
    pub fn settle_move(
        &mut self,
        id: MigrationId,
        process: ProcessId,
        (state, reasons): (MoveState, &[Fault]),
    ) -> Result<(), StoreError> {
        let reasons = (!reasons.is_empty())
            .then(|| to_json(&reasons))
            .transpose()?;
        let update = Query::update()
            .table(item::Entity)
            .value(item::Column::State, state.as_str())
            .value(item::Column::Reasons, reasons)
            .and_where(item::Column::FirmId.eq(self.firm_id().0))
            .and_where(item::Column::MigrationId.eq(id.0))
            .and_where(item::Column::ProcessId.eq(process.0))
            .to_owned();
        self.queue_untold(update);
        Ok(())
    }
}

fn place(row: Uuid) -> Place<Uuid> {
    Place {
        table: "process_migration",
        row,
    }
}

impl TryFrom<Model> for BulkMigration {
    type Error = StoreError;

    fn try_from(m: Model) -> Result<Self, Self::Error> {
        Ok(Self {
            id: MigrationId(m.id),
            process_type_id: ProcessTypeId(m.process_type_id),
            version: m.version,
            renamed: place(m.id).json(m.renamed)?,
            dry_run: m.dry_run,
            requested_by: UserId(m.requested_by),
            requested_at: m.requested_at,
            listed_at: m.listed_at,
        })
    }
}
