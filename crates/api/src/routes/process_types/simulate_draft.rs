use std::sync::Arc;

use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::ProcessTypeId,
    process_type::{check, parse},
};

use super::{
    context::check_context, get_draft::draft_of, simulate::Simulate,
    simulation_view::SimulationView,
};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem, query::Path},
};

/// Play the draft of a process type through.
///
/// Designers and admins may, for an entity that they may see. The draft must be sound; `errors` of a 422 names every fault, as
/// publishing does. Nothing is written, so that an idempotency key makes no difference.
#[utoipa::path(
    params(("process_type_id" = Uuid, Path, description = "The process type.")),
    request_body = Simulate,
    responses((status = 200, description = "The whole run; 404 while there is no draft.", body = SimulationView)),
)]
#[post("/v1/process-types/{process_type_id}/draft/simulate")]
#[tracing::instrument(name = "simulate_process_type_draft", skip_all)]
pub(crate) async fn simulate_process_type_draft(
    call: Call,
    Path(id): Path<ProcessTypeId>,
    Body(body): Body<Simulate>,
) -> Result<Answer, Problem> {
    let found = call.reads().process_type(id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    decide_firm_action(FirmAction::Design, call.actor()).or_denied(true)?;
    let draft = draft_of(call.reads(), &found).await?;
    let draft = draft.ok_or_else(Problem::not_found)?;
    let catalog = call.catalog().await?;
    let context = check_context(
        &catalog,
        call.reads(),
        &draft.definition,
        call.state().ambient.now(),
    )
    .await?;
    let report = check(&draft.definition, &context);
    if !report.is_sound() {
        return Err(Problem::invalid(report.faults));
    }
    let definition = parse(&draft.definition).map_err(Problem::invalid)?;
    let (scene, simulation) = body
        .play(&call, id, draft.number, Arc::new(definition))
        .await?;
    Answer::ok(&SimulationView::new(&scene, simulation))
}
