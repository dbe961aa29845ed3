use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::TeamId,
};

use super::view::TeamView;
use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// Read a team.
///
/// Everyone of the firm may.
#[utoipa::path(
    params(("team_id" = Uuid, Path, description = "The team.")),
    responses((status = 200, description = "The team.", body = TeamView)),
)]
#[get("/v1/teams/{team_id}")]
#[tracing::instrument(name = "get_team", skip_all)]
pub(crate) async fn get_team(call: Call, Path(id): Path<TeamId>) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let team = call.reads().team(id).await?;
    let team = team.ok_or_else(Problem::not_found)?;
    let version = team.version;
    Ok(Answer::ok(&TeamView::new(team))?.version(version))
}
