use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    process_type::{ProcessType, ProcessTypeDocument},
};

use super::{put_draft::redraft, require_readable, trail::told, view::ProcessTypeView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, yaml::YamlBody},
};

/// Import a process type.
///
/// Designers and admins may. Makes a process type with its first draft, or writes the draft of the one with the same key. What
/// cannot be read is refused with its line and column.
#[utoipa::path(
    request_body(
        content = ProcessTypeDocument,
        content_type = "application/yaml",
        description = "The definition as YAML 1.2, without tags and merge keys.",
    ),
    responses(
        (status = 201, description = "The new process type with its draft.", body = ProcessTypeView),
        (status = 200, description = "The process type with this key, and its draft as imported.", body = ProcessTypeView),
    ),
)]
#[post("/v1/process-types/import")]
#[tracing::instrument(name = "import_process_type", skip_all)]
pub(crate) async fn import_process_type(
    call: Call,
    YamlBody(document): YamlBody,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let known = tx.reads().process_type_by_key(&document.key).await?;
        call.replay()?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        let known = match known {
            Some(known) => tx.lock_process_type(known.id).await?,
            None => None,
        };
        if let Some(known) = known {
            let next = redraft(tx, &known, document.clone()).await?;
            let version = next.version;
            return Ok(Answer::ok(&ProcessTypeView::from(next))?.version(version));
        }
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
