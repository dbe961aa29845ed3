use api::auth::keys::KeyRing;
use chrono::TimeDelta;
use jsonwebtoken::decode_header;
use tests::{Client, TestApp, on_both};

use super::admin;

fn kid(client: &Client) -> String {
    decode_header(client.token()).unwrap().kid.unwrap()
}

/// The names of the published keys, the newest first.
async fn published(app: &TestApp) -> Vec<String> {
    let jwks = app.stranger().get("/.well-known/jwks.json").await.ok(200);
    let keys = jwks["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    async fn a_key_signs_for_ninety_days_and_its_tokens_hold_to_their_end(app: TestApp) {
        app.clock.advance(TimeDelta::days(90) - TimeDelta::microseconds(1));
        app.notarise().await;
        let early = admin(&app).await;
        assert_eq!(published(&app).await, [kid(&early)]);
        app.clock.advance(TimeDelta::microseconds(1));
        app.notarise().await;
        let late = admin(&app).await;
        assert_ne!(kid(&late), kid(&early));
        assert_eq!(published(&app).await, [kid(&late), kid(&early)]);
        early.get("/v1/me").await.ok(200);
        late.get("/v1/me").await.ok(200);

        app.clock.advance(TimeDelta::minutes(14));
        early.get("/v1/me").await.ok(200);
        app.clock.advance(TimeDelta::minutes(4));
        assert_eq!(published(&app).await, [kid(&late)]);
        // What it has signed stays proven.
        let verdict = admin(&app).await.get("/v1/audit/verify").await.ok(200);
        assert_eq!(verdict["valid"], true, "{}", verdict.text);
        assert_eq!(verdict["checkpoints"], 1);
    }

    #[set(signing_key_days = "1")]
    async fn servers_that_want_the_next_key_at_once_make_one(app: TestApp) {
        app.clock.advance(TimeDelta::days(1));
        let (one, other) = (app.notary(), app.notary());
        let (one, other) = tokio::join!(one.attend(), other.attend());
        assert!(one.is_ok() && other.is_ok());
        assert_eq!(published(&app).await.len(), 2);
    }

    async fn a_revoked_key_opens_nothing_from_then_on(app: TestApp) {
        app.notarise().await;
        let before = admin(&app).await;
        before.get("/v1/me").await.ok(200);
        let now = app.state.ambient.now();
        let new = KeyRing::replace(&app.state.store, &app.state.secrets, now).await.unwrap();
        // Although its signature is still remembered, and this server has not looked at the keys since.
        let _ = before.get("/v1/me").await.problem(401, "unauthenticated");
        assert_eq!(published(&app).await, std::slice::from_ref(&new));
        let after = admin(&app).await;
        assert_eq!(kid(&after), new);
        // Checkpoints that it had signed before count.
        let verdict = after.get("/v1/audit/verify").await.ok(200);
        assert_eq!((&verdict["valid"], &verdict["checkpoints"]), (&true.into(), &1.into()));
    }
}

/// Only PostgreSQL is shared by servers.
#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn a_token_of_a_key_that_another_server_has_just_made_is_accepted() {
    tests::run(tests::Database::Postgres, &[], |app| async move {
        let beside = app.beside().await;
        app.clock.advance(TimeDelta::days(90));
        app.notarise().await;
        let made_there = admin(&app).await;
        let known = beside.state.tokens.keys();
        assert!(known.public(&kid(&made_there)).is_none());
        made_there.at(beside.address).get("/v1/me").await.ok(200);
        // And the other way round: both sign with the same key.
        assert_eq!(kid(&admin(&beside).await), kid(&made_there));
    });
}
