use actix_web::patch;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    ids::UserId,
    process::world::Catalog,
    user::{PermissionLevel, User, UserChange, UserStatus},
};
use persistence::{StoreError, UnitOfWork};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{happened, view::UserView};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem, query::Path},
    routes::covers::end_all_of,
    work::refresh_user,
};

/// What is to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateUser {
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Maya Okafor"
    )]
    full_name: Option<String>,
    #[schema(nullable = false)]
    permission_level: Option<PermissionLevel>,
    /// The inactive cannot sign in, and may execute nothing.
    #[schema(nullable = false)]
    status: Option<UserStatus>,
}

impl From<UpdateUser> for UserChange {
    fn from(body: UpdateUser) -> Self {
        Self {
            full_name: body.full_name.map(|name| name.trim().to_owned()),
            permission_level: body.permission_level,
            status: body.status,
        }
    }
}

/// Change a user.
///
/// Admins may. The last active admin stays one. Whoever becomes inactive is signed out everywhere, and nobody covers for them
/// any longer; what they own stays theirs until it is handed over.
#[utoipa::path(
    params(("user_id" = Uuid, Path, description = "The user."), IfMatch),
    request_body = UpdateUser,
    responses((status = 200, description = "The user as they are now.", body = UserView)),
)]
#[patch("/v1/users/{user_id}")]
#[tracing::instrument(name = "update_user", skip_all)]
pub(crate) async fn update_user(
    call: Call,
    if_match: IfMatch,
    Path(id): Path<UserId>,
    Body(body): Body<UpdateUser>,
) -> Result<Answer, Problem> {
    let change = UserChange::from(body);
    let catalog = call.catalog().await?;
    call.write(async |tx| {
        let admins = if change.may_end_an_admin() {
            tx.lock_active_admins().await?
        } else {
            Vec::new()
        };
        let before = tx.lock_user(id).await?.ok_or_else(Problem::not_found)?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        let after = before.changed(change.clone(), &admins)?;
        if after != before {
            tx.update_user(&after)?;
            tx.record(happened(EventType::UserUpdated, Some(&before), &after));
            follow(tx, &catalog, &before, &after).await?;
        }
        let version = after.version;
        Ok(Answer::ok(&UserView::new(after))?.version(version))
    })
    .await
}

/// What a new status or level means for the person's sessions, and for what they may execute (X13).
async fn follow(
    tx: &mut UnitOfWork,
    catalog: &Catalog,
    before: &User,
    after: &User,
) -> Result<(), StoreError> {
    if after.status == UserStatus::Inactive {
        tx.revoke_sessions(after.id);
    }
    match (before.may_execute(), after.may_execute()) {
        (true, false) => {
            end_all_of(tx, catalog, after).await?;
            tx.delete_executors_of_user(after.id);
        }
        (false, true) => refresh_user(tx, catalog, after).await?,
        (true, true) | (false, false) => {}
    }
    Ok(())
}
