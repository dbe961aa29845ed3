use actix_web::{HttpRequest, http::header, post, web::Data};
use domain::{
    audit::{Agent, Origin},
    ids::{FirmId, SessionId},
    user::{User, UserStatus},
};
use persistence::{NewSession, UnitOfWork, WriteContext};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::TokensView;
use crate::{
    auth::{refresh::RefreshToken, throttle::TooOften},
    call::client_address,
    http::{answer::Answer, json::Body, problem::Problem},
    state::AppState,
    telemetry,
};

/// Who signs in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSession {
    /// The firm's slug.
    #[schema(min_length = 1, max_length = 63, example = "northwind")]
    firm: String,
    #[schema(min_length = 1, max_length = 320, example = "maya@northwind.example")]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 1, max_length = 256, example = "correct-horse-battery")]
    password: SecretString,
}

/// Sign in.
///
/// Anyone with an account may. Attempts are limited per account and per address.
#[utoipa::path(
    request_body = CreateSession,
    responses((status = 201, description = "The tokens of the new session.", body = TokensView)),
)]
#[post("/v1/sessions")]
#[tracing::instrument(name = "create_session", skip_all)]
pub(crate) async fn create_session(
    state: Data<AppState>,
    req: HttpRequest,
    Body(body): Body<CreateSession>,
) -> Result<Answer, Problem> {
    let address = client_address(&req, &state);
    state
        .throttle
        .attempt(&body.firm, &body.email, address)
        .map_err(|TooOften(seconds)| Problem::throttled(seconds))?;
    let (firm, user) = sign_in(&state, body).await?;

    let session = SessionId(state.ambient.fresh_id());
    let refresh = RefreshToken::generate(firm, session).map_err(Problem::internal)?;
    let tokens = TokensView::issue(&state, firm, user.id, session, &refresh).await?;
    let now = state.ambient.now();
    let agent = req.headers().get(header::USER_AGENT);
    let new = NewSession {
        id: session,
        user_id: user.id,
        refresh_hash: refresh.hash(),
        created_at: now,
        expires_at: now + state.config.session_lifetime,
        user_agent: agent
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(200).collect()),
        address: address.map(|address| address.to_string()),
    };
    let context = WriteContext {
        firm_id: firm,
        origin: Origin {
            agent: Agent::User { id: user.id },
            on_behalf_of: None,
            request_id: telemetry::id_of(&req),
            address: new.address.clone(),
        },
    };
    state
        .store
        .write(
            &context,
            async |tx: &mut UnitOfWork| -> Result<(), Problem> {
                tx.create_session(new.clone());
                Ok(())
            },
        )
        .await?;
    Answer::created(format!("/v1/sessions/{session}"), &tokens)
}

/// The active user behind the credentials. Every refusal costs the same work and says the same.
async fn sign_in(state: &AppState, body: CreateSession) -> Result<(FirmId, User), Problem> {
    let firm = state.store.firm_by_slug(&body.firm).await?;
    let found = match firm {
        Some(firm) => {
            let email = body.email.trim().to_lowercase();
            state.store.reads(firm).credentials(&email).await?
        }
        None => None,
    };
    let active = found.filter(|found| found.user.status == UserStatus::Active);
    let (user, stored) = match active {
        Some(found) => (Some(found.user), found.password_hash),
        None => (None, None),
    };
    let right = state.passwords.verify(body.password, stored).await?;
    match (firm, user) {
        (Some(firm), Some(user)) if right => Ok((firm, user)),
        _ => Err(Problem::unauthenticated(
            "Firm, e-mail address and password do not belong together.",
        )),
    }
}
