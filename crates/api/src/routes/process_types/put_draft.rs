use actix_web::put;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::ProcessTypeId,
    process_type::{ProcessType, ProcessTypeDocument},
};
use persistence::UnitOfWork;

use super::{get_draft::draft_of, require_readable, trail::told, view::ProcessTypeView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
};

/// Write the draft of a process type.
///
/// Designers and admins may. Begins a draft where there is none; `key` must stay as it is.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), IfMatch),
    request_body = ProcessTypeDocument,
    responses((status = 200, description = "The process type with its draft.", body = ProcessTypeView)),
)]
#[put("/v1/process-types/{process_type_id}/draft")]
#[tracing::instrument(name = "put_process_type_draft", skip_all)]
pub(crate) async fn put_process_type_draft(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<ProcessTypeId>,
    Body(document): Body<ProcessTypeDocument>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let found = tx.lock_process_type(id).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        if_match.check(found.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let next = redraft(tx, &found, document.clone()).await?;
        let version = next.version;
        Ok(Answer::ok(&ProcessTypeView::from(next))?.version(version))
    })
    .await
}

/// Queues what the draft of a type becomes, and tells of it.
pub(super) async fn redraft(
    tx: &mut UnitOfWork,
    found: &ProcessType,
    document: ProcessTypeDocument,
) -> Result<ProcessType, Problem> {
    found.require_live()?;
    require_readable(&document)?;
    let present = draft_of(tx.reads(), found).await?;
    let before = present.as_ref().map(|draft| draft.definition.clone());
    let (next, draft) = found.redraft(document, present, tx.ambient().now())?;
    tx.put_draft(&next, &draft)?;
    tx.record(told(
        EventType::ProcessTypeUpdated,
        Some((found, before.as_ref())),
        (&next, Some(&draft.definition)),
    ));
    Ok(next)
}
