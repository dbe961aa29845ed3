//! Process types made by hand, small enough to be seen at a glance.

use serde_json::{Value, json};
use tests::{Client, Reply, TestApp};

/// One task of a process type: whoever holds `role` owns it, after those of `after`.
pub(crate) fn task(key: &str, role: &str, after: &[&str]) -> Value {
    let after: Vec<_> = after.iter().map(|key| json!({ "task": key })).collect();
    json!({ "key": key, "title": format!("Do {key}"), "owner": [{ "role": role }], "after": after })
}

/// A process type of these tasks, for clients, which anyone may start.
pub(crate) fn definition(key: &str, tasks: &[Value]) -> Value {
    json!({
        "key": key,
        "name": format!("By hand: {key}"),
        "category": "service_requests",
        "summary": "Made by hand.",
        "trigger": { "kind": "as_needed", "description": "Somebody asks for it." },
        "initiators": ["anyone"],
        "owner": [{ "role": "lead_advisor" }],
        "subject": { "kinds": ["client"] },
        "tasks": tasks,
    })
}

/// A process type of these tasks for the firm's own work.
pub(crate) fn for_firm(key: &str, tasks: &[Value]) -> Value {
    let mut definition = definition(key, tasks);
    definition["subject"]["kinds"] = json!(["firm"]);
    definition
}

/// Two tasks of two people at the same time, then one that waits for both (E2).
pub(crate) fn two_halves() -> Value {
    let tasks = [
        task("left", "client_service_associate", &[]),
        task("right", "associate_advisor", &[]),
        task("whole", "lead_advisor", &["left", "right"]),
    ];
    definition("two_halves", &tasks)
}

/// Makes a process type and publishes it; its id.
pub(crate) async fn publish(app: &TestApp, definition: Value) -> String {
    publish_as(&app.admin(), definition).await
}

/// The same, by this admin.
pub(crate) async fn publish_as(admin: &Client, definition: Value) -> String {
    let made = admin.post("/v1/process-types", definition).await.ok(201);
    let path = format!("/v1/process-types/{}/publish", made.id());
    let current = admin.if_match(made.etag());
    let published = current.post(&path, json!({})).await.ok(200);
    assert_eq!(published["published_version"], 1);
    made.id().to_owned()
}

/// Starts a process for a client.
pub(crate) async fn start(who: &Client, process_type: &str, client: &str) -> Reply {
    let body = json!({ "process_type_id": process_type, "entity_id": client });
    who.post("/v1/processes", body).await.ok(201)
}
