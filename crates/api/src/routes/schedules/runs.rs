use actix_web::{HttpResponse, get};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::{ProcessId, ScheduleId},
};

use super::{
    seen,
    view::{self, ScheduleRunView},
};
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
};

/// List the runs of a schedule.
///
/// Whoever may see the schedule. Runs that were skipped, and those that could start nothing, are among them and say why.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule."), PageQuery),
    responses((status = 200, description = "The newest first.", body = PageView<ScheduleRunView>)),
)]
#[get("/v1/schedules/{schedule_id}/runs")]
#[tracing::instrument(name = "list_schedule_runs", skip_all)]
pub(crate) async fn list_schedule_runs(
    call: Call,
    paging: Paging,
    Path(id): Path<ScheduleId>,
) -> Result<HttpResponse, Problem> {
    let (reads, place) = (call.reads(), call.page_request(&paging)?);
    seen(&call, reads, reads.schedule(id).await?).await?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let page = reads.list_schedule_runs(id, place).await?;
    let started = page.items.iter().filter_map(|run| run.process_id);
    let started: Vec<ProcessId> = started.collect();
    let seen = view::seen(&call, reads, &started).await?;
    call.page(&paging, page.map(|run| ScheduleRunView::new(run, &seen)))
}
