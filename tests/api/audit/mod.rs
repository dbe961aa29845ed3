//! The trail: signed once a day, and whatever is done to it behind the server's back is found.

mod checkpoints;
mod keys;
mod verify;

use serde_json::{Value, json};
use tests::{ADMIN_EMAIL, Client, TestApp};

/// Lets this many teams be made, an entry each.
async fn make_teams(admin: &Client, names: &[&str]) {
    for name in names {
        admin
            .post("/v1/teams", json!({ "name": name }))
            .await
            .ok(201);
    }
}

/// The admin, signed in now.
async fn admin(app: &TestApp) -> Client {
    app.sign_in(ADMIN_EMAIL).await
}

/// The number of the last entry.
async fn last(admin: &Client) -> i64 {
    let page = admin.get("/v1/audit?sort=-sequence&limit=1").await.ok(200);
    page["data"][0]["sequence"].as_i64().unwrap()
}

/// What is wrong with the trail: where, and the word for it.
async fn fault(admin: &Client) -> (i64, Value) {
    let verdict = admin.get("/v1/audit/verify").await.ok(200);
    (
        verdict["sequence"].as_i64().unwrap(),
        verdict["fault"]["code"].clone(),
    )
}
