use serde_json::json;
use tests::{ADMIN_EMAIL, FIRM, PASSWORD, TestApp, on_both};

on_both! {
    async fn signing_in_gives_tokens_that_hold(app: TestApp) {
        let body = json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
        let tokens = app.stranger().post("/v1/sessions", body).await.ok(201);
        assert_eq!(tokens["token_type"], "Bearer");
        let token = tokens["access_token"].as_str().unwrap();
        let me = app.stranger().with_token(token).get("/v1/me").await.ok(200);
        assert_eq!(me["user"]["id"], app.admin().id().to_string());
    }
}
