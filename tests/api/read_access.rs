//! Who was shown which client (X19).

use domain::user::PermissionLevel;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

async fn switch(app: &TestApp, to: &str) {
    let admin = app.admin();
    let firm = admin.get("/v1/firm").await.ok(200);
    let body = json!({ "read_access_log": to });
    let firm = admin
        .if_match(firm.etag())
        .patch("/v1/firm", body)
        .await
        .ok(200);
    assert_eq!(firm["read_access_log"], to);
}

fn log_of(entity: &str) -> String {
    format!("/v1/entities/{entity}/access-log")
}

/// Who was shown the entity by what, the latest first.
async fn log(app: &TestApp, entity: &str) -> Vec<(String, String)> {
    let log = app.admin().get(&log_of(entity)).await.ok(200);
    let rows = log["data"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| (text(&row["user_id"]), text(&row["operation"])))
        .collect()
}

/// Reads everything that there is of the client.
async fn read_all(who: &Client, paths: &[String]) {
    for path in paths {
        who.get(path).await.ok(200);
    }
}

/// A client with a process, a touchpoint and a document; where each is read, with the operation.
async fn scene(app: &TestApp) -> (Office, Vec<(String, &'static str)>) {
    let office = Office::open(app).await;
    let admin = app.admin();
    let tasks = [task("only", "lead_advisor", &[])];
    let process_type = publish(app, definition("one", &tasks)).await;
    let process = start(&admin, &process_type, &office.client_id).await;
    let tasks = office.tasks(process.id()).await;
    let task = format!("/v1/tasks/{}", tasks["only"]["id"].as_str().unwrap());
    let contact =
        json!({ "entity_id": office.client_id, "touchpoint_type": "call", "subject": "Renewal" });
    let touchpoint = admin.post("/v1/touchpoints", contact).await.ok(201);
    let entity = format!("/v1/entities/{}", office.client_id);
    let document = format!("/v1/documents/{}", office.document_id);
    let schedule = json!({
        "process_type_id": process_type,
        "entity_id": office.client_id,
        "timing": { "rule": "FREQ=DAILY" },
    });
    let schedule = admin.post("/v1/schedules", schedule).await.ok(201);
    let schedule = format!("/v1/schedules/{}", schedule.id());
    let reads = vec![
        (schedule.clone(), "getSchedule"),
        (format!("{schedule}/occurrences"), "listScheduleOccurrences"),
        (format!("{schedule}/entities"), "listScheduleEntities"),
        (entity.clone(), "getEntity"),
        (format!("{entity}/team"), "listEntityTeam"),
        (format!("{entity}/relations"), "listEntityRelations"),
        (format!("{entity}/tasks"), "listEntityTasks"),
        ("/v1/entities?kind=household".to_owned(), "listEntities"),
        (task.clone(), "getTask"),
        (format!("{task}/permissions"), "getTaskPermissions"),
        (format!("/v1/processes/{}", process.id()), "getProcess"),
        (
            format!("/v1/processes/{}/diagram", process.id()),
            "getProcessDiagram",
        ),
        (
            format!("/v1/processes/{}/history", process.id()),
            "getProcessHistory",
        ),
        (
            format!("/v1/touchpoints/{}", touchpoint.id()),
            "getTouchpoint",
        ),
        ("/v1/touchpoints".to_owned(), "listTouchpoints"),
        (document.clone(), "getDocument"),
    ];
    (office, reads)
}

on_both! {
    /// X19: nothing unless it is on; then every way of seeing the client, by whom and how.
    async fn whoever_is_shown_a_client_is_noted_while_it_is_on(app: TestApp) {
        let (office, reads) = scene(&app).await;
        let lead = office.holder("lead_advisor").clone();
        let paths: Vec<String> = reads.iter().map(|(path, _)| path.clone()).collect();
        read_all(&lead, &paths).await;
        assert!(log(&app, &office.client_id).await.is_empty());

        switch(&app, "on").await;
        read_all(&lead, &paths).await;
        lead.get("/v1/tasks").await.ok(200);
        lead.get("/v1/work").await.ok(200);
        lead.get(&format!("/v1/entities/{}", app.firm)).await.ok(200);
        let id = lead.id().to_string();
        let expected: Vec<(String, String)> = reads
            .iter()
            .rev()
            .map(|(_, operation)| (id.clone(), (*operation).to_owned()))
            .collect();
        assert_eq!(log(&app, &office.client_id).await, expected, "and looking at the log is not noted");
        assert!(log(&app, &app.firm.to_string()).await.is_empty());
        let download = lead.request(Method::GET, &format!("/v1/documents/{}/content", office.document_id));
        lead.send(download).await.ok(200);
        assert_eq!(log(&app, &office.client_id).await[0].1, "downloadDocument");

        switch(&app, "off").await;
        read_all(&lead, &paths).await;
        assert_eq!(log(&app, &office.client_id).await.len(), expected.len() + 1);
    }

    /// X19, X17: a refusal shows nothing, and notes nothing.
    async fn whoever_is_refused_was_shown_nothing(app: TestApp) {
        let (office, reads) = scene(&app).await;
        switch(&app, "on").await;
        let stranger = app.user("Sven Stranger", PermissionLevel::Member).await;
        for (path, operation) in &reads {
            let of_one = path.contains(&office.client_id) || path.starts_with("/v1/schedules/");
            let status = if operation.starts_with("list") && !of_one { 200 } else { 404 };
            stranger.get(path).await.ok(status);
        }
        assert!(log(&app, &office.client_id).await.is_empty());
    }

    /// X20: admins and auditors, page by page, of what they may see.
    async fn the_log_is_for_admins_and_auditors(app: TestApp) {
        let (office, _) = scene(&app).await;
        switch(&app, "on").await;
        let lead = office.holder("lead_advisor").clone();
        let entity = format!("/v1/entities/{}", office.client_id);
        for _ in 0..3 {
            lead.get(&entity).await.ok(200);
        }
        let refused = lead.get(&log_of(&office.client_id)).await.problem(403, "forbidden");
        assert_eq!(refused["rule"], "X20");
        let stranger = app.user("Sven Stranger", PermissionLevel::Member).await;
        stranger.get(&log_of(&office.client_id)).await.problem(404, "not-found");
        let auditor = app.user("Arno Auditor", PermissionLevel::Auditor).await;
        let first = auditor.get(&format!("{}?limit=2&include_total=true", log_of(&office.client_id))).await.ok(200);
        assert_eq!(first["page"]["total"], 3);
        let cursor = first["page"]["next_cursor"].as_str().unwrap();
        let path = format!("{}?limit=2&cursor={cursor}", log_of(&office.client_id));
        let second = auditor.get(&path).await.ok(200);
        assert_eq!(second["data"].as_array().unwrap().len(), 1);
        assert_eq!(second["page"]["has_more"], false);
        assert!(second["data"][0]["request_id"].is_string());
    }

    /// X19: it costs nothing while it is off, and one statement while it is on.
    async fn noting_a_look_takes_one_statement(app: TestApp) {
        let (_, reads) = scene(&app).await;
        let admin = app.admin();
        let mut counts = Vec::new();
        for to in ["off", "on"] {
            switch(&app, to).await;
            let mut of = Vec::new();
            for (path, _) in &reads {
                admin.get(path).await.ok(200);
                of.push(admin.get(path).await.ok(200).statements());
            }
            counts.push(of);
        }
        for (place, (path, operation)) in reads.iter().enumerate() {
            // Of a document it is looked up, too, which records it belongs to.
            let more = if *operation == "getDocument" { 2 } else { 1 };
            assert_eq!(counts[1][place], counts[0][place] + more, "{path}");
        }
    }
}
