use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    process_type::{ProcessType, ProcessTypeDocument},
};

use super::{require_readable, trail::told, view::ProcessTypeView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem},
};

/// Make a process type.
///
/// Designers and admins may. The body is the definition, of which the first draft is made; its parts may still be unsound.
#[utoipa::path(
    request_body = ProcessTypeDocument,
    responses((status = 201, description = "The process type with its draft.", body = ProcessTypeView)),
)]
#[post("/v1/process-types")]
#[tracing::instrument(name = "create_process_type", skip_all)]
pub(crate) async fn create_process_type(
    call: Call,
    Body(document): Body<ProcessTypeDocument>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        require_readable(&document)?;
        let (begun, draft) = ProcessType::begin(document.clone(), None, tx.ambient());
        tx.insert_process_type(&begun, &draft)?;
        let after = (&begun, Some(&draft.definition));
        tx.record(told(EventType::ProcessTypeCreated, None, after));
        let (id, version) = (begun.id, begun.version);
        let view = ProcessTypeView::from(begun);
        Ok(Answer::created(format!("/v1/process-types/{id}"), &view)?.version(version))
    })
    .await
}
