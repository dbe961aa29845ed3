use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    fault::Fault,
    ids::{TeamId, UserId},
    user::TeamMember,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{updated, view::TeamView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem, query::Path},
};

/// Who joins the team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddTeamMember {
    user_id: Uuid,
    /// Whether they manage it; takes effect for users at the level `manager`.
    #[serde(default)]
    manager: bool,
}

/// Add somebody to a team.
///
/// Admins may. For somebody who is on it already it tells anew whether they manage it.
#[utoipa::path(
    params(("team_id" = Uuid, Path, description = "The team.")),
    request_body = AddTeamMember,
    responses(
        (status = 201, description = "The team with its new member.", body = TeamView),
        (status = 200, description = "The team; they were on it before.", body = TeamView),
    ),
)]
#[post("/v1/teams/{team_id}/members")]
#[tracing::instrument(name = "add_team_member", skip_all)]
pub(crate) async fn add_team_member(
    call: Call,
    Path(id): Path<TeamId>,
    Body(body): Body<AddTeamMember>,
) -> Result<Answer, Problem> {
    let member = TeamMember {
        user_id: UserId(body.user_id),
        manager: body.manager,
    };
    call.write(async |tx| {
        let before = tx.lock_team(id).await?.ok_or_else(Problem::not_found)?;
        call.replay()?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        if tx.reads().user(member.user_id).await?.is_none() {
            let detail = "There is no such user.";
            return Err(vec![Fault::new("/user_id", "unknown-user", detail)].into());
        }
        let after = before.with_member(member);
        if after != before {
            tx.update_team(&before, &after);
            tx.record(updated(&before, &after));
        }
        let joined = after.members.len() > before.members.len();
        let version = after.version;
        let view = TeamView::new(after);
        let answer = if joined {
            Answer::created(format!("/v1/teams/{id}/members/{}", member.user_id), &view)?
        } else {
            Answer::ok(&view)?
        };
        Ok(answer.version(version))
    })
    .await
}
