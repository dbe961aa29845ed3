use actix_web::{HttpRequest, post, web::Data};
use domain::audit::{Agent, Origin};
use persistence::{Rotation, UnitOfWork, WriteContext};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::TokensView;
use crate::{
    auth::refresh::RefreshToken,
    call::client_address,
    http::{answer::Answer, json::Body, problem::Problem},
    state::AppState,
    telemetry,
};

/// The refresh token to trade.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshSession {
    #[schema(value_type = String, min_length = 1, max_length = 200, example = "bt_rt_…")]
    refresh_token: SecretString,
}

/// Trade a refresh token for new tokens.
///
/// Whoever holds the latest refresh token of a session may, once. An old one ends the session: somebody has a copy.
#[utoipa::path(
    request_body = RefreshSession,
    responses((status = 200, description = "The next tokens of the session.", body = TokensView)),
)]
#[post("/v1/sessions/refresh")]
#[tracing::instrument(name = "refresh_session", skip_all)]
pub(crate) async fn refresh_session(
    state: Data<AppState>,
    req: HttpRequest,
    Body(body): Body<RefreshSession>,
) -> Result<Answer, Problem> {
    let refused = || Problem::unauthenticated("The refresh token does not hold; sign in again.");
    let presented = RefreshToken::parse(body.refresh_token.expose_secret()).ok_or_else(refused)?;
    let next =
        RefreshToken::generate(presented.firm, presented.session).map_err(Problem::internal)?;
    let context = WriteContext {
        firm_id: presented.firm,
        origin: Origin {
            agent: Agent::System,
            on_behalf_of: None,
            request_id: telemetry::id_of(&req),
            address: client_address(&req, &state).map(|address| address.to_string()),
        },
    };
    let tokens = state
        .store
        .write(
            &context,
            async |tx: &mut UnitOfWork| -> Result<Option<TokensView>, Problem> {
                let rotation = tx.rotate_session(presented.session, presented.hash(), next.hash());
                match rotation.await? {
                    // Before the old token is done with: a failure after that would leave its holder with none.
                    Rotation::Rotated(session) => {
                        let (firm, user) = (presented.firm, session.user_id);
                        let issuing = TokensView::issue(&state, firm, user, session.id, &next);
                        issuing.await.map(Some)
                    }
                    Rotation::Reused(session) => {
                        tracing::warn!(session.id = %session.id, "an old refresh token was presented; the session is ended");
                        Ok(None)
                    }
                    Rotation::Ended => Ok(None),
                }
            },
        )
        .await?;
    Answer::ok(&tokens.ok_or_else(refused)?)
}
