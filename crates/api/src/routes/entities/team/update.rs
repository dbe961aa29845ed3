use actix_web::patch;
use domain::{
    access::starting::EntityAction,
    entity::{Membership, team::primary_holder},
};
use persistence::{StoreError, UnitOfWork};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{super::record::Record, Place, record_changed, step_down, view::EntityTeamMemberView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
};

/// What changes of a place on a team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateEntityTeamMember {
    /// True takes the primary place, from whoever has it; false leaves it to nobody.
    #[schema(nullable = false, example = true)]
    is_primary: Option<bool>,
}

/// Change somebody's place on the team of an entity.
///
/// The entity's primary lead, managers of its user team and admins may.
#[utoipa::path(
    params(
        ("entity_id" = Uuid, Path, description = "The entity."),
        ("membership_id" = Uuid, Path, description = "The place on its team."),
        IfMatch,
    ),
    request_body = UpdateEntityTeamMember,
    responses((status = 200, description = "The place as it is now.", body = EntityTeamMemberView)),
)]
#[patch("/v1/entities/{entity_id}/team/{membership_id}")]
#[tracing::instrument(name = "update_entity_team_member", skip_all)]
pub(crate) async fn update_entity_team_member(
    call: Call,
    if_match: IfMatch,
    Path(place): Path<Place>,
    Body(body): Body<UpdateEntityTeamMember>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let record = Record::lock(&call, tx, &catalog, place.entity_id).await?;
        let before = record.place(place.membership_id)?;
        if_match.check(before.version)?;
        record.require(call.actor(), EntityAction::EditTeam)?;
        let after = body.apply(tx, &record, before)?;
        let user = tx.reads().user(after.user_id).await?;
        let user = user.ok_or_else(Problem::not_found)?;
        let role = tx.reads().role(after.role_id).await?;
        let role = role.ok_or_else(Problem::not_found)?;
        let view = EntityTeamMemberView::new(&after, &user, &role);
        Ok(Answer::ok(&view)?.version(after.version))
    })
    .await
}

impl UpdateEntityTeamMember {
    /// Being primary lets nobody execute anything (X3), so that nothing else has to follow.
    fn apply(
        &self,
        tx: &mut UnitOfWork,
        record: &Record,
        before: &Membership,
    ) -> Result<Membership, StoreError> {
        let wanted = self.is_primary.unwrap_or(before.is_primary);
        if wanted == before.is_primary {
            return Ok(before.clone());
        }
        let after = Membership {
            is_primary: wanted,
            version: before.version + 1,
            ..before.clone()
        };
        let former = primary_holder(before.role_id, before.entity_id, &record.memberships);
        if wanted && let Some(former) = former {
            step_down(tx, former)?;
        }
        tx.update_membership(&after)?;
        record_changed(tx, before, &after);
        Ok(after)
    }
}
