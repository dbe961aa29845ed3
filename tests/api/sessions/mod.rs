//! Signing in, staying signed in, signing out.

mod create;
mod delete;
mod jwks;
mod list;
mod refresh;

use serde_json::json;
use tests::{ADMIN_EMAIL, FIRM, PASSWORD, Reply, TestApp};

/// Signs the admin in; the tokens.
async fn sign_in(app: &TestApp) -> Reply {
    let body = json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
    app.stranger().post("/v1/sessions", body).await.ok(201)
}

fn text<'r>(reply: &'r Reply, member: &str) -> &'r str {
    reply[member].as_str().unwrap()
}
