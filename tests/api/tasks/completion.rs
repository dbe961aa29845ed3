use domain::user::PermissionLevel;
use serde_json::json;
use tests::{TestApp, on_both};

on_both! {
    /// E7
    async fn a_task_by_itself_needs_its_checklist(app: TestApp) {
        let admin = app.admin();
        let item = json!({ "key": "call", "text": "Call the client", "required": true });
        let body = json!({ "title": "Ask", "owner_id": admin.id(), "checklist": [item] });
        let made = admin.post("/v1/tasks", body).await.ok(201);
        let path = format!("/v1/tasks/{}/completion", made.id());
        let needs = admin.get(&path).await.ok(200);
        assert_eq!(needs["permission"]["allowed"], true);
        assert_eq!(needs["missing"][0]["pointer"], "/checklist/call");
        assert_eq!(needs["form"], json!([]));
        let colleague = app.user("Noor Jansen", PermissionLevel::Member).await;
        let hidden = colleague.get(&path).await;
        let _ = hidden.problem(404, "not-found");
    }
}
