//! What the requests that people wait for cost the database, `BEGIN` and `COMMIT` included.

use std::collections::BTreeMap;

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Database, Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, task},
};

/// The budget of a change on PostgreSQL; SQLite may need eight more.
fn budget(app: &TestApp, most: u32) -> u32 {
    match app.database {
        Database::Postgres => most,
        Database::Sqlite => most + 8,
    }
}

async fn open_account(who: &Client, process_type: &str, office: &Office) -> Reply {
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
    who.post("/v1/processes", body).await.ok(201)
}

/// Completes every task that can be; what each took.
async fn counted(office: &Office, process: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for _ in 0..100 {
        office.app.run_jobs().await;
        let tasks = office.tasks(process).await;
        let ready = |task: &&Value| {
            let open = matches!(task["status"].as_str(), Some("open" | "in_progress"));
            task["kind"] != "subprocess" && open
        };
        let Some(next) = tasks.values().find(ready) else {
            return counts;
        };
        let outcome = next["outcomes"][0]["key"].as_str();
        let who = office.owner_of(next);
        let done = office.complete(&who, next, outcome).await.ok(200);
        let key = next["key"].as_str().unwrap().to_owned();
        counts.insert(key, done.statements());
    }
    panic!("the process does not come to an end");
}

on_both! {
    async fn completing_a_task_takes_fourteen_statements_at_most(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = office.install("new-account-opening").await;
        let csa = office.holder("client_service_associate").clone();
        let first = open_account(&csa, &process_type, &office).await;
        counted(&office, first.id()).await;
        let second = open_account(&csa, &process_type, &office).await;
        let counts = counted(&office, second.id()).await;
        assert!(counts.len() >= 14, "the tasks up to the subprocess: {counts:?}");
        let most = budget(&app, 14);
        let over: Vec<_> = counts.iter().filter(|(_, count)| **count > most).collect();
        assert!(over.is_empty(), "more than {most}: {over:?} of {counts:?}");
    }

    async fn reading_ones_work_takes_three_statements_at_most(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = office.install("new-account-opening").await;
        let csa = office.holder("client_service_associate").clone();
        for _ in 0..3 {
            open_account(&csa, &process_type, &office).await;
        }
        let colleague = office.holder("associate_advisor").clone();
        let idle = app.user("Ida Idle", PermissionLevel::Member).await;
        for (who, tasks) in [(csa, 3), (colleague, 3), (idle, 0)] {
            who.get("/v1/work").await.ok(200);
            let work = who.get("/v1/work").await.ok(200);
            assert_eq!(work["data"].as_array().map(Vec::len), Some(tasks));
            assert!(work.statements() <= 3, "{}", work.statements());
        }
    }

    /// E24
    async fn opening_a_fan_out_takes_as_many_statements_for_two_hundred_items_as_for_two(app: TestApp) {
        let office = Office::open(&app).await;
        let csa = office.holder("client_service_associate").clone();
        let options: Vec<_> = (0..200).map(|number| format!("Part {number}")).collect();
        let mut each = task("each", "client_service_associate", &["prepare"]);
        each["kind"] = json!("fan_out");
        each["over"] = json!({ "field": "parts" });
        let prepare = task("prepare", "client_service_associate", &[]);
        let mut in_parts = definition("in_parts", &[prepare, each]);
        in_parts["start_form"] = json!([{
            "key": "parts", "label": "Parts", "type": "choice", "multiple": true, "options": options,
        }]);
        let made = publish(&app, in_parts).await;
        let mut counts = Vec::new();
        for count in [2, 2, 200] {
            let body = json!({
                "process_type_id": made,
                "entity_id": office.client_id,
                "fields": { "parts": options[..count] },
            });
            let process = csa.post("/v1/processes", body).await.ok(201);
            let first = office.tasks(process.id()).await["prepare"].clone();
            let done = office.complete(&csa, &first, None).await.ok(200);
            assert_eq!(done["effects"]["opened"].as_array().map(Vec::len), Some(count + 1));
            counts.push(done.statements());
        }
        let most = match app.database {
            // Its rows are written some hundred at a time.
            Database::Sqlite => counts[1] + 8,
            // What one message cannot carry is halved.
            Database::Postgres => counts[1] + 3,
        };
        assert!(counts[2] <= most, "{counts:?}, at most {most}");
    }

    async fn a_start_takes_twelve_statements_at_most_however_many_tasks_there_are(app: TestApp) {
        let office = Office::open(&app).await;
        let csa = office.holder("client_service_associate").clone();
        let account = office.install("new-account-opening").await;
        open_account(&csa, &account, &office).await;
        let opened = open_account(&csa, &account, &office).await;

        let mut by_hand = Vec::new();
        for count in [3, 60] {
            let tasks: Vec<_> = (0..count)
                .map(|n| task(&format!("task_{n}"), "client_service_associate", &[]))
                .collect();
            let made = publish(&app, definition(&format!("of_{count}"), &tasks)).await;
            crate::workflow::start(&csa, &made, &office.client_id).await;
            let started = crate::workflow::start(&csa, &made, &office.client_id).await;
            assert_eq!(office.tasks(started.id()).await.len(), count);
            by_hand.push(started.statements());
        }
        let counts = (opened.statements(), by_hand);
        assert_eq!(counts.1[0], counts.1[1], "of three tasks and of sixty");
        let most = budget(&app, 12);
        assert!(counts.0 <= most && counts.1[0] <= most, "{counts:?}, at most {most}");
    }
}
