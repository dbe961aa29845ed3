use actix_web::patch;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::TeamId,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{updated, view::TeamView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
};

/// What is to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateTeam {
    /// Unique in the firm.
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Client Service East"
    )]
    name: Option<String>,
}

/// Rename a team.
///
/// Admins may.
#[utoipa::path(
    params(("team_id" = Uuid, Path, description = "The team."), IfMatch),
    request_body = UpdateTeam,
    responses((status = 200, description = "The team as it is now.", body = TeamView)),
)]
#[patch("/v1/teams/{team_id}")]
#[tracing::instrument(name = "update_team", skip_all)]
pub(crate) async fn update_team(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<TeamId>,
    Body(body): Body<UpdateTeam>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let before = tx.lock_team(id).await?.ok_or_else(Problem::not_found)?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        let mut after = before.clone();
        if let Some(name) = &body.name {
            name.trim().clone_into(&mut after.name);
        }
        if after != before {
            after.version += 1;
            tx.update_team(&before, &after);
            tx.record(updated(&before, &after));
        }
        let version = after.version;
        Ok(Answer::ok(&TeamView::new(after))?.version(version))
    })
    .await
}
