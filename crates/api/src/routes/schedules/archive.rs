use actix_web::post;
use domain::{event::EventType, ids::ScheduleId};

use super::{change::change, view::ScheduleView};
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
    change(
        &call,
        &if_match,
        id,
        EventType::ScheduleArchived,
        |schedule, _| schedule.archive(),
    )
    .await
}
