//! From a bearer token to the caller, before anything else of a request is looked at.

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap},
    middleware::Next,
    web::Data,
};
use persistence::Caller;

use super::token::TokenError;
use crate::{http::problem::Problem, state::AppState};

/// What became of a request's credentials; handlers that need a caller take [`crate::call::Call`].
#[derive(Debug, Clone)]
pub(crate) struct Credentials(pub(crate) Result<Caller, Problem>);

/// Checks the token of a request under `/v1`, if it has one.
pub async fn authenticate(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if req.path().starts_with("/v1/")
        && let Some(state) = req.app_data::<Data<AppState>>().cloned()
    {
        let token = bearer(req.headers()).map(str::to_owned);
        let caller = match token {
            Some(token) => caller(&state, &token).await,
            None => Err(Problem::unauthenticated(
                "Send an access token as `Authorization: Bearer …`.",
            )),
        };
        req.extensions_mut().insert(Credentials(caller));
    }
    next.call(req).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

async fn caller(state: &AppState, token: &str) -> Result<Caller, Problem> {
    let now = state.ambient.now();
    let claims = match state.tokens.verify(token, now) {
        // Another server may have made a key since this one started.
        Err(TokenError::UnknownKey) if state.tokens.may_reload() => {
            state.tokens.reload(&state.store, &state.secrets).await?;
            state.tokens.verify(token, now)
        }
        verified => verified,
    };
    let claims = claims.map_err(|err| Problem::unauthenticated(err.to_string()))?;
    state
        .store
        .caller(claims.firm, claims.sid, now)
        .await?
        .filter(|caller| caller.actor.user_id == claims.sub)
        .ok_or_else(|| Problem::unauthenticated("The session has ended; sign in again."))
}
