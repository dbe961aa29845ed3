//! The journey of the README: a library workflow runs for a real client, by the people who may.

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{TestApp, on_both};

use crate::office::Office;

async fn start(office: &Office, process_type: &str) -> String {
    let body = json!({
        "process_type_id": process_type,
        "entity_id": office.client_id,
        "fields": {
            "account_purpose": "Retirement savings",
            "registration_type": "Individual",
            "custodian": "Schwab",
            "funding_source": "Cash deposit",
        },
    });
    let csa = office.holder("client_service_associate");
    let process = csa.post("/v1/processes", body).await.ok(201);
    assert_eq!(process["status"], "running");
    assert_eq!(process["process_type_version"], 1);
    process.id().to_owned()
}

fn status<'t>(tasks: &'t std::collections::BTreeMap<String, Value>, key: &str) -> &'t str {
    tasks[key]["status"].as_str().unwrap_or_default()
}

on_both! {
    /// The whole journey: work lists, permissions, rework, segregation, a subprocess, the end, and what is told of it.
    async fn a_new_account_is_opened_from_request_to_welcome(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = office.install("new-account-opening").await;
        let process = start(&office, &process_type).await;
        let csa = office.holder("client_service_associate").clone();
        let tasks = office.tasks(&process).await;
        assert_eq!(tasks.len(), 19);
        assert_eq!(status(&tasks, "intake"), "open");
        assert_eq!(status(&tasks, "profile"), "waiting");
        assert_eq!(tasks["intake"]["due_at"], "2030-03-04T22:00:00Z", "close of business today");

        // Her work, and that of a colleague who may do it too.
        let work = csa.get("/v1/work").await.ok(200);
        assert_eq!(work["data"][0]["key"], "intake");
        assert_eq!(work["data"][0]["via"], "owner");
        let associate = office.holder("associate_advisor").clone();
        let executable = associate.get("/v1/tasks?executable_by=me").await.ok(200);
        assert_eq!(executable["data"][0]["key"], "intake");
        let work = associate.get("/v1/work").await.ok(200);
        assert_eq!(work["data"][0]["via"], "servicing_role");

        // The same role on another client gives nothing: not even a sight of the task, or a refusal by X5.
        let outsider = app.user("Noor Jansen", PermissionLevel::Member).await;
        let other = json!({ "name": "Lindqvist Trust", "kind": "trust" });
        let other = app.admin().post("/v1/entities", other).await.ok(201);
        office.join(other.id(), &outsider, "associate_advisor").await;
        let intake = format!("/v1/tasks/{}", tasks["intake"]["id"].as_str().unwrap_or_default());
        outsider.get(&intake).await.problem(404, "not-found");
        outsider
            .if_match("\"1\"")
            .post(&format!("{intake}/complete"), json!({}))
            .await
            .problem(404, "not-found");
        office.join(&office.client_id, &outsider, "trader").await;
        let seen = outsider.get(&intake).await.ok(200);
        let refused = outsider
            .if_match(seen.etag())
            .post(&format!("{intake}/complete"), json!({}))
            .await
            .problem(403, "forbidden");
        assert_eq!(refused["rule"], "X5");

        // Everything that is missing is told at once.
        let missing = csa
            .if_match(seen.etag())
            .post(&format!("{intake}/complete"), json!({}))
            .await
            .problem(422, "validation-failed");
        let faults = missing.faults();
        assert!(faults.contains(&("/form/owners", "required")), "{faults:?}");
        assert!(faults.iter().any(|(pointer, _)| pointer.starts_with("/checklist/")), "{faults:?}");

        // Drafts and ticks begin the task; then it is completed, once, whatever is repeated.
        let item = tasks["intake"]["checklist"][0]["key"].as_str().unwrap_or_default();
        let ticked = csa.patch(&format!("{intake}/checklist/{item}"), json!({ "done": true })).await.ok(200);
        assert_eq!(ticked["status"], "in_progress");
        csa.patch(&format!("{intake}/form"), json!({ "owners": "Ada and Ngozi Okafor" })).await.ok(200);
        let done = office.complete(&csa.key("intake-1"), &tasks["intake"], None).await.ok(200);
        let opened: Vec<_> = done["effects"]["opened"].as_array().into_iter().flatten().map(|task| task["key"].clone()).collect();
        assert_eq!(opened, ["profile", "legal_papers"]);
        assert_eq!(done["task"]["completed_via"], "owner");

        // An outcome sends the paperwork back; the preparer may not check it herself.
        office.carry_on(&process, |tasks| status(tasks, "quality_check") == "open").await;
        let tasks = office.tasks(&process).await;
        assert_eq!(status(&tasks, "rollover_reason"), "skipped");
        let check = &tasks["quality_check"];
        let refused = office.complete(&csa, check, Some("passed")).await.problem(403, "forbidden");
        assert_eq!(refused["rule"], "X11");
        let operations = office.holder("operations_specialist").clone();
        let back = office.complete(&operations, check, Some("defects")).await.ok(200);
        assert_eq!(back["effects"]["opened"][0]["key"], "forms");
        let tasks = office.tasks(&process).await;
        assert_eq!(tasks["forms"]["attempt"], 2);
        assert_eq!(tasks["forms"]["owner_id"], json!(csa.id()));
        office.carry_on(&process, |tasks| status(tasks, "approval") == "open").await;

        // An approval refuses its preparer by whatever role (X11).
        office.join(&office.client_id, &csa, "partner").await;
        let tasks = office.tasks(&process).await;
        let refused = office.complete(&csa, &tasks["approval"], Some("approved")).await.problem(403, "forbidden");
        assert_eq!(refused["rule"], "X11");
        let officer = office.holder("compliance_officer").clone();
        let approved = office.complete(&officer, &tasks["approval"], Some("approved")).await.ok(200);
        assert_eq!(approved["task"]["completed_via"], "owner");

        // A new version of the type changes nothing that runs.
        republish(&app, &process_type).await;
        assert_eq!(app.admin().get(&format!("/v1/processes/{process}")).await.ok(200)["process_type_version"], 1);

        // The account is opened, the money movement runs as a process of its own and gives the outcome.
        office.carry_on(&process, |tasks| status(tasks, "funding_transfer") == "open").await;
        office.carry_on(&process, |_| false).await;
        let tasks = office.tasks(&process).await;
        let child = tasks["funding_transfer"]["child_process_id"].as_str().unwrap_or_default().to_owned();
        office.carry_on(&child, |_| false).await;
        let ended = app.admin().get(&format!("/v1/processes/{child}")).await.ok(200);
        assert_eq!((&ended["status"], &ended["result"]), (&json!("completed"), &json!("completed")));
        app.run_jobs().await;
        office.carry_on(&process, |_| false).await;
        let ended = app.admin().get(&format!("/v1/processes/{process}")).await.ok(200);
        assert_eq!((&ended["status"], &ended["result"]), (&json!("completed"), &json!("completed")));
        let account = ended["related"]["account"].as_str().unwrap_or_default();
        let account = app.admin().get(&format!("/v1/entities/{account}")).await.ok(200);
        assert_eq!(account["status"], "open");

        story_is_whole(&app, &process).await;
    }
}

async fn republish(app: &TestApp, process_type: &str) {
    let admin = app.admin();
    let path = format!("/v1/process-types/{process_type}");
    let version = admin.get(&format!("{path}/versions/1")).await.ok(200);
    let mut definition = version["definition"].clone();
    definition["name"] = json!("New Account Opening, shorter");
    let head = admin.get(&path).await.ok(200);
    let put = admin
        .if_match(head.etag())
        .put(&format!("{path}/draft"), definition)
        .await
        .ok(200);
    let published = admin
        .if_match(put.etag())
        .post(&format!("{path}/publish"), json!({}))
        .await
        .ok(200);
    assert_eq!(published["published_version"], 2);
}

/// Feed and trail: every change once, numbered without a gap, in order, chained.
async fn story_is_whole(app: &TestApp, process: &str) {
    let admin = app.admin();
    let mut events = Vec::new();
    let mut path = "/v1/events?limit=200".to_owned();
    loop {
        let page = admin.get(&path).await.ok(200);
        events.extend(page["data"].as_array().cloned().unwrap_or_default());
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) if page["page"]["has_more"] == true => {
                path = format!("/v1/events?limit=200&cursor={cursor}");
            }
            _ => break,
        }
    }
    let sequences: Vec<_> = events
        .iter()
        .filter_map(|event| event["sequence"].as_i64())
        .collect();
    let expected: Vec<_> = (1..=sequences.len())
        .filter_map(|n| i64::try_from(n).ok())
        .collect();
    assert_eq!(sequences, expected, "numbered without a gap");
    let of_process: Vec<_> = events
        .iter()
        .filter(|event| event["subject"]["id"] == process)
        .filter_map(|event| event["type"].as_str())
        .filter(|kind| *kind != "process.updated")
        .collect();
    assert_eq!(of_process, ["process.started", "process.completed"]);
    for kind in [
        "task.opened",
        "task.completed",
        "task.withdrawn",
        "task.skipped",
        "entity.created",
    ] {
        assert!(events.iter().any(|event| event["type"] == kind), "{kind}");
    }

    let mut previous: Option<String> = None;
    let mut path = "/v1/audit?limit=200".to_owned();
    let mut count = 0;
    loop {
        let page = admin.get(&path).await.ok(200);
        for entry in page["data"].as_array().into_iter().flatten() {
            if let Some(previous) = &previous {
                assert_eq!(entry["previous_hash"], json!(previous));
            }
            previous = entry["hash"].as_str().map(str::to_owned);
            count += 1;
        }
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) if page["page"]["has_more"] == true => {
                path = format!("/v1/audit?limit=200&cursor={cursor}");
            }
            _ => break,
        }
    }
    assert_eq!(count, events.len());
}
