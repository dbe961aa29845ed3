//! Processes as a whole.

mod chain;
mod migrate;
mod migrate_all;

use serde_json::{Value, json};
use tests::{Client, Reply, TestApp};

/// Publishes the next version of a process type.
pub(crate) async fn publish_next(admin: &Client, process_type: &str, definition: Value) -> Reply {
    let path = format!("/v1/process-types/{process_type}");
    let head = admin.get(&path).await.ok(200);
    let drafted = admin.if_match(head.etag());
    let draft = drafted.put(&format!("{path}/draft"), definition).await;
    let current = admin.if_match(draft.ok(200).etag());
    current
        .post(&format!("{path}/publish"), json!({}))
        .await
        .ok(200)
}

/// What the trail holds of this kind, oldest first.
pub(crate) async fn told(app: &TestApp, action: &str) -> Vec<Value> {
    let path = format!("/v1/audit?action={action}&limit=200");
    let page = app.admin().get(&path).await.ok(200);
    let mut entries = page["data"].as_array().unwrap().clone();
    entries.sort_by_key(|entry| entry["sequence"].as_i64());
    entries
}
