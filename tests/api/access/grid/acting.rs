//! What somebody does to a task, and what comes of it.

use std::collections::BTreeSet;

use serde_json::json;
use tests::{Client, Reply};

/// Does this to a task.
pub(super) async fn act(who: &Client, task: &str, action: &str) -> Reply {
    let path = format!("/v1/tasks/{task}");
    let who = who.if_match("*");
    let reason = json!({ "reason": "Not needed." });
    match action {
        "form" => {
            who.patch(&format!("{path}/form"), json!({ "mood": "Calm" }))
                .await
        }
        "checklist" => {
            who.patch(&format!("{path}/checklist/call"), json!({ "done": true }))
                .await
        }
        "complete" => who.post(&format!("{path}/complete"), json!({})).await,
        "assign" => {
            who.post(&format!("{path}/assign"), json!({ "owner_id": who.id() }))
                .await
        }
        "date" => {
            who.patch(&path, json!({ "due_at": "2030-03-08T22:00:00Z" }))
                .await
        }
        "skip" => who.post(&format!("{path}/skip"), reason).await,
        "cancel" => who.post(&format!("{path}/cancel"), reason).await,
        other => panic!("{other}"),
    }
}

/// What an answer says, as a cell of the tables says it.
pub(super) fn cell(reply: &Reply) -> String {
    match reply.status {
        200 => "+".to_owned(),
        403 => format!("-{}", reply["rule"].as_str().unwrap_or_default()),
        other => other.to_string(),
    }
}

/// The users who are listed as able to execute a task.
pub(super) async fn executors(auditor: &Client, task: &str) -> BTreeSet<String> {
    let page = auditor
        .get(&format!("/v1/tasks/{task}/executors?limit=200"))
        .await
        .ok(200);
    let people = page["data"].as_array().into_iter().flatten();
    people
        .map(|person| person["user_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Whether a list of one page holds the task.
pub(super) async fn lists(who: &Client, path: &str, task: &str) -> bool {
    let page = who.get(path).await.ok(200);
    assert!(
        page["page"]["next_cursor"].is_null(),
        "the list has a second page"
    );
    let mut tasks = page["data"].as_array().into_iter().flatten();
    tasks.any(|listed| listed["id"] == task)
}
