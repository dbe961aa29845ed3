use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;
use tests::{
    TestApp,
    document::{Operation, operations},
    on_both,
};

use crate::{
    office::Office,
    workflow::{publish, start, two_halves},
};

/// Something of every kind that has a tag: its id, by the part of the path that comes before it.
async fn everything(app: &TestApp) -> BTreeMap<&'static str, String> {
    let office = Office::open(app).await;
    let admin = app.admin();
    let process_type = publish(app, two_halves()).await;
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
    let first = async |list: &str| {
        let page = admin.get(list).await.ok(200);
        let id = page["data"][0]["id"].as_str();
        id.unwrap_or_else(|| panic!("nothing in {list}")).to_owned()
    };
    BTreeMap::from([
        ("documents", office.document_id.clone()),
        ("entities", office.client_id.clone()),
        ("process-types", process_type),
        ("processes", process.id().to_owned()),
        ("teams", team.id().to_owned()),
        ("attributes", first("/v1/attributes").await),
        ("roles", first("/v1/roles").await),
        ("tasks", first("/v1/tasks").await),
        ("touchpoints", first("/v1/touchpoints").await),
        ("users", first("/v1/users").await),
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

on_both! {
    async fn every_read_with_a_tag_is_left_out_for_whoever_holds_the_version(app: TestApp) {
        let known = everything(&app).await;
        let admin = app.admin();
        let mut tried = 0;
        for operation in operations().iter().filter(|operation| operation.method == "GET") {
            let responses = &operation.value["responses"];
            let tagged = !responses["200"]["headers"]["ETag"].is_null();
            let asks = operation.parameters("header").any(|header| header["name"] == "If-None-Match");
            assert_eq!(tagged, asks, "{}", operation.id);
            assert_eq!(tagged, !responses["304"].is_null(), "{}", operation.id);
            let Some(path) = real_path(operation, &known) else {
                assert!(!tagged, "{}: make one in `everything`", operation.id);
                continue;
            };
            if operation.parameters("query").any(|parameter| parameter["required"] == true) {
                continue;
            }
            let client = if operation.public() { app.stranger() } else { admin.clone() };
            let whole = client.get(&path).await;
            assert_eq!(whole.header("etag").is_some(), tagged && whole.status == 200, "{path}: {}", whole.text);
            if !tagged || whole.status != 200 {
                assert!(!tagged, "{path}: {}", whole.text);
                continue;
            }
            tried += 1;
            let tag = whole.etag();
            assert!(tag.starts_with('"'), "{path}: a strong tag, not {tag}");
            for held in [tag.to_owned(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
                let again = client.with("if-none-match", &held);
                let fresh = again.get(&path).await.ok(304);
                assert_eq!(fresh.etag(), tag, "{path}");
                assert_eq!(fresh.text, "", "{path}");
                let head = again.request(Method::HEAD, &path).send().await.unwrap();
                assert_eq!(head.status(), 304, "{path}");
            }
            for other in ["\"999999\"", "not a tag"] {
                client.with("if-none-match", other).get(&path).await.ok(200);
            }
        }
        assert!(tried >= 12, "{tried}");
    }
}
