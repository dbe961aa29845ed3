use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{attribute, path_of, set};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

fn due(amount: i32, from: &str, key: &str) -> Value {
    json!({ "amount": amount, "unit": "business_days", "from": from, "key": key })
}

async fn due_at(office: &Office, process: &str, key: &str) -> (Value, Value) {
    let task = &office.tasks(process).await[key];
    (task["due_at"].clone(), task["compressed"].clone())
}

on_both! {
    /// E11, E5: each of the client's processes is dated anew by a job of its own.
    async fn what_counts_from_an_attribute_follows_it(app: TestApp) {
        let office = Office::open(&app).await;
        attribute(&office, "renewal_on", "date", &[]).await;
        set(&office, "renewal_on", json!("2030-04-15")).await;
        let mut prepare = task("prepare", "lead_advisor", &[]);
        prepare["due"] = due(-5, "attribute", "renewal_on");
        let mut later = task("later", "lead_advisor", &["prepare"]);
        later["due"] = due(0, "attribute", "renewal_on");
        let made = publish(&app, definition("renewal", &[prepare, later])).await;
        let plain = publish(&app, definition("plain", &[task("only", "lead_advisor", &[])])).await;
        let mut processes = Vec::new();
        for _ in 0..2 {
            let started = start(&app.admin(), &made, &office.client_id).await;
            processes.push(started.id().to_owned());
        }
        let beside = start(&app.admin(), &plain, &office.client_id).await.id().to_owned();
        let opened = office.tasks(&beside).await;
        let before = due_at(&office, &processes[0], "prepare").await;
        assert_eq!(before, (json!("2030-04-08T21:00:00Z"), json!(false)));

        set(&office, "renewal_on", json!("2030-05-15")).await;
        app.run_jobs().await;
        for process in &processes {
            let moved = due_at(&office, process, "prepare").await;
            assert_eq!(moved, (json!("2030-05-08T21:00:00Z"), json!(false)));
            let waiting = &office.tasks(process).await["later"];
            assert_eq!(waiting["projected_due_at"], "2030-05-15T21:00:00Z");
        }
        let untouched = &office.tasks(&beside).await["only"]["version"];
        assert_eq!(*untouched, opened["only"]["version"]);

        // A date that is past becomes today, and says so.
        set(&office, "renewal_on", json!("2030-03-05")).await;
        app.run_jobs().await;
        let squeezed = due_at(&office, &processes[0], "prepare").await;
        assert_eq!(squeezed, (json!("2030-03-04T22:00:00Z"), json!(true)));
        set(&office, "renewal_on", Value::Null).await;
        app.run_jobs().await;
        let undated = due_at(&office, &processes[0], "prepare").await;
        assert_eq!(undated, (Value::Null, json!(false)));
    }

    /// E11
    async fn a_hundred_and_more_processes_of_a_client_are_dated_in_stretches(app: TestApp) {
        let office = Office::open(&app).await;
        attribute(&office, "renewal_on", "date", &[]).await;
        set(&office, "renewal_on", json!("2030-04-15")).await;
        let mut only = task("only", "lead_advisor", &[]);
        only["due"] = due(0, "attribute", "renewal_on");
        let made = publish(&app, definition("renewal", &[only])).await;
        for _ in 0..101 {
            start(&app.admin(), &made, &office.client_id).await;
        }
        set(&office, "renewal_on", json!("2030-05-15")).await;
        app.run_jobs().await;
        let path = format!("/v1/entities/{}/tasks?limit=200", office.client_id);
        let tasks = app.admin().get(&path).await.ok(200);
        let tasks = tasks["data"].as_array().unwrap();
        let moved = tasks.iter().filter(|it| it["due_at"] == "2030-05-15T21:00:00Z").count();
        assert_eq!((tasks.len(), moved), (101, 101));
    }

    /// E11
    async fn the_clients_tier_decides_how_long_there_is(app: TestApp) {
        let office = Office::open(&app).await;
        attribute(&office, "grade", "choice", &["A", "B"]).await;
        set(&office, "grade", json!("B")).await;
        let mut only = task("only", "lead_advisor", &[]);
        only["due"] = json!({
            "amount_by": { "attribute": "grade", "map": { "A": 1, "B": 5 } },
            "unit": "business_days",
            "from": "opened",
        });
        let made = publish(&app, definition("tiered", &[only])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        assert_eq!(due_at(&office, &process, "only").await.0, "2030-03-11T21:00:00Z");
        set(&office, "grade", json!("A")).await;
        app.run_jobs().await;
        assert_eq!(due_at(&office, &process, "only").await.0, "2030-03-05T22:00:00Z");
    }

    /// E11
    async fn a_draft_of_a_date_dates_what_counts_from_it(app: TestApp) {
        let office = Office::open(&app).await;
        let mut ask = task("ask", "lead_advisor", &[]);
        ask["form"] = json!([{ "key": "trade_on", "label": "Trade on", "type": "date" }]);
        let mut trade = task("trade", "trader", &[]);
        trade["due"] = due(1, "field", "trade_on");
        let made = publish(&app, definition("trading", &[ask, trade])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        assert_eq!(due_at(&office, &process, "trade").await.0, Value::Null);
        let path = path_of(&office, &process, "ask").await;
        let lead = office.holder("lead_advisor");
        lead.patch(&format!("{path}/form"), json!({ "trade_on": "2030-03-14" })).await.ok(200);
        assert_eq!(due_at(&office, &process, "trade").await.0, "2030-03-15T21:00:00Z");
        let colleague = app.user("Noor Jansen", PermissionLevel::Member).await;
        let hidden = colleague.patch(&format!("{path}/form"), json!({ "trade_on": null })).await;
        let _ = hidden.problem(404, "not-found");
    }
}
