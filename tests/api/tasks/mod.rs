//! `/v1/tasks`

mod completion;
mod create;
mod effects;
mod moments;
mod permissions;
mod redating;
mod reopen;
mod reschedule;
mod submissions;
mod texts;

use serde_json::{Value, json};
use tests::{Client, Reply};

use crate::office::Office;

/// The path of a task of a process.
pub(crate) async fn path_of(office: &Office, process: &str, key: &str) -> String {
    let tasks = office.tasks(process).await;
    format!("/v1/tasks/{}", tasks[key]["id"].as_str().unwrap())
}

/// Acts on a task in its current version.
pub(crate) async fn act(who: &Client, path: &str, verb: &str, body: Value) -> Reply {
    let now = who.get(path).await.ok(200);
    who.if_match(now.etag())
        .post(&format!("{path}/{verb}"), body)
        .await
}

/// Completes a task of a process as its owner does.
pub(crate) async fn complete(office: &Office, process: &str, key: &str, body: Value) -> Reply {
    let task = &office.tasks(process).await[key];
    let path = format!("/v1/tasks/{}", task["id"].as_str().unwrap());
    act(&office.owner_of(task), &path, "complete", body).await
}

/// Defines an attribute of clients.
pub(crate) async fn attribute(office: &Office, key: &str, value_type: &str, options: &[&str]) {
    let mut body = json!({
        "key": key,
        "label": key,
        "entity_kind": "client",
        "value_type": value_type,
    });
    if !options.is_empty() {
        body["options"] = json!(options);
    }
    let admin = office.app.admin();
    admin.post("/v1/attributes", body).await.ok(201);
}

/// Gives an attribute of the client a value, or none.
pub(crate) async fn set(office: &Office, key: &str, value: Value) {
    let admin = office.app.admin();
    let path = format!("/v1/entities/{}", office.client_id);
    let now = admin.get(&path).await.ok(200);
    let body = json!({ "attributes": { key: value } });
    admin.if_match(now.etag()).patch(&path, body).await.ok(200);
}

/// An attribute of the client as it is.
pub(crate) async fn value(office: &Office, key: &str) -> Value {
    let path = format!("/v1/entities/{}", office.client_id);
    let entity = office.app.admin().get(&path).await.ok(200);
    let mut attributes = entity["attributes"].as_array().into_iter().flatten();
    let found = attributes.find(|attribute| attribute["key"] == key);
    found.map_or(entity["attributes"][key].clone(), |found| {
        found["value"].clone()
    })
}
