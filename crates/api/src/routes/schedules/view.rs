use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{
    ids::ProcessId,
    schedule::{
        Schedule, ScheduleStatus, TimingDocument,
        run::{RunOutcome, ScheduleRun},
    },
    value::FieldValue,
};
use persistence::Reads;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    call::Call,
    http::problem::{Problem, ProblemFault},
};

/// When processes of a type start by themselves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Schedule)]
pub(crate) struct ScheduleView {
    id: Uuid,
    #[schema(example = "Quarterly fee review")]
    name: String,
    /// What it starts, in the version that is in effect then.
    process_type_id: Uuid,
    timing: TimingDocument,
    /// For whom, if for one entity; the firm is one. Null: for several, which `/entities` lists.
    entity_id: Option<Uuid>,
    /// For how many.
    #[schema(example = 1)]
    entity_count: u32,
    /// Answers of the start form, by the keys of its fields.
    #[schema(example = json!({}))]
    fields: BTreeMap<String, FieldValue>,
    /// Whether a run is skipped while a process of the type is open for the entity.
    unless_open: bool,
    status: ScheduleStatus,
    /// When it runs next; where each entity has dates of its own, when it looks at them next.
    next_at: Option<DateTime<Utc>>,
    /// The process that planned it, where one did that the caller may see.
    planned_by_process_id: Option<Uuid>,
    /// Who made it; null when a process did.
    created_by_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    /// Rises with each change and each run; the tag for `If-Match`.
    #[schema(example = 1)]
    pub(super) version: i64,
}

impl ScheduleView {
    /// As the caller sees them.
    pub(super) async fn of(
        call: &Call,
        reads: Reads<'_>,
        schedules: Vec<Schedule>,
    ) -> Result<Vec<Self>, Problem> {
        let planners = schedules.iter().filter_map(|it| it.source);
        let planners: Vec<ProcessId> = planners.map(|source| source.process_id).collect();
        let seen = seen(call, reads, &planners).await?;
        let schedules = schedules.into_iter();
        Ok(schedules.map(|it| Self::new(it, &seen)).collect())
    }

    /// One as the caller sees it.
    pub(super) async fn one(
        call: &Call,
        reads: Reads<'_>,
        schedule: Schedule,
    ) -> Result<Self, Problem> {
        let planner = schedule.source.map(|source| source.process_id);
        let seen = seen(call, reads, planner.as_slice()).await?;
        Ok(Self::new(schedule, &seen))
    }

    fn new(schedule: Schedule, seen: &BTreeSet<ProcessId>) -> Self {
        let planner = schedule.source.map(|source| source.process_id);
        Self {
            id: schedule.id.0,
            name: schedule.name,
            process_type_id: schedule.process_type_id.0,
            timing: schedule.timing,
            entity_id: schedule.entity_id.map(Uuid::from),
            entity_count: schedule.entity_count,
            fields: schedule.fields,
            unless_open: schedule.unless_open,
            status: schedule.status,
            next_at: schedule.next_at,
            planned_by_process_id: planner.filter(|it| seen.contains(it)).map(Uuid::from),
            created_by_id: schedule.created_by.map(Uuid::from),
            created_at: schedule.created_at,
            version: schedule.version,
        }
    }
}

/// Those of these processes that the caller may see.
pub(super) async fn seen(
    call: &Call,
    reads: Reads<'_>,
    ids: &[ProcessId],
) -> Result<BTreeSet<ProcessId>, Problem> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let scope = call.work_scope(&*call.catalog().await?);
    let seen = reads.processes_seen(&scope, ids).await?;
    Ok(seen.into_keys().collect())
}

/// What became of a schedule once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScheduleRun)]
pub(crate) struct ScheduleRunView {
    /// For when it was planned.
    planned_at: DateTime<Utc>,
    /// When it took place.
    ran_at: DateTime<Utc>,
    /// Whether that was late: nobody was there to start it in time, or the entity got its date late.
    late: bool,
    /// How many further runs had fallen due meanwhile, for which this one stands, too.
    #[schema(example = 0)]
    missed: u32,
    outcome: RunOutcome,
    /// The process that it started, where the caller may see it.
    process_id: Option<Uuid>,
    /// The batch that it started, for several entities.
    batch_id: Option<Uuid>,
    /// Why nothing was started.
    reasons: Vec<ProblemFault>,
}

impl ScheduleRunView {
    pub(super) fn new(run: ScheduleRun, seen: &BTreeSet<ProcessId>) -> Self {
        Self {
            planned_at: run.planned_at,
            ran_at: run.ran_at,
            late: run.late,
            missed: run.missed,
            outcome: run.outcome,
            process_id: run
                .process_id
                .filter(|process| seen.contains(process))
                .map(Uuid::from),
            batch_id: run.batch_id.map(Uuid::from),
            reasons: run.reasons.into_iter().map(ProblemFault::from).collect(),
        }
    }
}
