use std::collections::BTreeSet;

use actix_web::get;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    fault::Faults,
    ids::ProcessTypeId,
    process_type::ProcessType,
    report::performance::{FORMULA_VERSION, VersionPerformance},
};
use persistence::{RunFilter, StoreError};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    gather::gather,
    view::{ProcessPerformanceView, TaskPerformanceView, VersionPerformanceView},
};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Query},
};

/// Most processes of one report.
const MOST: u32 = 10_000;

/// Days of a report for which no beginning is named.
const USUAL_DAYS: i64 = 365;

/// Most days of one report: two years, one of them a leap year.
const MOST_DAYS: i64 = 731;

/// Which processes are counted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProcessPerformanceQuery {
    /// Of this type, with the figures of each task; left out: of every type, as a summary without tasks.
    #[param(value_type = Option<Uuid>, nullable = false)]
    process_type_id: Option<ProcessTypeId>,
    /// By this version of the type, which has to be named with it; left out: by any.
    #[param(minimum = 1, nullable = false)]
    version: Option<i32>,
    /// Started at this time or later; left out: 365 days before `started_at_before`.
    #[param(nullable = false)]
    started_at_gte: Option<DateTime<Utc>>,
    /// Started before this time, at most 731 days after `started_at_gte`; left out: until now.
    #[param(nullable = false)]
    started_at_before: Option<DateTime<Utc>>,
    /// No more than so many, the newest of them; 10,000 unless told.
    #[param(minimum = 1, maximum = 10_000, nullable = false)]
    max_processes: Option<u32>,
}

/// Report how processes perform.
///
/// Everyone may; the figures count the processes that the caller may see, and of their tasks those that the caller may see.
///
/// The report is about the processes that *started* within the time asked for, wherever they are now, by process type and version:
/// the version that each of them follows now, the one with the longest median cycle time first. For one process type it tells of
/// each task as well, the slowest first. Times are elapsed time, nights, closing days and holds included. Only what is completed has
/// a time; of a task that was sent back it is that of the attempt that stands. Medians of an even number are the mean of the two
/// in the middle, rounded down; 90th percentiles are by nearest rank. Where nothing is counted a figure is null.
#[utoipa::path(
    params(ProcessPerformanceQuery),
    responses(
        (status = 200, description = "The figures, and how many processes they are about.", body = ProcessPerformanceView),
        (status = 404, description = "There is no such process type, or it has no such published version."),
        (status = 422, description = "The times do not go together, or a version is asked for without its type."),
    ),
)]
#[get("/v1/reports/process-performance")]
#[tracing::instrument(name = "get_process_performance", skip_all)]
pub(crate) async fn get_process_performance(
    call: Call,
    Query(asked): Query<ProcessPerformanceQuery>,
) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let now = call.state().ambient.now();
    let filter = filter(&asked, now)?;
    let process_type = process_type(&call, &asked).await?;
    let most = asked.max_processes.unwrap_or(MOST);
    let gathered = gather(&call, &filter, most, now).await?;
    let data = match &process_type {
        Some(process_type) => with_tasks(&call, process_type, gathered.versions).await?,
        None => summary(&call, &gathered.versions).await?,
    };
    Answer::ok(&ProcessPerformanceView {
        formula_version: FORMULA_VERSION,
        counted_at: now,
        started_at_gte: filter.started_gte,
        started_at_before: filter.started_before,
        processes: gathered.processes,
        oldest_started_at: gathered.oldest,
        complete: gathered.complete,
        data,
    })
}

/// What is asked for; a time that is empty or too long is refused.
fn filter(asked: &ProcessPerformanceQuery, now: DateTime<Utc>) -> Result<RunFilter, Problem> {
    let until = asked.started_at_before.unwrap_or(now);
    let from = asked
        .started_at_gte
        .unwrap_or(until - TimeDelta::days(USUAL_DAYS));
    let mut faults = Faults::default();
    if asked.version.is_some() && asked.process_type_id.is_none() {
        let detail = "A version is one of a process type: name that, too.";
        faults.add("process_type_id", "required", detail);
    }
    match asked.started_at_before {
        Some(before) if before <= from => {
            let detail = "It has to be after `started_at_gte`.";
            faults.add("started_at_before", "before-begin", detail);
        }
        None if now < from => {
            let detail = "Nothing can have started since then.";
            faults.add("started_at_gte", "in-the-future", detail);
        }
        Some(_) | None if until - from > TimeDelta::days(MOST_DAYS) => {
            let detail = format!("A report covers at most {MOST_DAYS} days.");
            faults.add("started_at_gte", "out-of-range", detail);
        }
        Some(_) | None => {}
    }
    let filter = RunFilter {
        process_type: asked.process_type_id,
        version: asked.version,
        started_gte: from,
        started_before: asked.started_at_before,
    };
    faults.or(filter).map_err(Problem::invalid)
}

/// The type that is asked about, if one is, with the version that is asked about, if one is.
async fn process_type(
    call: &Call,
    asked: &ProcessPerformanceQuery,
) -> Result<Option<ProcessType>, Problem> {
    let Some(id) = asked.process_type_id else {
        return Ok(None);
    };
    let found = call.reads().process_type(id).await?;
    let published = |process_type: &ProcessType| {
        // Numbers are given in order, from 1.
        asked.version.is_none() || asked.version <= process_type.published_version
    };
    found
        .filter(published)
        .map(Some)
        .ok_or_else(Problem::not_found)
}

/// The versions of one type, each with its tasks.
async fn with_tasks(
    call: &Call,
    process_type: &ProcessType,
    versions: Vec<VersionPerformance>,
) -> Result<Vec<VersionPerformanceView>, Problem> {
    let store = &call.state().store;
    let mut views = Vec::with_capacity(versions.len());
    for mut found in versions {
        let definition = store
            .definition(call.firm_id(), process_type.id, found.version)
            .await?
            .ok_or(StoreError::NoFirm)?;
        let steps = found.slowest_first(&definition);
        let tasks = steps
            .iter()
            .map(|(template, figures)| TaskPerformanceView::new(template, figures))
            .collect();
        views.push(VersionPerformanceView::new(
            process_type,
            &found,
            Some(tasks),
        ));
    }
    Ok(views)
}

/// The versions of all types, without their tasks.
async fn summary(
    call: &Call,
    versions: &[VersionPerformance],
) -> Result<Vec<VersionPerformanceView>, Problem> {
    let ids: BTreeSet<_> = versions.iter().map(|found| found.process_type_id).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    let types = call.reads().process_types_by_id(&ids).await?;
    let named = versions.iter().filter_map(|found| {
        let process_type = types.get(&found.process_type_id)?;
        Some(VersionPerformanceView::new(process_type, found, None))
    });
    Ok(named.collect())
}
