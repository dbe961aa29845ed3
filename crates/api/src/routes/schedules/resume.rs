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
    jobs::enqueue_next,
};

/// Resume a schedule.
///
/// Designers and admins may, while it is paused. It goes on with what is due from now on.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule."), OptionalIfMatch),
    responses((status = 200, description = "The schedule as it is now.", body = ScheduleView)),
)]
#[post("/v1/schedules/{schedule_id}/resume")]
#[tracing::instrument(name = "resume_schedule", skip_all)]
pub(crate) async fn resume_schedule(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<ScheduleId>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let found = tx.lock_schedule(id).await?;
        let schedule = seen(&call, tx.reads(), found).await?;
        call.replay()?;
        if_match.check(schedule.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let after = schedule.resume(&catalog.calendars, tx.ambient().now())?;
        tx.update_schedule(&after)?;
        tx.record(told(EventType::ScheduleResumed, Some(&schedule), &after));
        enqueue_next(tx, &after)?;
        let version = after.version;
        let views = ScheduleView::of(&call, tx.reads(), vec![after]).await?;
        let view = views.first().ok_or_else(Problem::not_found)?;
        Ok(Answer::ok(view)?.version(version))
    })
    .await
}
