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

use super::token::{TokenError, Verified};
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
        let verified = match verified(&state, req.headers()).await {
            Ok(verified) => verified,
            Err(refusal) => {
                state.rates.count_address(&req, address)?;
                return Err(refusal.into());
            }
        };
        // Before the database is asked: too many requests shall not cost it anything.
        let (firm, user) = (verified.claims.firm, verified.claims.sub);
        state.rates.count_user(&req, firm, user)?;
        let caller = caller(&state, &verified).await?;
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
async fn verified(state: &AppState, headers: &HeaderMap) -> Result<Arc<Verified>, Problem> {
    let token = bearer(headers).ok_or_else(|| {
        Problem::unauthenticated("Send an access token as `Authorization: Bearer …`.")
    })?;
    let now = state.ambient.now();
    let verified = match state.tokens.verify(token, now) {
        // Another server may have made a key since this one looked.
        Err(TokenError::UnknownKey) => {
            let looking = state.tokens.look_up(token, &state.store, &state.secrets);
            looking.await?;
            state.tokens.verify(token, now)
        }
        verified => verified,
    };
    verified.map_err(|err| Problem::unauthenticated(err.to_string()))
}

/// The caller, whose session has not ended and whose token's key was not revoked.
async fn caller(state: &AppState, verified: &Verified) -> Result<Caller, Problem> {
    let claims = &verified.claims;
    state
        .store
        .caller(
            claims.firm,
            claims.sid,
            &verified.key_id,
            state.ambient.now(),
        )
        .await?
        .filter(|caller| caller.actor.user_id == claims.sub)
        .ok_or_else(|| {
            Problem::unauthenticated(
                "The session has ended, or the key of the token was revoked: refresh the session, or sign in again.",
            )
        })
}
