use actix_web::post;
use domain::{event::EventType, ids::ScheduleId};

use super::{change::change, view::ScheduleView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
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
    change(
        &call,
        &if_match,
        id,
        EventType::ScheduleResumed,
        |schedule, now| schedule.resume(&catalog.calendars, now),
    )
    .await
}
