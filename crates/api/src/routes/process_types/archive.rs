use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::ProcessTypeId,
};

use super::{trail::told, view::ProcessTypeView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::OptionalIfMatch, problem::Problem, query::Path},
};

/// Archive a process type.
///
/// Designers and admins may. It cannot be started or edited any more; processes that run go on.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), OptionalIfMatch),
    responses((status = 200, description = "The archived process type.", body = ProcessTypeView)),
)]
#[post("/v1/process-types/{process_type_id}/archive")]
#[tracing::instrument(name = "archive_process_type", skip_all)]
pub(crate) async fn archive_process_type(
    call: Call,
    if_match: OptionalIfMatch,
    Path(id): Path<ProcessTypeId>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let found = tx.lock_process_type(id).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        call.replay()?;
        if_match.check(found.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let next = found.archive(tx.ambient().now())?;
        tx.update_process_type(&next);
        tx.record(told(
            EventType::ProcessTypeArchived,
            Some((&found, None)),
            (&next, None),
        ));
        let version = next.version;
        Ok(Answer::ok(&ProcessTypeView::from(next))?.version(version))
    })
    .await
}
