use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{sign_in, text};

on_both! {
    async fn one_sees_ones_own_sessions_that_have_not_ended(app: TestApp) {
        let tokens = sign_in(&app).await;
        let ended = sign_in(&app).await;
        let ended = app.stranger().with_token(text(&ended, "access_token"));
        ended.delete("/v1/sessions/current").await.ok(204);
        app.user("Maya Okafor", PermissionLevel::Member).await;
        app.other_firm("southwind").await;

        let client = app.stranger().with_token(text(&tokens, "access_token"));
        let list = client.get("/v1/sessions").await.ok(200);
        let data = list["data"].as_array().unwrap();
        let current: Vec<&Value> = data.iter().map(|session| &session["current"]).collect();
        assert_eq!(current, [&json!(false), &json!(true)]);
        assert_eq!(data[1]["address"], "127.0.0.1");
        assert_eq!(data[1]["created_at"], "2030-03-04T15:00:00Z");
        assert_eq!(list["page"], json!({ "next_cursor": null, "has_more": false }));
        assert_eq!(list.header("link"), None);
    }

    async fn pages_follow_each_other_while_sessions_come_and_go(app: TestApp) {
        for _ in 0..4 {
            sign_in(&app).await;
        }
        let admin = app.admin();
        let whole = admin.get("/v1/sessions").await.ok(200);
        let first = admin.get("/v1/sessions?limit=2").await.ok(200);
        assert_eq!(first["page"]["has_more"], true);
        let link = first.header("link").unwrap();
        let next = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();

        // One that was shown goes, another comes.
        let gone = first["data"][1]["id"].as_str().unwrap();
        admin.delete(&format!("/v1/sessions/{gone}")).await.ok(204);
        sign_in(&app).await;
        let second = admin.get(next).await.ok(200);
        let ids = |list: &Value| -> Vec<String> {
            list.as_array().unwrap().iter().map(|item| item["id"].to_string()).collect()
        };
        assert_eq!(ids(&second["data"]), ids(&whole["data"])[2..4]);
        let cursor = second["page"]["next_cursor"].as_str().unwrap();
        let last = admin.get(&format!("/v1/sessions?limit=50&cursor={cursor}")).await.ok(200);
        assert_eq!(last["data"].as_array().unwrap().len(), 2);
    }

    async fn a_cursor_of_another_firm_is_refused(app: TestApp) {
        sign_in(&app).await;
        let first = app.admin().get("/v1/sessions?limit=1").await.ok(200);
        let cursor = first["page"]["next_cursor"].as_str().unwrap();
        let path = format!("/v1/sessions?limit=1&cursor={cursor}");
        app.admin().get(&path).await.ok(200);
        let stranger = app.other_firm("southwind").await;
        let refused = stranger.get(&path).await.problem(400, "invalid-parameter");
        assert_eq!(refused.faults(), [("cursor", "bad-cursor")]);
    }
}
