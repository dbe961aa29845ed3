//! An installed workflow beside the library's release.

use serde_json::{Value, json};
use tests::{Client, Database, Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, task},
};

const PATH: &str = "/v1/library/fee-management/upgrade";

/// Task, what happened to it, by whom, and the members that differ.
fn told(upgrade: &Reply) -> Vec<(Option<&str>, &str, &str, Vec<&str>)> {
    let differences = upgrade["differences"].as_array().unwrap().iter();
    differences
        .map(|it| {
            let members = it["members"].as_array().unwrap().iter();
            (
                it["task"].as_str(),
                it["change"].as_str().unwrap(),
                it["by"].as_str().unwrap(),
                members.map(|it| it["name"].as_str().unwrap()).collect(),
            )
        })
        .collect()
}

/// Puts a definition as the draft and publishes it.
async fn publish(admin: &Client, process_type: &str, definition: Value) {
    published_with(admin, process_type, definition, json!({}))
        .await
        .ok(200);
}

/// Puts a definition as the draft and tries to publish it like this.
async fn published_with(
    admin: &Client,
    process_type: &str,
    definition: Value,
    how: Value,
) -> Reply {
    let head = admin.get(process_type).await.ok(200);
    let current = admin.if_match(head.etag());
    let drafted = current
        .put(&format!("{process_type}/draft"), definition)
        .await
        .ok(200);
    let current = admin.if_match(drafted.etag());
    let path = format!("{process_type}/publish");
    current.post(&path, how).await
}

/// Makes it so that the firm had installed an earlier release, in which a text was another.
async fn install_earlier(app: &TestApp, now: &str, then: &str) {
    let text = match app.database {
        Database::Sqlite => format!("replace(definition, '{now}', '{then}')"),
        Database::Postgres => format!("replace(definition::text, '{now}', '{then}')::jsonb"),
    };
    app.on_database(&format!(
        "UPDATE process_type_version SET definition = {text} WHERE number = 1"
    ))
    .await;
    app.on_database("UPDATE process_type SET library_version = '0.0.9'")
        .await;
}

on_both! {
    async fn an_upgrade_tells_task_by_task_what_the_firm_has_changed(app: TestApp) {
        let office = Office::open(&app).await;
        let (admin, member) = (app.admin(), office.holder("trader"));
        let missing = member.get(PATH).await.problem(409, "conflict");
        assert!(missing["detail"].as_str().unwrap().contains("not installed"), "{}", missing.text);
        member.get("/v1/library/no-such/upgrade").await.problem(404, "not-found");

        let id = office.install("fee-management").await;
        let process_type = format!("/v1/process-types/{id}");
        let installed = admin.get(&process_type).await.ok(200);
        let fresh = member.get(PATH).await.ok(200);
        assert!(told(&fresh).is_empty());
        assert_eq!((&fresh["current"], &fresh["merged"]), (&json!(true), &Value::Null));
        assert_eq!((&fresh["process_type_id"], &fresh["published_version"]), (&json!(id), &json!(1)));
        assert_eq!(fresh["base_library_version"], fresh["library_version"]);
        assert_eq!(installed["library_version"], fresh["library_version"]);

        let first = admin.get(&format!("{process_type}/versions/1")).await.ok(200);
        let mut definition = first["definition"].clone();
        definition["summary"] = json!("Fees, as we do them.");
        definition["tasks"][0]["title"] = json!("Our own title");
        let current = admin.if_match(installed.etag());
        current.put(&format!("{process_type}/draft"), definition.clone()).await.ok(200);
        let waiting = member.get(PATH).await.ok(200);
        assert!(told(&waiting).is_empty(), "a draft is not what the firm runs");

        publish(&admin, &process_type, definition).await;
        let edited = member.get(PATH).await.ok(200);
        let first_task = first["definition"]["tasks"][0].clone();
        let key = first_task["key"].as_str();
        assert_eq!(
            told(&edited),
            [
                (None, "changed", "firm", vec!["summary"]),
                (key, "changed", "firm", vec!["title"]),
            ]
        );
        assert_eq!((&edited["current"], &edited["published_version"]), (&json!(true), &json!(2)));
        let title = &edited["differences"][1]["members"][0];
        assert_eq!(title["present"], "Our own title");
        assert_eq!((&title["base"], &title["release"]), (&first_task["title"], &first_task["title"]));
    }

    async fn a_newer_release_is_taken_over_by_way_of_the_draft(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let process_type = format!("/v1/process-types/{}", office.install("fee-management").await);
        let release = admin.get("/v1/library/fee-management").await.ok(200);
        let release = release["definition"].clone();
        let key = |place: usize| release["tasks"][place]["key"].as_str();
        let newer = release["tasks"][0]["title"].as_str().unwrap();
        install_earlier(&app, newer, "Write down the request").await;

        let behind = admin.get(PATH).await.ok(200);
        assert_eq!(behind["base_library_version"], "0.0.9");
        assert_eq!(behind["current"], false);
        assert_eq!(told(&behind), [(key(0), "changed", "library", vec!["title"])]);
        assert_eq!(behind["merged"], release, "the firm has changed nothing");

        let mut ours = admin.get(&format!("{process_type}/versions/1")).await.ok(200).body["definition"].clone();
        assert_eq!(ours["tasks"][0]["title"], "Write down the request");
        ours["tasks"][1]["title"] = json!("Our own title");
        publish(&admin, &process_type, ours.clone()).await;
        let beside = admin.get(PATH).await.ok(200);
        assert_eq!(
            told(&beside),
            [
                (key(0), "changed", "library", vec!["title"]),
                (key(1), "changed", "firm", vec!["title"]),
            ]
        );
        publish(&admin, &process_type, beside["merged"].clone()).await;
        let taken = admin.get(PATH).await.ok(200);
        assert_eq!(told(&taken), [(key(1), "changed", "firm", vec!["title"])]);
        assert_eq!((&taken["current"], &taken["merged"]), (&json!(true), &Value::Null));
    }

    async fn what_both_have_changed_is_the_firms_once_it_says_that_it_took_the_release_over(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let process_type = format!("/v1/process-types/{}", office.install("fee-management").await);
        let release = admin.get("/v1/library/fee-management").await.ok(200);
        let release = release["definition"].clone();
        let key = release["tasks"][0]["key"].as_str();
        install_earlier(&app, release["tasks"][0]["title"].as_str().unwrap(), "Write down the request").await;

        let mut ours = release.clone();
        ours["tasks"][0]["title"] = json!("Each in its own way");
        publish(&admin, &process_type, ours.clone()).await;
        let torn = admin.get(PATH).await.ok(200);
        assert_eq!(told(&torn), [(key, "changed", "both", vec!["title"])]);
        assert_eq!(torn["differences"][0]["members"][0]["base"], "Write down the request");
        assert_eq!(torn["current"], false);
        assert_eq!(torn["merged"], ours, "it is left to the firm");

        let other = json!({ "library_version": "0.0.9" });
        let refused = published_with(&admin, &process_type, ours.clone(), other).await;
        let refused = refused.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/library_version", "unknown-release")]);
        let taking = json!({ "library_version": torn["library_version"] });
        let decided = published_with(&admin, &process_type, ours, taking.clone()).await.ok(200);
        assert_eq!(decided["library_version"], torn["library_version"]);
        let kept = admin.get(PATH).await.ok(200);
        assert_eq!(told(&kept), [(key, "changed", "firm", vec!["title"])]);
        assert_eq!((&kept["current"], &kept["base_library_version"]), (&json!(true), &torn["library_version"]));
        assert_eq!(kept["differences"][0]["members"][0]["base"], release["tasks"][0]["title"]);

        let own = definition("own", &[task("only", "lead_advisor", &[])]);
        let id = crate::workflow::publish(&app, own.clone()).await;
        let refused = published_with(&admin, &format!("/v1/process-types/{id}"), own, taking).await;
        let refused = refused.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/library_version", "not-of-library")]);
    }
}
