use actix_web::{HttpResponse, get, http::header, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{auth::keys::JsonWebKey, http::problem::Problem, state::AppState};

/// The public keys of access tokens (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JsonWebKeySet {
    keys: Vec<JsonWebKey>,
}

/// Read the keys that access tokens are signed with.
///
/// Anyone may: other services check tokens with them. A key stays until every token that it has signed has expired; one that
/// was revoked is not there.
#[utoipa::path(responses((status = 200, description = "The keys.", body = JsonWebKeySet)))]
#[get("/.well-known/jwks.json")]
#[tracing::instrument(name = "get_jwks", skip_all)]
pub(crate) async fn get_jwks(state: Data<AppState>) -> Result<HttpResponse, Problem> {
    state.tokens.refresh(&state.store, &state.secrets).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(JsonWebKeySet {
            keys: state.tokens.published(state.ambient.now()),
        }))
}
