//! What holds for every operation alike.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;
use tests::{TestApp, document::Operation};

use crate::{
    office::Office,
    workflow::{publish, start, two_halves},
};

mod compression;
mod conditional;
mod edges;
mod lists;
mod rates;

/// Something of every kind that has a tag: its id, by the part of the path that comes before it.
async fn everything(app: &TestApp) -> BTreeMap<&'static str, String> {
    let office = Office::open(app).await;
    let admin = app.admin();
    let process_type = publish(app, two_halves()).await;
    let path = format!("/v1/process-types/{process_type}");
    let published = admin.get(&path).await.ok(200);
    let current = admin.if_match(published.etag());
    current
        .put(&format!("{path}/draft"), two_halves())
        .await
        .ok(200);
    let process = start(&admin, &process_type, &office.client_id).await;
    let team = admin
        .post("/v1/teams", json!({ "name": "East" }))
        .await
        .ok(201);
    let attribute =
        json!({ "entity_kind": "client", "key": "mood", "label": "Mood", "value_type": "text" });
    admin.post("/v1/attributes", attribute).await.ok(201);
    let touchpoint =
        json!({ "entity_id": office.client_id, "touchpoint_type": "call", "subject": "Hello" });
    admin.post("/v1/touchpoints", touchpoint).await.ok(201);
    let file = admin
        .request(Method::POST, "/v1/documents?name=any.bin")
        .body("any");
    let document = admin.send(file).await.ok(201);
    let stand_in = json!({
        "from": "2030-03-05T00:00:00Z",
        "until": "2030-03-06T00:00:00Z",
        "cover_user_ids": [office.holder("partner").id()],
    });
    let cover = admin.post("/v1/covers", stand_in).await.ok(201);
    let schedule = json!({
        "process_type_id": process_type,
        "entity_ids": [office.client_id],
        "timing": { "rule": "FREQ=DAILY;COUNT=1", "time": "12:00" },
    });
    let schedule = admin.post("/v1/schedules", schedule).await.ok(201);
    let batch = json!({ "process_type_id": process_type, "entity_ids": [office.client_id] });
    let batch = admin.post("/v1/batches", batch).await.ok(202);
    app.run_jobs().await;
    let first = async |list: &str| {
        let page = admin.get(list).await.ok(200);
        let id = page["data"][0]["id"].as_str();
        id.unwrap_or_else(|| panic!("nothing in {list}")).to_owned()
    };
    BTreeMap::from([
        ("batches", batch.id().to_owned()),
        ("covers", cover.id().to_owned()),
        ("documents", document.id().to_owned()),
        ("entities", office.client_id.clone()),
        ("library", "new-account-opening".to_owned()),
        ("process-types", process_type),
        ("processes", process.id().to_owned()),
        ("schedules", schedule.id().to_owned()),
        ("teams", team.id().to_owned()),
        ("attributes", first("/v1/attributes").await),
        ("roles", first("/v1/roles").await),
        ("tasks", first("/v1/tasks").await),
        ("touchpoints", first("/v1/touchpoints").await),
        ("users", first("/v1/users").await),
        ("versions", "1".to_owned()),
    ])
}

fn real_path(operation: &Operation, known: &BTreeMap<&str, String>) -> Option<String> {
    let mut path = String::new();
    let mut before = "";
    for part in operation.path.split('/').skip(1) {
        let real = if part.starts_with('{') {
            known.get(before)?
        } else {
            part
        };
        path.extend(["/", real]);
        before = part;
    }
    Some(path)
}
