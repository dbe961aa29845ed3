use actix_web::post;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::EventType,
    fault::Fault,
    ids::UserId,
    user::{PermissionLevel, User, UserStatus},
};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::ValidateEmail as _;

use super::{happened, view::UserView};
use crate::{
    call::Call,
    http::{answer::Answer, json::Body, problem::Problem},
};

/// Who joins the firm's Baton.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateUser {
    /// Unique in the firm, whatever its case; used to sign in.
    #[schema(
        format = "email",
        min_length = 3,
        max_length = 254,
        example = "maya@northwind.example"
    )]
    email: String,
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        example = "Maya Okafor"
    )]
    full_name: String,
    permission_level: PermissionLevel,
    /// Without one they cannot sign in until it is set.
    #[schema(
        value_type = Option<String>,
        format = Password,
        min_length = 12,
        max_length = 256,
        example = "correct-horse-battery"
    )]
    password: Option<SecretString>,
}

/// Add a user.
///
/// Admins may.
#[utoipa::path(
    request_body = CreateUser,
    responses((status = 201, description = "The user.", body = UserView)),
)]
#[post("/v1/users")]
#[tracing::instrument(name = "create_user", skip_all)]
pub(crate) async fn create_user(
    call: Call,
    Body(body): Body<CreateUser>,
) -> Result<Answer, Problem> {
    let decision = decide_firm_action(FirmAction::Administer, call.actor());
    // Before the transaction, which must not wait for so slow a thing.
    let password_hash = match body.password.clone().filter(|_| decision.allowed) {
        Some(password) => Some(call.state().passwords.hash(password).await?),
        None => None,
    };
    call.write(async |tx| {
        call.replay()?;
        decision.clone().or_denied(true)?;
        let user = User {
            id: UserId(tx.ambient().fresh_id()),
            email: address(&body.email)?,
            full_name: body.full_name.trim().to_owned(),
            permission_level: body.permission_level,
            status: UserStatus::Active,
            created_at: tx.ambient().now(),
            version: 1,
        };
        tx.insert_user(&user, password_hash.clone())?;
        tx.record(happened(EventType::UserCreated, None, &user));
        let location = format!("/v1/users/{}", user.id);
        Ok(Answer::created(location, &UserView::new(user))?.version(1))
    })
    .await
}

/// The address in the form in which it is stored.
fn address(given: &str) -> Result<String, Vec<Fault>> {
    let address = given.trim().to_lowercase();
    if address.validate_email() {
        Ok(address)
    } else {
        let detail = "Must be an e-mail address.";
        Err(vec![Fault::new("/email", "bad-format", detail)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_stored_in_lower_case() {
        assert_eq!(
            address(" Maya.Okafor+work@Northwind.Example ").unwrap(),
            "maya.okafor+work@northwind.example"
        );
    }

    #[test]
    fn what_is_no_address_is_refused_at_its_place() {
        for bad in [
            "maya",
            "maya@",
            "@northwind.example",
            "ma ya@northwind.example",
            "a@b@c",
        ] {
            let faults = address(bad).unwrap_err();
            assert_eq!(faults[0].pointer, "/email", "{bad}");
        }
    }
}
