use domain::user::PermissionLevel;
use serde_json::json;
use tests::{TestApp, on_both};

use super::{sign_in, text};

on_both! {
    async fn after_signing_out_the_tokens_hold_no_longer(app: TestApp) {
        let tokens = sign_in(&app).await;
        let client = app.stranger().with_token(text(&tokens, "access_token"));
        client.delete("/v1/sessions/current").await.ok(204);
        let _ = client.get("/v1/me").await.problem(401, "unauthenticated");
        let body = json!({ "refresh_token": tokens["refresh_token"] });
        let refused = app.stranger().post("/v1/sessions/refresh", body).await;
        let _ = refused.problem(401, "unauthenticated");
        app.admin().get("/v1/me").await.ok(200);
    }

    async fn a_lost_device_is_signed_out_from_another(app: TestApp) {
        let tokens = sign_in(&app).await;
        let lost = app.stranger().with_token(text(&tokens, "access_token"));
        let path = tokens.header("location").unwrap();
        app.admin().delete(path).await.ok(204);
        let _ = lost.get("/v1/me").await.problem(401, "unauthenticated");
        let _ = app.admin().delete(path).await.problem(404, "not-found");
    }

    async fn nobody_ends_the_session_of_another(app: TestApp) {
        let tokens = sign_in(&app).await;
        let path = tokens.header("location").unwrap();
        let colleague = app.user("Maya Okafor", PermissionLevel::Admin).await;
        let stranger = app.other_firm("southwind").await;
        for client in [colleague, stranger] {
            let _ = client.delete(path).await.problem(404, "not-found");
        }
        let client = app.stranger().with_token(text(&tokens, "access_token"));
        client.get("/v1/me").await.ok(200);
    }
}
