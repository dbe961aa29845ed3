use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ProcessTypeId,
    process_type::check,
};

use super::{context::check_context, get_draft::draft_of, view::CheckReportView};
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Check the draft of a process type.
///
/// Designers and admins may. Names everything that keeps it from being published, and what should be looked at. Changes
/// nothing, so that an idempotency key makes no difference.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type.")),
    responses((status = 200, description = "What was found; 404 while there is no draft.", body = CheckReportView)),
)]
#[post("/v1/process-types/{process_type_id}/draft/check")]
#[tracing::instrument(name = "check_process_type_draft", skip_all)]
pub(crate) async fn check_process_type_draft(
    call: Call,
    Path(id): Path<ProcessTypeId>,
) -> Result<Answer, Problem> {
    let found = call.reads().process_type(id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
    let draft = draft_of(call.reads(), &found).await?;
    let document = draft.ok_or_else(Problem::not_found)?.definition;
    let catalog = call.catalog().await?;
    let context = check_context(
        &catalog,
        call.reads(),
        &document,
        call.state().ambient.now(),
    )
    .await?;
    Answer::ok(&CheckReportView::from(check(&document, &context)))
}
