//! From a bearer token to the caller, before anything else of a request is looked at. An operation that the document
//! does not call public cannot be reached without one.

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap},
    middleware::Next,
    web::Data,
};
use persistence::Caller;

use super::token::{Claims, TokenError};
use crate::{
    call::client_address,
    http::{problem::Problem, query, unrouted},
    state::AppState,
    telemetry,
};

/// The caller of a request, left with it for [`crate::call::Call`].
#[derive(Debug, Clone)]
pub(crate) struct Authenticated(pub(crate) Caller);

/// Looks at what every operation has in common, before its handler runs: the token, then the query.
pub async fn admit(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let Some(state) = req.app_data::<Data<AppState>>().cloned() else {
        return next.call(req).await;
    };
    let (method, path) = (req.method().as_str(), req.match_info().as_str());
    let address = client_address(req.request(), &state);
    let Some(operation) = state.spec.operation(method, path) else {
        state.rates.count_address(&req, address)?;
        // The router would take the name of a sub-resource for an id where only the method tells them apart.
        return match unrouted::refused(&state.spec, method, path) {
            Some(problem) => Err(problem.into()),
            None => next.call(req).await,
        };
    };
    if operation.public {
        state.rates.count_address(&req, address)?;
    } else {
        let claims = match claims(&state, req.headers()).await {
            Ok(claims) => claims,
            Err(refusal) => {
                state.rates.count_address(&req, address)?;
                return Err(refusal.into());
            }
        };
        // Before the database is asked: too many requests shall not cost it anything.
        state.rates.count_user(&req, claims.firm, claims.sub)?;
        let caller = caller(&state, &claims).await?;
        telemetry::note_caller(caller.actor.firm_id, caller.actor.user_id);
        req.extensions_mut().insert(Authenticated(caller));
    }
    query::check(&state.spec, operation, req.query_string())?;
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

/// What a token says whose signature holds.
async fn claims(state: &AppState, headers: &HeaderMap) -> Result<Arc<Claims>, Problem> {
    let token = bearer(headers).ok_or_else(|| {
        Problem::unauthenticated("Send an access token as `Authorization: Bearer …`.")
    })?;
    let now = state.ambient.now();
    let claims = match state.tokens.verify(token, now) {
        // Another server may have made a key since this one started.
        Err(TokenError::UnknownKey) if state.tokens.may_reload() => {
            state.tokens.reload(&state.store, &state.secrets).await?;
            state.tokens.verify(token, now)
        }
        verified => verified,
    };
    claims.map_err(|err| Problem::unauthenticated(err.to_string()))
}

/// The caller, whose session has not ended.
async fn caller(state: &AppState, claims: &Claims) -> Result<Caller, Problem> {
    state
        .store
        .caller(claims.firm, claims.sid, state.ambient.now())
        .await?
        .filter(|caller| caller.actor.user_id == claims.sub)
        .ok_or_else(|| Problem::unauthenticated("The session has ended; sign in again."))
}
