use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ProcessId,
    job::JobState,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::JobView;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Query,
    },
};

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListJobs {
    /// In one of these states; left out: all that are not done.
    #[param(style = Form, explode = false, min_items = 1, max_items = 5, nullable = false)]
    state: Option<Vec<JobState>>,
}

const UNFINISHED: [JobState; 4] = [
    JobState::Scheduled,
    JobState::Due,
    JobState::Leased,
    JobState::Parked,
];

/// List jobs.
///
/// Admins and auditors may. Jobs are what changes leave to be done shortly after: starting a process that another asked for, telling it how that ended. Those that failed for good are `parked`. The process and task that a job is about are told where the caller may see the process.
#[utoipa::path(
    params(ListJobs, PageQuery),
    responses((status = 200, description = "In the order of their turns.", body = PageView<JobView>)),
)]
#[get("/v1/jobs")]
#[tracing::instrument(name = "list_jobs", skip_all)]
pub(crate) async fn list_jobs(
    call: Call,
    Query(asked): Query<ListJobs>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    decide_firm_action(FirmAction::WatchJobs, call.actor()).or_denied(true)?;
    let states = asked.state.unwrap_or_else(|| UNFINISHED.to_vec());
    let place = call.page_request(&paging)?;
    let now = call.state().ambient.now();
    let page = call.reads().jobs(&states, now, place).await?;
    let about: Vec<ProcessId> = page.items.iter().filter_map(|job| job.process_id).collect();
    let catalog = call.catalog().await?;
    let scope = call.work_scope(&catalog);
    let seen = call.reads().processes_seen(&scope, &about).await?;
    call.page(&paging, page.map(|job| JobView::new(job, &seen)))
}
