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

/// Archive a schedule.
///
/// Designers and admins may. It starts nothing any more and does not come back; what it has started goes on, and its runs stay to be read.
#[utoipa::path(
    params(("schedule_id" = Uuid, Path, description = "The schedule."), OptionalIfMatch),
    responses((status = 200, description = "The schedule as it is now.", body = ScheduleView)),
)]
#[post("/v1/schedules/{schedule_id}/archive")]
#[tracing::instrument(name = "archive_schedule", skip_all)]
pub(crate) async fn archive_schedule(
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
        let after = schedule.archive()?;
        tx.update_schedule(&after)?;
        tx.record(told(EventType::ScheduleArchived, Some(&schedule), &after));
        let version = after.version;
        let views = ScheduleView::of(&call, tx.reads(), vec![after]).await?;
        let view = views.first().ok_or_else(Problem::not_found)?;
        Ok(Answer::ok(view)?.version(version))
    })
    .await
}
