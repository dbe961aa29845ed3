use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ScheduleId,
};

use super::{seen, view::ScheduleView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read a schedule.
///
/// Everyone of the firm may; one for a single entity, whoever may see the entity.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule.")),
    responses((status = 200, description = "The schedule.", body = ScheduleView)),
)]
#[get("/v1/schedules/{schedule_id}")]
#[tracing::instrument(name = "get_schedule", skip_all)]
pub(crate) async fn get_schedule(
    call: Call,
    Path(id): Path<ScheduleId>,
) -> Result<Answer, Problem> {
    let reads = call.reads();
    let schedule = seen(&call, reads, reads.schedule(id).await?).await?;
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let catalog = call.catalog().await?;
    call.shows(&catalog, schedule.entity_id).await?;
    let view = ScheduleView::one(&call, reads, schedule).await?;
    Ok(Answer::ok(&view)?.version(view.version))
}
