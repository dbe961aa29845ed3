use actix_web::post;
use chrono::{DateTime, Utc};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    fault::Fault,
    ids::ProcessTypeId,
    process_type::{EditRefused, ProcessType, check},
};
use library::{Workflow, find};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{context::check_context, get_draft::draft_of, trail::told, view::ProcessTypeView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
};

/// How the draft is published.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct PublishProcessType {
    /// From when on processes start from it; at once unless told.
    #[serde(default)]
    effective_at: Option<DateTime<Utc>>,
    /// The library's release that the draft takes over, where the type was installed from the library: the one at hand. From
    /// then on the type is compared with it.
    #[serde(default)]
    #[schema(max_length = 40, example = "0.2.0")]
    library_version: Option<String>,
}

impl PublishProcessType {
    /// The library's text that the draft takes over, if any.
    fn release(&self, found: &ProcessType) -> Result<Option<&'static Workflow>, Problem> {
        let Some(version) = &self.library_version else {
            return Ok(None);
        };
        let fault = |code, detail| {
            let fault = Fault::new("/library_version", code, detail);
            Err(Problem::invalid(vec![fault]))
        };
        let workflow = found.library_slug.as_deref().and_then(find);
        let Some(workflow) = workflow else {
            return fault(
                "not-of-library",
                "The library has no such process type: leave the release out.".to_owned(),
            );
        };
        if version != library::VERSION {
            let detail = format!(
                "The release at hand is {}: compare with that one, and name it.",
                library::VERSION
            );
            return fault("unknown-release", detail);
        }
        Ok(Some(workflow))
    }
}

/// Publish the draft of a process type.
///
/// Designers and admins may. The draft must be sound; `errors` of a 422 names every fault with a pointer into the definition.
/// What is published never changes again, and processes that run stay with their version.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type."), IfMatch),
    request_body = PublishProcessType,
    responses((status = 200, description = "The process type with its new version.", body = ProcessTypeView)),
)]
#[post("/v1/process-types/{process_type_id}/publish")]
#[tracing::instrument(name = "publish_process_type", skip_all)]
pub(crate) async fn publish_process_type(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<ProcessTypeId>,
    Body(body): Body<PublishProcessType>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let found = tx.lock_process_type(id).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        call.replay()?;
        if_match.check(found.version)?;
        decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
        found.require_live()?;
        let draft = draft_of(tx.reads(), &found).await?;
        let draft = draft.ok_or(EditRefused::NoDraft)?;
        let context =
            check_context(&catalog, tx.reads(), &draft.definition, tx.ambient().now()).await?;
        let report = check(&draft.definition, &context);
        if !report.is_sound() {
            return Err(Problem::invalid(report.faults).into());
        }
        let (by, now) = (Some(call.actor().user_id), tx.ambient().now());
        let (mut next, published) = found.publish(Some(draft), by, body.effective_at, now)?;
        if let Some(workflow) = body.release(&found)? {
            next = next.resting_on(library::VERSION);
            tx.put_library_base(next.id, &workflow.document)?;
        }
        tx.publish_version(&next, &published)?;
        let definition = Some(&published.definition);
        tx.record(told(
            EventType::ProcessTypePublished,
            Some((&found, definition)),
            (&next, definition),
        ));
        let version = next.version;
        Ok(Answer::ok(&ProcessTypeView::from(next))?.version(version))
    })
    .await
}
