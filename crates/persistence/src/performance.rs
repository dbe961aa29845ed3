//! What reports count of processes and tasks (F5): few columns of many rows, a stretch at a time.

use chrono::{DateTime, Utc};
use domain::{
    access::visibility::WorkScope,
    ids::{ProcessId, ProcessTypeId},
    page::{Page, PageRequest},
    report::performance::{RunFacts, StepFacts},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError,
    entity::{
        process::{Column, Entity},
        task,
    },
    keyset::before,
    one_of::one_of,
    row::{self, FromRow, Row},
    scope,
};

/// Which processes a report counts.
#[derive(Debug, Clone)]
pub struct RunFilter {
    /// Of this type; none: of any.
    pub process_type: Option<ProcessTypeId>,
    /// By this version of it; none: by any.
    pub version: Option<i32>,
    /// Started at this time or later.
    pub started_gte: DateTime<Utc>,
    /// Started before this time; none: until now.
    pub started_before: Option<DateTime<Utc>>,
}

/// A place in the order of processes by their start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartPlace {
    started_at: DateTime<Utc>,
    process_type: Uuid,
    id: Uuid,
}

impl StartPlace {
    const fn of(run: &RunFacts) -> Self {
        Self {
            started_at: run.started_at,
            process_type: run.process_type_id.0,
            id: run.id.0,
        }
    }
}

impl Reads<'_> {
    /// What is counted of a stretch of the processes that somebody may see, the latest started first.
    pub async fn runs_to_count(
        &self,
        scope: &WorkScope,
        filter: &RunFilter,
        page: PageRequest<StartPlace>,
    ) -> Result<Page<RunFacts, StartPlace>, StoreError> {
        let order = [Column::StartedAt, Column::ProcessTypeId, Column::Id];
        let mut query = Entity::find()
            .select_only()
            .columns([
                Column::FirmId,
                Column::Id,
                Column::ProcessTypeId,
                Column::ProcessTypeVersion,
                Column::Status,
                Column::StartedAt,
                Column::EndedAt,
            ])
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::StartedAt.gte(filter.started_gte))
            .filter(scope::of_processes(self.firm_key(), scope))
            .limit(u64::from(page.limit) + 1);
        for column in order {
            query = query.order_by_desc(column);
        }
        if let Some(started_before) = filter.started_before {
            query = query.filter(Column::StartedAt.lt(started_before));
        }
        if let Some(process_type) = filter.process_type {
            query = query.filter(Column::ProcessTypeId.eq(process_type.0));
        }
        if let Some(version) = filter.version {
            query = query.filter(Column::ProcessTypeVersion.eq(version));
        }
        if let Some(place) = page.after {
            let values = [
                place.started_at.into(),
                place.process_type.into(),
                place.id.into(),
            ];
            query = query.filter(before(order, values));
        }
        let runs = row::all(query, &self.connection).await?;
        Ok(Page::from_overfetch(runs, page.limit, StartPlace::of))
    }

    /// What is counted of those of the tasks of these processes that somebody may see. Earlier attempts, which hold whole
    /// forms, are only fetched where there are any.
    pub async fn steps_to_count(
        &self,
        scope: &WorkScope,
        runs: &[RunFacts],
    ) -> Result<Vec<StepFacts>, StoreError> {
        use task::{Column, Entity};
        if runs.is_empty() {
            return Ok(Vec::new());
        }
        let earlier = CaseStatement::new()
            .case(Column::Attempt.gt(1), Expr::col((Entity, Column::Attempts)))
            .finally(Expr::null());
        let query = Entity::find()
            .select_only()
            .columns([
                Column::FirmId,
                Column::Id,
                Column::ProcessId,
                Column::ParentTaskId,
                Column::Key,
                Column::Kind,
                Column::Status,
                Column::OpenedAt,
                Column::StartedAt,
                Column::ClosedAt,
            ])
            .expr_as(earlier, "earlier")
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::ProcessId, runs.iter().map(|run| run.id.0)))
            .filter(scope::of_tasks(self.firm_key(), scope));
        row::all(query, &self.connection).await
    }
}

impl FromRow for RunFacts {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProcessId(row.key("process")?),
            process_type_id: ProcessTypeId(row.get("process_type_id")?),
            version: row.get("process_type_version")?,
            status: row.word("status")?,
            started_at: row.get("started_at")?,
            ended_at: row.optional("ended_at")?,
        })
    }
}

impl FromRow for StepFacts {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        row.key("task")?;
        Ok(Self {
            process_id: ProcessId(row.get("process_id")?),
            per_item: row.optional::<Uuid>("parent_task_id")?.is_some(),
            key: row.get("key")?,
            kind: row.word("kind")?,
            status: row.word("status")?,
            opened_at: row.optional("opened_at")?,
            started_at: row.optional("started_at")?,
            closed_at: row.optional("closed_at")?,
            earlier: row.optional_json("earlier")?.unwrap_or_default(),
        })
    }
}
