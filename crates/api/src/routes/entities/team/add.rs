use actix_web::post;
use domain::{
    access::starting::EntityAction,
    entity::{
        Membership,
        team::{joins_as_primary, primary_holder},
    },
    fault::Faults,
    ids::{EntityId, MembershipId, RoleId, UserId},
    role::Role,
    user::{User, UserStatus},
};
use persistence::{StoreError, UniqueRule, UnitOfWork};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::{create::find_role, record::Record},
    record_joined, refresh, step_down,
    view::EntityTeamMemberView,
};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem, query::Path},
};

/// Who joins the team of an entity, in which role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddEntityTeamMember {
    /// An active user.
    #[schema(example = "01979b9f-4c3d-7e11-8a5b-0f6d2c9e4a10")]
    user_id: Uuid,
    /// A role of any kind on the firm's own entity; one that is not of kind `firm` on others.
    #[schema(example = "01979b9f-4c3d-7e11-8a5b-0f6d2c9e4a11")]
    role_id: Uuid,
    /// Whether they take the primary place, from whoever has it. Left out: if nobody holds the role here yet.
    #[schema(nullable = false, example = true)]
    is_primary: Option<bool>,
}

/// Add somebody to the team of an entity.
///
/// The entity's primary lead, managers of its user team and admins may. What the person may execute from then on follows
/// at once.
#[utoipa::path(
    params(("entity_id" = Uuid, Path, description = "The entity.")),
    request_body = AddEntityTeamMember,
    responses((status = 201, description = "Their place on the team.", body = EntityTeamMemberView)),
)]
#[post("/v1/entities/{entity_id}/team")]
#[tracing::instrument(name = "add_entity_team_member", skip_all)]
pub(crate) async fn add_entity_team_member(
    call: Call,
    Path(id): Path<EntityId>,
    Body(body): Body<AddEntityTeamMember>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        // The person first, then the record: whoever changes what a person may execute waits for one another.
        let user = tx.lock_user(UserId(body.user_id)).await?;
        let record = Record::lock(&call, tx, &catalog, id).await?;
        call.replay()?;
        record.require(call.actor(), EntityAction::EditTeam)?;
        let (user, role) = body.check(&record, user)?;
        let joined = body.join(tx, &record, role)?;
        let mut here: Vec<Membership> = record.places_of(user.id).cloned().collect();
        here.push(joined.clone());
        refresh(tx, &record, &user, &here).await?;
        let view = EntityTeamMemberView::new(&joined, &user, role);
        let location = format!("/v1/entities/{id}/team/{}", joined.id);
        Ok(Answer::created(location, &view)?.version(joined.version))
    })
    .await
}

impl AddEntityTeamMember {
    fn check<'r>(
        &self,
        record: &'r Record,
        user: Option<User>,
    ) -> Result<(User, &'r Role), Problem> {
        let role = RoleId(self.role_id);
        if record
            .places_of(UserId(self.user_id))
            .any(|place| place.role_id == role)
        {
            return Err(StoreError::Conflict(UniqueRule::Membership).into());
        }
        let mut faults = Faults::default();
        match user.as_ref().map(|user| user.status) {
            Some(UserStatus::Active) => {}
            Some(UserStatus::Inactive) => {
                faults.add(
                    "/user_id",
                    "inactive-user",
                    "This user is inactive; name another.",
                );
            }
            None => faults.add("/user_id", "unknown-reference", "There is no such user."),
        }
        let role = find_role(role, record.entity.id, &record.catalog, &mut faults);
        match (user, role, faults.is_empty()) {
            (Some(user), Some(role), true) => Ok((user, role)),
            (_, _, _) => Err(Problem::invalid(faults.into_vec())),
        }
    }

    fn join(
        &self,
        tx: &mut UnitOfWork,
        record: &Record,
        role: &Role,
    ) -> Result<Membership, StoreError> {
        let (on, team) = (record.entity.id, &record.memberships);
        let joined = Membership {
            id: MembershipId(tx.ambient().fresh_id()),
            entity_id: on,
            user_id: UserId(self.user_id),
            role_id: role.id,
            role_kind: role.kind,
            is_primary: joins_as_primary(self.is_primary, role.id, on, team),
            created_at: tx.ambient().now(),
            version: 1,
        };
        if joined.is_primary
            && let Some(former) = primary_holder(role.id, on, team)
        {
            step_down(tx, former)?;
        }
        tx.insert_memberships([&joined])?;
        record_joined(tx, &joined);
        Ok(joined)
    }
}
