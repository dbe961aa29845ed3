use actix_web::delete;
use domain::{access::starting::EntityAction, entity::team::is_seen};

use super::{super::record::Record, Place, record_left, refresh};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, problem::Problem, query::Path},
};

/// Remove somebody from the team of an entity.
///
/// The entity's primary lead, managers of its user team and admins may. What the person could execute by this place they
/// can no longer, at once. The last person on the teams of a restricted entity stays.
#[utoipa::path(
    params(
        ("entity_id" = Uuid, Path, description = "The entity."),
        ("membership_id" = Uuid, Path, description = "The place on its team."),
        IfMatch,
    ),
    responses((status = 204, description = "Removed.")),
)]
#[delete("/v1/entities/{entity_id}/team/{membership_id}")]
#[tracing::instrument(name = "remove_entity_team_member", skip_all)]
pub(crate) async fn remove_entity_team_member(
    call: Call,
    if_match: IfMatch,
    Path(place): Path<Place>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let known = tx.reads().membership(place.membership_id).await?;
        let known = known.ok_or_else(Problem::not_found)?;
        // The person first, then the record: whoever changes what a person may execute waits for one another.
        let user = tx.lock_user(known.user_id).await?;
        let user = user.ok_or_else(Problem::not_found)?;
        let record = Record::lock(&call, tx, &catalog, place.entity_id).await?;
        let leaving = record.place(place.membership_id)?;
        if_match.check(leaving.version)?;
        record.require(call.actor(), EntityAction::EditTeam)?;
        let mut rest = record.memberships.clone();
        rest.retain(|held| held.id != leaving.id);
        if !is_seen(&record.entity, &rest) {
            return Err(last_one().into());
        }
        tx.delete_membership(leaving.id);
        record_left(tx, leaving);
        rest.retain(|held| held.entity_id == place.entity_id && held.user_id == user.id);
        refresh(tx, &record, &user, &rest).await?;
        Ok(Answer::no_content())
    })
    .await
}

fn last_one() -> Problem {
    Problem::conflict(
        "The entity is restricted and nobody else is on its teams; add somebody else first.",
    )
}
