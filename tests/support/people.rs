//! The people of a test: made and signed in without the price of hashing a password for each.

use api::{
    auth::{password::Passwords, refresh::RefreshToken},
    founding::{self, NewFirm},
    state::AppState,
};
use domain::{
    event::{EventType, Occurrence, SubjectType},
    ids::{FirmId, SessionId, UserId},
    user::{PermissionLevel, User, UserStatus},
};
use persistence::{NewSession, StoreError, UnitOfWork, WriteContext};
use serde_json::json;
use tokio::sync::OnceCell;

use crate::{Client, TestApp};

/// The slug of the firm of every test.
pub const FIRM: &str = "northwind";
/// Its admin.
pub const ADMIN_EMAIL: &str = "admin@northwind.example";
/// Everybody's password.
pub const PASSWORD: &str = "correct-horse-battery";

async fn password_hash() -> String {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH.get_or_init(|| async {
        let passwords = Passwords::new(1).expect("password hashing");
        let hash = passwords.hash(PASSWORD.into()).await;
        hash.expect("a hash")
    });
    hash.await.clone()
}

/// Makes a firm as the command line does, and signs its admin in.
pub(crate) async fn found(state: &AppState, stranger: &Client, slug: &str) -> (FirmId, Client) {
    let new = NewFirm {
        slug: slug.to_owned(),
        name: format!("{} Wealth", capitalised(slug)),
        time_zone: chrono_tz::America::New_York,
        admin_email: format!("admin@{slug}.example"),
        admin_name: "Ada Admin".to_owned(),
        admin_password_hash: password_hash().await,
        roles: founding::standard_roles(&*state.ambient),
    };
    let (firm, admin) = founding::found(&state.store, &*state.ambient, &new)
        .await
        .expect("a firm");
    let context = WriteContext::by_system(firm.id);
    let token = state
        .store
        .write(&context, async |tx: &mut UnitOfWork| {
            Ok::<_, StoreError>(begin_session(state, tx, admin.id))
        })
        .await
        .expect("a session");
    (firm.id, stranger.signed_in(admin.id, token))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Begins a session and makes the token of it.
fn begin_session(state: &AppState, tx: &mut UnitOfWork, user_id: UserId) -> String {
    let now = state.ambient.now();
    let id = SessionId(state.ambient.fresh_id());
    let firm = tx.firm_id();
    let refresh = RefreshToken::generate(firm, id).expect("a refresh token");
    tx.create_session(NewSession {
        id,
        user_id,
        refresh_hash: refresh.hash(),
        created_at: now,
        expires_at: now + state.config.session_lifetime,
        user_agent: None,
        address: None,
    });
    let jti = state.ambient.fresh_id();
    let token = state.tokens.issue(firm, user_id, id, jti, now);
    token.expect("an access token")
}

impl TestApp {
    /// Another firm on the same server; its admin.
    pub async fn other_firm(&self, slug: &str) -> Client {
        found(&self.state, &self.stranger(), slug).await.1
    }

    /// A colleague at this level, signed in: `Maya Okafor` has the address `maya.okafor@northwind.example`.
    pub async fn user(&self, full_name: &str, level: PermissionLevel) -> Client {
        self.user_with(full_name, level, UserStatus::Active).await
    }

    /// A colleague with this status.
    pub async fn user_with(
        &self,
        full_name: &str,
        permission_level: PermissionLevel,
        status: UserStatus,
    ) -> Client {
        let user = User {
            id: UserId(self.state.ambient.fresh_id()),
            email: email_of(full_name),
            full_name: full_name.to_owned(),
            permission_level,
            status,
            created_at: self.state.ambient.now(),
            version: 1,
        };
        let hash = password_hash().await;
        let context = WriteContext::by_system(self.firm);
        let token = self
            .state
            .store
            .write(&context, async |tx: &mut UnitOfWork| {
                tx.insert_user(&user, Some(hash.clone()))?;
                tx.record(Occurrence {
                    event: EventType::UserCreated,
                    subject_type: SubjectType::User,
                    subject_id: user.id.0,
                    entity_id: None,
                    before: None,
                    after: serde_json::to_value(&user).ok(),
                });
                Ok::<_, StoreError>(begin_session(&self.state, tx, user.id))
            })
            .await
            .expect("a user");
        self.stranger().signed_in(user.id, token)
    }

    /// Signs somebody of the firm in, over the API.
    pub async fn sign_in(&self, email: &str) -> Client {
        let body = json!({ "firm": FIRM, "email": email, "password": PASSWORD });
        let tokens = self.stranger().post("/v1/sessions", body).await.ok(201);
        let token = tokens["access_token"].as_str().expect("a token").to_owned();
        let client = self.stranger().with_token(token);
        let me = client.get("/v1/me").await.ok(200);
        let id = me["user"]["id"].as_str().and_then(|id| id.parse().ok());
        client.of_user(UserId(id.expect("an id")))
    }
}

fn email_of(full_name: &str) -> String {
    format!(
        "{}@{FIRM}.example",
        full_name.to_lowercase().replace(' ', ".")
    )
}
