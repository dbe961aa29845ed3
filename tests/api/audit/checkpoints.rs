use chrono::TimeDelta;
use domain::user::PermissionLevel;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use tests::{TestApp, on_both};

use super::{admin, last, make_teams};

on_both! {
    /// E19: the clock stands at ten in the morning in New York, where the firm's days are counted.
    #[set(access_token_lifetime = "864000")]
    async fn the_trail_is_signed_once_a_day_of_the_firm(app: TestApp) {
        let admin = app.admin();
        assert_eq!(app.notarise().await, 1);
        assert_eq!(app.notarise().await, 0);
        make_teams(&admin, &["East"]).await;
        // Five in the evening, eleven, and midnight.
        app.clock.advance(TimeDelta::hours(7));
        assert_eq!(app.notarise().await, 0);
        app.clock.advance(TimeDelta::hours(7) - TimeDelta::microseconds(1));
        assert_eq!(app.notarise().await, 0);
        app.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(app.notarise().await, 1);

        let page = admin.get("/v1/audit/checkpoints").await.ok(200);
        let days: Vec<&str> = page["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|checkpoint| checkpoint["day"].as_str().unwrap())
            .collect();
        assert_eq!(days, ["2030-03-05", "2030-03-04"]);
        assert_eq!(page["data"][0]["sequence"], last(&admin).await);

        let first = admin.get("/v1/audit/checkpoints?limit=1").await.ok(200);
        let cursor = first["page"]["next_cursor"].as_str().unwrap();
        let path = format!("/v1/audit/checkpoints?limit=1&cursor={cursor}");
        let second = admin.get(&path).await.ok(200);
        assert_eq!(second["data"][0], page["data"][1]);
        assert_eq!(second["page"]["has_more"], false);
    }

    /// E19
    async fn two_notaries_at_once_make_one_checkpoint(app: TestApp) {
        let (one, other) = (app.notary(), app.notary());
        let (one, other) = tokio::join!(one.attend(), other.attend());
        assert_eq!(one.unwrap() + other.unwrap(), 1);
        let page = app.admin().get("/v1/audit/checkpoints").await.ok(200);
        assert_eq!(page["data"].as_array().unwrap().len(), 1);
    }

    /// E19
    async fn others_can_check_a_checkpoint_with_the_published_key(app: TestApp) {
        app.notarise().await;
        let page = app.admin().get("/v1/audit/checkpoints").await.ok(200);
        let checkpoint = &page["data"][0];
        let jwks = app.stranger().get("/.well-known/jwks.json").await.ok(200);
        assert_eq!(jwks["keys"][0]["kid"], checkpoint["kid"]);
        let key = DecodingKey::from_ed_components(jwks["keys"][0]["x"].as_str().unwrap()).unwrap();
        let signature = checkpoint["signature"].as_str().unwrap();
        let statement = checkpoint["statement"].as_str().unwrap();
        let holds = |text: &str| {
            crypto::verify(signature, text.as_bytes(), &key, Algorithm::EdDSA).unwrap()
        };
        assert!(holds(statement));
        assert!(!holds(&statement.replace("2030", "2031")));
        let said: serde_json::Value = serde_json::from_str(statement).unwrap();
        assert_eq!(said["hash"], checkpoint["hash"]);
        assert_eq!(said["firm_id"], app.firm.to_string());
    }

    /// X20
    async fn checkpoints_are_for_admins_and_auditors(app: TestApp) {
        for (level, status) in [
            (PermissionLevel::Auditor, 200),
            (PermissionLevel::Manager, 403),
            (PermissionLevel::Designer, 403),
            (PermissionLevel::Member, 403),
        ] {
            let who = app.user(&format!("{level:?} Person"), level).await;
            for path in ["/v1/audit/checkpoints", "/v1/audit/verify"] {
                let reply = who.get(path).await;
                assert_eq!(reply.status, status, "{level:?}: {}", reply.text);
            }
        }
        assert_eq!(admin(&app).await.get("/v1/audit/checkpoints").await.status, 200);
    }
}
