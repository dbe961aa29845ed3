use chrono::TimeDelta;
use domain::user::{PermissionLevel, UserStatus};
use serde_json::json;
use tests::{ADMIN_EMAIL, FIRM, PASSWORD, TestApp, on_both};

use super::{sign_in, text};

on_both! {
    async fn signing_in_gives_tokens_that_hold(app: TestApp) {
        let tokens = sign_in(&app).await;
        assert_eq!(tokens["token_type"], "Bearer");
        assert_eq!(tokens["expires_in"], 900);
        assert!(text(&tokens, "refresh_token").starts_with("bt_rt_"));
        assert!(tokens.header("location").unwrap().starts_with("/v1/sessions/"));
        assert_eq!(tokens.header("cache-control"), Some("no-store"));

        let client = app.stranger().with_token(text(&tokens, "access_token"));
        let me = client.get("/v1/me").await.ok(200);
        let expected = json!({
            "user": {
                "id": app.admin().id().to_string(),
                "email": ADMIN_EMAIL,
                "full_name": "Ada Admin",
                "permission_level": "admin",
            },
            "firm": {
                "id": app.firm.to_string(),
                "slug": FIRM,
                "name": "Northwind Wealth",
                "time_zone": "America/New_York",
            },
        });
        assert_eq!(me.body, expected);
    }

    async fn an_address_may_be_written_in_capitals(app: TestApp) {
        app.user("Maya Okafor", PermissionLevel::Member).await;
        let maya = app.sign_in("Maya.OKAFOR@northwind.example").await;
        let me = maya.get("/v1/me").await.ok(200);
        assert_eq!(me["user"]["full_name"], "Maya Okafor");
    }

    /// X13
    async fn every_wrong_log_in_is_refused_in_the_same_words(app: TestApp) {
        app.user_with("Left Long Ago", PermissionLevel::Member, UserStatus::Inactive).await;
        app.other_firm("southwind").await;
        let wrong = [
            (FIRM, ADMIN_EMAIL, "wrong-horse-battery"),
            (FIRM, "nobody@northwind.example", PASSWORD),
            ("nowhere", ADMIN_EMAIL, PASSWORD),
            ("southwind", ADMIN_EMAIL, PASSWORD),
            (FIRM, "left.long.ago@northwind.example", PASSWORD),
        ];
        let mut details = Vec::new();
        for (firm, email, password) in wrong {
            let body = json!({ "firm": firm, "email": email, "password": password });
            let refused = app.stranger().post("/v1/sessions", body).await;
            let refused = refused.problem(401, "unauthenticated");
            details.push(text(&refused, "detail").to_owned());
        }
        details.dedup();
        assert_eq!(details.len(), 1, "{details:?}");
    }

    /// X13
    async fn who_has_left_is_refused_with_a_token_that_was_good(app: TestApp) {
        let left = app.user_with("Left Today", PermissionLevel::Member, UserStatus::Inactive).await;
        let _ = left.get("/v1/me").await.problem(401, "unauthenticated");
    }

    #[set(rate_limits = "on")]
    async fn guessing_has_to_wait(app: TestApp) {
        let guess = async |email: &str| {
            let body = json!({ "firm": FIRM, "email": email, "password": "a-guess" });
            app.stranger().post("/v1/sessions", body).await
        };
        for _ in 0..10 {
            let _ = guess(ADMIN_EMAIL).await.problem(401, "unauthenticated");
        }
        let refused = guess(ADMIN_EMAIL).await.problem(429, "too-many-requests");
        let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=30).contains(&seconds), "{seconds}");
        let _ = guess("somebody.else@northwind.example").await.problem(401, "unauthenticated");
    }

    async fn a_session_ends_with_its_time(app: TestApp) {
        let tokens = sign_in(&app).await;
        app.clock.advance(TimeDelta::days(14));
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        let refused = app.stranger().post("/v1/sessions/refresh", body).await;
        let _ = refused.problem(401, "unauthenticated");
    }
}
