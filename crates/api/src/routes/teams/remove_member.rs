use actix_web::delete;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::{TeamId, UserId},
};
use serde::Deserialize;

use super::updated;
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, problem::Problem, query::Path},
};

/// Whom, and from which team.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Place {
    team_id: TeamId,
    user_id: UserId,
}

/// Take somebody off a team.
///
/// Admins may. `If-Match` has the tag of the team.
#[utoipa::path(
    params(
        ("team_id" = Uuid, Path, description = "The team."),
        ("user_id" = Uuid, Path, description = "Who leaves it."),
        IfMatch,
    ),
    responses((status = 204, description = "They are not on the team any more.")),
)]
#[delete("/v1/teams/{team_id}/members/{user_id}")]
#[tracing::instrument(name = "remove_team_member", skip_all)]
pub(crate) async fn remove_team_member(
    call: Call,
    if_match: IfMatch,
    Path(place): Path<Place>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let before = tx.lock_team(place.team_id).await?;
        let before = before.ok_or_else(Problem::not_found)?;
        let after = before
            .without_member(place.user_id)
            .ok_or_else(Problem::not_found)?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        tx.update_team(&before, &after);
        tx.record(updated(&before, &after));
        Ok(Answer::no_content())
    })
    .await
}
