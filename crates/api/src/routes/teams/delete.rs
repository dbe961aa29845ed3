use actix_web::delete;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    ids::TeamId,
};

use super::deleted;
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, problem::Problem, query::Path},
};

/// Delete a team.
///
/// Admins may, once no entity belongs to it.
#[utoipa::path(
    params(("team_id" = Uuid, Path, description = "The team."), IfMatch),
    responses((status = 204, description = "Deleted.")),
)]
#[delete("/v1/teams/{team_id}")]
#[tracing::instrument(name = "delete_team", skip_all)]
pub(crate) async fn delete_team(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<TeamId>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let team = tx.lock_team(id).await?.ok_or_else(Problem::not_found)?;
        if_match.check(team.version)?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        if tx.reads().team_has_entities(id).await? {
            let detail = "Entities belong to this team; give them to another team first.";
            return Err(Problem::conflict(detail).into());
        }
        tx.delete_team(id);
        tx.record(deleted(&team));
        Ok(Answer::no_content())
    })
    .await
}
