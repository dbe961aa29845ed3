use actix_web::{HttpRequest, post};
use domain::{
    access::starting::decide_set_password, event::EventType, fault::Fault, ids::UserId, user::User,
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::happened;
use crate::{
    auth::throttle::TooOften,
    call::{Call, client_address},
    http::{answer::Answer, json::Body, problem::Problem, query::Path},
};

/// The new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUserPassword {
    #[schema(
        value_type = String,
        format = Password,
        min_length = 12,
        max_length = 256,
        example = "correct-horse-battery"
    )]
    password: SecretString,
    /// The present one; asked for when one sets one's own.
    #[schema(
        value_type = Option<String>,
        format = Password,
        min_length = 1,
        max_length = 256,
        example = "staple-battery-horse"
    )]
    current_password: Option<SecretString>,
}

/// Set a user's password.
///
/// The user themselves may, with their present one; admins may, for others. It ends the user's sessions, except the one
/// that asks. Attempts are limited per account and per address.
#[utoipa::path(
    params(("user_id" = Uuid, Path, description = "The user.")),
    request_body = SetUserPassword,
    responses((status = 204, description = "The password is set.")),
)]
#[post("/v1/users/{user_id}/password")]
#[tracing::instrument(name = "set_user_password", skip_all)]
pub(crate) async fn set_user_password(
    call: Call,
    req: HttpRequest,
    Path(id): Path<UserId>,
    Body(body): Body<SetUserPassword>,
) -> Result<Answer, Problem> {
    let user = call.reads().user(id).await?;
    let user = user.ok_or_else(Problem::not_found)?;
    decide_set_password(call.actor(), id).or_denied(true)?;
    let own = id == call.actor().user_id;
    if own {
        confirm(&call, &req, &user, body.current_password).await?;
    }
    // Before the transaction, which must not wait for so slow a thing.
    let hash = call.state().passwords.hash(body.password).await?;
    call.write(async |tx| {
        let before = tx.lock_user(id).await?.ok_or_else(Problem::not_found)?;
        if before.version != user.version {
            let detail = "The user has changed meanwhile; try again.";
            return Err(Problem::conflict(detail).into());
        }
        let mut after = before.clone();
        after.version += 1;
        tx.update_user_and_password(&after, hash.clone())?;
        if own {
            tx.revoke_other_sessions(id, call.session_id());
        } else {
            tx.revoke_sessions(id);
        }
        tx.record(happened(
            EventType::UserPasswordChanged,
            Some(&before),
            &after,
        ));
        Ok(Answer::no_content())
    })
    .await
}

/// Whoever has got hold of a session still has to know the present password; guesses count as attempts to sign in.
async fn confirm(
    call: &Call,
    req: &HttpRequest,
    user: &User,
    current: Option<SecretString>,
) -> Result<(), Problem> {
    let refused = |code: &str, detail: &str| vec![Fault::new("/current_password", code, detail)];
    let current =
        current.ok_or_else(|| refused("required", "Your present password is required."))?;
    let state = call.state();
    let catalog = call.catalog().await?;
    state
        .throttle
        .attempt(&catalog.firm.slug, &user.email, client_address(req, state))
        .map_err(|TooOften(seconds)| Problem::throttled(seconds))?;
    let stored = call.reads().credentials(&user.email).await?;
    let hash = stored.and_then(|stored| stored.password_hash);
    if state.passwords.verify(current, hash).await? {
        Ok(())
    } else {
        Err(refused("wrong-password", "This is not your present password.").into())
    }
}
