//! Schedules: processes that start by themselves (E18).

mod planned;
mod records;
mod refusals;
mod runs;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tests::{ADMIN_EMAIL, Client, TestApp};

use crate::{
    office::Office,
    workflow::{definition, for_firm, publish, task},
};

/// A process type for clients with one task, with what else is set.
pub(crate) async fn client_type(app: &TestApp, key: &str, more: Value) -> String {
    let mut body = definition(key, &[task("only", "lead_advisor", &[])]);
    for (member, value) in more.as_object().into_iter().flatten() {
        body[member] = value.clone();
    }
    publish(app, body).await
}

/// A process type for the firm's own work.
pub(crate) async fn firm_type(app: &TestApp, key: &str) -> String {
    publish(
        app,
        for_firm(key, &[task("only", "compliance_officer", &[])]),
    )
    .await
}

/// The admin, who signs in again: tokens end while the clock is moved.
pub(crate) async fn admin(app: &TestApp) -> Client {
    app.sign_in(ADMIN_EMAIL).await
}

/// Moves the clock to a moment, without anything being done meanwhile.
pub(crate) fn move_to(app: &TestApp, moment: &str) {
    let moment: DateTime<Utc> = moment.parse().unwrap();
    app.clock.advance(moment - app.state.ambient.now());
}

/// Moves the clock to a moment, and does what is due then.
pub(crate) async fn wait_for(app: &TestApp, moment: &str) {
    move_to(app, moment);
    app.run_jobs().await;
}

/// Makes a schedule for the office's client.
async fn schedule(office: &Office, process_type: &str, more: Value) -> String {
    let mut body = json!({ "process_type_id": process_type, "entity_id": office.client_id });
    for (member, value) in more.as_object().into_iter().flatten() {
        body[member] = value.clone();
    }
    let made = admin(&office.app).await.post("/v1/schedules", body).await;
    made.ok(201).id().to_owned()
}

async fn list(app: &TestApp, path: &str) -> Vec<Value> {
    let page = admin(app).await.get(path).await.ok(200);
    page["data"].as_array().unwrap().clone()
}

/// The runs of a schedule, newest first.
async fn runs(app: &TestApp, schedule: &str) -> Vec<Value> {
    list(app, &format!("/v1/schedules/{schedule}/runs")).await
}

/// The processes that a schedule has started, newest first.
async fn started(app: &TestApp, schedule: &str) -> Vec<Value> {
    list(app, &format!("/v1/processes?schedule_id={schedule}")).await
}

async fn occurrences(app: &TestApp, schedule: &str, query: &str) -> Value {
    let path = format!("/v1/schedules/{schedule}/occurrences{query}");
    admin(app).await.get(&path).await.ok(200)["occurrences"].clone()
}

/// What the trail holds of this kind, oldest first.
async fn told(app: &TestApp, action: &str) -> Vec<Value> {
    let mut entries = list(app, &format!("/v1/audit?action={action}&limit=200")).await;
    entries.sort_by_key(|entry| entry["sequence"].as_i64());
    entries
}
