use chrono::{DateTime, Utc};
use domain::ids::{FirmId, SessionId, UserId};
use persistence::Session;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{auth::refresh::RefreshToken, http::problem::Problem, state::AppState};

/// The tokens of a session.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokensView {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(example = 900)]
    expires_in: u64,
    /// Trade it once for new tokens.
    #[schema(example = "bt_rt_…")]
    refresh_token: String,
}

impl TokensView {
    /// A fresh access token beside a refresh token.
    pub(super) async fn issue(
        state: &AppState,
        firm: FirmId,
        user: UserId,
        session: SessionId,
        refresh: &RefreshToken,
    ) -> Result<Self, Problem> {
        // With a key that was revoked a moment ago nothing is signed any more.
        state.tokens.refresh(&state.store, &state.secrets).await?;
        let jti = state.ambient.fresh_id();
        let access_token = state
            .tokens
            .issue(firm, user, session, jti, state.ambient.now())
            .map_err(Problem::internal)?;
        Ok(Self {
            access_token,
            token_type: "Bearer",
            expires_in: state.tokens.lifetime().as_secs(),
            refresh_token: refresh.to_text(),
        })
    }
}

/// One sign-in of the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    id: Uuid,
    /// Whether this request belongs to it.
    current: bool,
    created_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    last_used_at: DateTime<Utc>,
    /// When it ends unless it is renewed before.
    expires_at: DateTime<Utc>,
    /// The program that signed in, as it calls itself.
    user_agent: Option<String>,
    /// From where.
    address: Option<String>,
}

impl SessionView {
    /// As the user of one of their sessions sees it.
    pub(super) fn new(session: Session, current: SessionId) -> Self {
        Self {
            id: session.id.0,
            current: session.id == current,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            user_agent: session.user_agent,
            address: session.address,
        }
    }
}
