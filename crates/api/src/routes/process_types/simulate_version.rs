use actix_web::post;
use domain::access::starting::{FirmAction, decide_firm_action};

use super::{get_version::VersionPath, simulate::Simulate, simulation_view::SimulationView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem, query::Path},
};

/// Play a version of a process type through.
///
/// Everyone of the firm may, for an entity that they may see: it shows what starting it would bring. Nothing is written, so that
/// an idempotency key makes no difference.
#[utoipa::path(
    params(
        ("process_type_id" = Uuid, Path, description = "The process type."),
        ("number" = i32, Path, description = "The number of the version.", minimum = 1, maximum = 2_147_483_647),
    ),
    request_body = Simulate,
    responses((status = 200, description = "The whole run.", body = SimulationView)),
)]
#[post("/v1/process-types/{process_type_id}/versions/{number}/simulate")]
#[tracing::instrument(name = "simulate_process_type_version", skip_all)]
pub(crate) async fn simulate_process_type_version(
    call: Call,
    Path(path): Path<VersionPath>,
    Body(body): Body<Simulate>,
) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let (id, number) = (path.process_type_id, path.number);
    let version = call.reads().process_type_version(id, number).await?;
    let published = version.filter(|version| version.published_at.is_some());
    published.ok_or_else(Problem::not_found)?;
    let firm = call.actor().firm_id;
    let definition = call.state().store.definition(firm, id, number).await?;
    let definition = definition.ok_or_else(Problem::not_found)?;
    let (scene, simulation) = body.play(&call, id, number, definition).await?;
    Answer::ok(&SimulationView::new(&scene, simulation))
}
