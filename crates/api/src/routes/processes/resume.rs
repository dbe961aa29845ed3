use actix_web::post;
use domain::access::process::ProcessAction;
use uuid::Uuid;

use super::{change::change, view::ProcessView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Let a process go on.
///
/// Its owner, their manager, the record's primary lead, admins. Due dates are set again, and what could not open meanwhile
/// opens.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), OptionalIfMatch),
    responses((status = 200, description = "The process, under way again.", body = ProcessView)),
)]
#[post("/v1/processes/{id}/resume")]
#[tracing::instrument(name = "resume_process", skip_all)]
pub(crate) async fn resume_process(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<Uuid>,
) -> Result<Answer, Problem> {
    let by = call.actor().user_id;
    change(
        &call,
        &if_match,
        id,
        ProcessAction::Resume,
        |engine, decision| engine.resume(by, decision),
    )
    .await
}
