use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::ScheduleId,
    schedule::run::told,
};

use super::{seen, view::ScheduleView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Pause a schedule.
///
/// Designers and admins may. It does nothing until it is resumed; what falls due meanwhile is not made up for.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule."), OptionalIfMatch),
    responses((status = 200, description = "The schedule as it is now.", body = ScheduleView)),
)]
#[post("/v1/schedules/{schedule_id}/pause")]
#[tracing::instrument(name = "pause_schedule", skip_all)]
pub(crate) async fn pause_schedule(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<ScheduleId>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let found = tx.lock_schedule(id).await?;
        let schedule = seen(&call, tx.reads(), found).await?;
        call.replay()?;
        if_match.check(schedule.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let after = schedule.pause()?;
        tx.update_schedule(&after)?;
        tx.record(told(EventType::SchedulePaused, Some(&schedule), &after));
        let version = after.version;
        let views = ScheduleView::of(&call, tx.reads(), vec![after]).await?;
        let view = views.first().ok_or_else(Problem::not_found)?;
        Ok(Answer::ok(view)?.version(version))
    })
    .await
}
