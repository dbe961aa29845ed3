use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Reply, TestApp, on_both};

use super::{sign_in, text};

async fn refresh(app: &TestApp, token: &Value) -> Reply {
    let body = json!({ "refresh_token": token });
    app.stranger().post("/v1/sessions/refresh", body).await
}

on_both! {
    async fn a_refresh_token_is_traded_for_the_next(app: TestApp) {
        let first = sign_in(&app).await;
        app.clock.advance(TimeDelta::hours(1));
        let expired = app.stranger().with_token(text(&first, "access_token"));
        let _ = expired.get("/v1/me").await.problem(401, "unauthenticated");

        let second = refresh(&app, &first["refresh_token"]).await.ok(200);
        assert_ne!(second["refresh_token"], first["refresh_token"]);
        let client = app.stranger().with_token(text(&second, "access_token"));
        client.get("/v1/me").await.ok(200);
        refresh(&app, &second["refresh_token"]).await.ok(200);
    }

    async fn an_old_refresh_token_ends_the_session_for_the_thief_and_the_owner(app: TestApp) {
        let first = sign_in(&app).await;
        let second = refresh(&app, &first["refresh_token"]).await.ok(200);
        let client = app.stranger().with_token(text(&second, "access_token"));
        client.get("/v1/me").await.ok(200);

        let _ = refresh(&app, &first["refresh_token"]).await.problem(401, "unauthenticated");
        let _ = refresh(&app, &second["refresh_token"]).await.problem(401, "unauthenticated");
        let _ = client.get("/v1/me").await.problem(401, "unauthenticated");
        // The person's other sessions go on.
        app.admin().get("/v1/me").await.ok(200);
    }

    async fn of_two_that_trade_the_same_token_at_once_one_at_most_succeeds(app: TestApp) {
        let first = sign_in(&app).await;
        let token = &first["refresh_token"];
        let (one, other) = futures_util::join!(refresh(&app, token), refresh(&app, token));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    }

    async fn what_is_no_refresh_token_of_ours_is_refused(app: TestApp) {
        let tokens = sign_in(&app).await;
        let token = text(&tokens, "refresh_token");
        let (body, _) = token.split_at(token.len() - 4);
        let changed = format!("{body}AAAA");
        for bad in ["x", "bt_rt_", "bt_rt_AAAA", body, text(&tokens, "access_token").get(..200).unwrap()] {
            let _ = refresh(&app, &json!(bad)).await.problem(401, "unauthenticated");
        }
        refresh(&app, &tokens["refresh_token"]).await.ok(200);
        // The right session with another secret is a stolen or an old one.
        let _ = refresh(&app, &json!(changed)).await.problem(401, "unauthenticated");
    }
}
