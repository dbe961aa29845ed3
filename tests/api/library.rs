//! The library beside what a firm made of it.

use serde_json::{Value, json};
use tests::{Reply, TestApp, on_both};

use crate::office::Office;

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

on_both! {
    async fn an_upgrade_tells_task_by_task_what_the_firm_has_changed(app: TestApp) {
        let office = Office::open(&app).await;
        let (admin, member) = (app.admin(), office.holder("trader"));
        let path = "/v1/library/fee-management/upgrade";
        let missing = member.get(path).await;
        missing.problem(409, "conflict");
        member.get("/v1/library/no-such/upgrade").await.problem(404, "not-found");

        let process_type = format!("/v1/process-types/{}", office.install("fee-management").await);
        let installed = admin.get(&process_type).await.ok(200);
        let fresh = member.get(path).await.ok(200);
        assert_eq!(told(&fresh), []);
        assert_eq!(fresh["published_version"], 1);
        assert_eq!(fresh["installed_library_version"], fresh["library_version"]);
        assert_eq!(installed["library_version"], fresh["library_version"]);

        let first = admin.get(&format!("{process_type}/versions/1")).await.ok(200);
        let mut definition = first["definition"].clone();
        definition["summary"] = json!("Fees, as we do them.");
        definition["tasks"][0]["title"] = json!("Our own title");
        let drafted = admin.if_match(installed.etag());
        drafted.put(&format!("{process_type}/draft"), definition).await.ok(201);
        let waiting = member.get(path).await.ok(200);
        assert_eq!(told(&waiting), [], "a draft is not what the firm runs");

        let drafted = admin.get(&process_type).await.ok(200);
        let publishing = admin.if_match(drafted.etag());
        publishing.post(&format!("{process_type}/publish"), json!({})).await.ok(200);
        let edited = member.get(path).await.ok(200);
        let first_task = first["definition"]["tasks"][0].clone();
        let key = first_task["key"].as_str();
        assert_eq!(
            told(&edited),
            [
                (None, "changed", "firm", vec!["summary"]),
                (key, "changed", "firm", vec!["title"]),
            ]
        );
        assert_eq!(edited["published_version"], 2);
        let title = &edited["differences"][1]["members"][0];
        assert_eq!(title["present"], "\"Our own title\"");
        assert_eq!(title["installed"], title["release"]);
        let shipped: Value = serde_json::from_str(title["release"].as_str().unwrap()).unwrap();
        assert_eq!(shipped, first_task["title"]);
    }
}
