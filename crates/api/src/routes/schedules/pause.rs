use actix_web::post;
use domain::{event::EventType, ids::ScheduleId};

use super::{change::change, view::ScheduleView};
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
    change(
        &call,
        &if_match,
        id,
        EventType::SchedulePaused,
        |schedule, _| schedule.pause(),
    )
    .await
}
