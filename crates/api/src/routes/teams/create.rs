use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::TeamId,
    user::Team,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{created, view::TeamView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem},
};

/// A team without members yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTeam {
    /// Unique in the firm.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Client Service East"
    )]
    name: String,
}

/// Make a team.
///
/// Admins may.
#[utoipa::path(
    request_body = CreateTeam,
    responses((status = 201, description = "The team.", body = TeamView)),
)]
#[post("/v1/teams")]
#[tracing::instrument(name = "create_team", skip_all)]
pub(crate) async fn create_team(
    call: Call,
    Body(body): Body<CreateTeam>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        call.replay()?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        let team = Team {
            id: TeamId(tx.ambient().fresh_id()),
            name: body.name.trim().to_owned(),
            members: Vec::new(),
            version: 1,
        };
        tx.insert_team(&team);
        tx.record(created(&team));
        let location = format!("/v1/teams/{}", team.id);
        Ok(Answer::created(location, &TeamView::new(team))?.version(1))
    })
    .await
}
