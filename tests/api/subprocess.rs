//! A task whose process fails: it stands still until somebody who manages it decides (E25).

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use crate::{
    jobs::{exhaust, parent_and_child},
    versions::tried,
    workflow::{publish, start},
};

const BREAK: &str = "ALTER TABLE process_type_version RENAME COLUMN definition TO broken";
const MEND: &str = "ALTER TABLE process_type_version RENAME COLUMN broken TO definition";

/// A process whose first task waits for another process.
struct Waiting<'a> {
    app: &'a TestApp,
    process: String,
}

impl<'a> Waiting<'a> {
    async fn begin(app: &'a TestApp) -> Self {
        let [child, parent] = parent_and_child();
        publish(app, child).await;
        let parent = publish(app, parent).await;
        let process = start(&app.admin(), &parent, &app.firm.to_string()).await;
        Self {
            app,
            process: process.id().to_owned(),
        }
    }

    async fn task(&self, key: &str) -> Value {
        let path = format!("/v1/processes/{}/tasks", self.process);
        let page = self.app.admin().get(&path).await.ok(200);
        let mut tasks = page["data"].as_array().unwrap().iter();
        tasks.find(|task| task["key"] == key).unwrap().clone()
    }

    /// The address of the task that waits.
    async fn path(&self, action: &str) -> String {
        let task = self.task("wait").await;
        format!("/v1/tasks/{}/{action}", task["id"].as_str().unwrap())
    }

    async fn act(&self, who: &Client, action: &str, body: Value) -> Reply {
        who.post(&self.path(action).await, body).await
    }

    async fn children(&self) -> Vec<Value> {
        let path = format!("/v1/processes?parent_id={}", self.process);
        let page = self.app.admin().get(&path).await.ok(200);
        page["data"].as_array().unwrap().clone()
    }

    /// Cancels the child that is under way, and lets the news arrive.
    async fn cancel_child(&self) {
        self.app.run_jobs().await;
        let child = self.task("wait").await["child_process_id"].clone();
        let path = format!("/v1/processes/{}/cancel", child.as_str().unwrap());
        let why = json!({ "reason": "The client has changed their mind." });
        self.app.admin().post(&path, why).await.ok(200);
        self.app.run_jobs().await;
    }

    /// Does the only task of the child that is under way, and lets the news arrive.
    async fn complete_child(&self) {
        let child = self.task("wait").await["child_process_id"].clone();
        let path = format!("/v1/processes/{}/tasks", child.as_str().unwrap());
        let tasks = self.app.admin().get(&path).await.ok(200);
        let only = &tasks["data"][0];
        let path = format!("/v1/tasks/{}/complete", only["id"].as_str().unwrap());
        let tag = format!("\"{}\"", only["version"]);
        // Theirs, as a child's initiator is whoever brought it about (E9).
        let admin = self.app.admin();
        let done = admin.if_match(&tag).post(&path, json!({})).await.ok(200);
        assert_eq!(done["task"]["completed_via"], "owner");
        self.app.run_jobs().await;
    }
}

fn why() -> Value {
    json!({ "reason": "It is done by hand." })
}

/// Skips a task while its process is under way, which is refused until the fate of that is told.
async fn skipped_over_child(app: &TestApp, fate: &str, becomes: &str) {
    let waiting = Waiting::begin(app).await;
    app.run_jobs().await;
    let admin = app.admin();
    let unsaid = waiting.act(&admin, "skip", why()).await;
    let unsaid = unsaid.problem(422, "validation-failed");
    assert_eq!(unsaid.faults(), [("/children", "required")]);
    assert_eq!(waiting.task("wait").await["status"], "open");
    let mut body = why();
    body["children"] = json!(fate);
    waiting.act(&admin, "skip", body).await.ok(200);
    assert_eq!(waiting.task("wait").await["status"], "skipped");
    app.run_jobs().await;
    assert_eq!(waiting.children().await[0]["status"], becomes);
    assert_eq!(waiting.task("thank").await["status"], "open");
}

on_both! {
    /// E25
    async fn a_cancelled_child_stops_the_task_until_it_is_retried(app: TestApp) {
        let waiting = Waiting::begin(&app).await;
        let admin = app.admin();
        let early = waiting.act(&admin, "retry", json!({})).await;
        let _ = early.problem(409, "nothing-to-retry");
        waiting.cancel_child().await;
        let task = waiting.task("wait").await;
        assert_eq!(task["status"], "on_hold");
        assert_eq!(task["hold"]["reason"], "internal");
        assert_eq!(task["hold"]["awaited_process_failed"], true);
        let refused = waiting.act(&admin, "resume", json!({})).await;
        let _ = refused.problem(409, "awaited-process-failed");

        let retried = waiting.act(&admin, "retry", json!({})).await.ok(200);
        assert_eq!((&retried["status"], &retried["hold"]), (&json!("open"), &Value::Null));
        let again = waiting.act(&admin, "retry", json!({})).await;
        let _ = again.problem(409, "nothing-to-retry");
        app.run_jobs().await;
        assert_eq!(waiting.children().await.len(), 2);
        waiting.complete_child().await;
        assert_eq!(waiting.task("wait").await["status"], "completed");
        assert_eq!(waiting.task("thank").await["status"], "open");
    }

    /// E25, X16
    async fn only_those_who_manage_a_task_retry_it(app: TestApp) {
        let waiting = Waiting::begin(&app).await;
        let owner = app.user("Olga Owner", PermissionLevel::Member).await;
        let path = waiting.path("assign").await;
        let task = waiting.task("wait").await;
        let tag = format!("\"{}\"", task["version"]);
        let body = json!({ "owner_id": owner.id() });
        app.admin().if_match(&tag).post(&path, body).await.ok(200);
        waiting.cancel_child().await;
        let refused = waiting.act(&owner, "retry", json!({})).await;
        assert_eq!(refused.problem(403, "forbidden")["rule"], "X7");
        let path = waiting.path("permissions").await;
        let asked = owner.get(&path).await.ok(200);
        assert_eq!(asked["actions"]["retry"]["allowed"], false);
        let asked = app.admin().get(&path).await.ok(200);
        assert_eq!(asked["actions"]["retry"]["rule"], "X16");
        let path = waiting.path("retry").await;
        tried(&app.admin(), "retryTask", &path, None).await;
    }

    /// E25, E23
    async fn a_task_over_a_failed_child_is_skipped_or_cancelled(app: TestApp) {
        let waiting = Waiting::begin(&app).await;
        app.run_jobs().await;
        let early = waiting.act(&app.admin(), "cancel", why()).await;
        let _ = early.problem(409, "task-not-cancellable");
        waiting.cancel_child().await;
        waiting.act(&app.admin(), "skip", why()).await.ok(200);
        assert_eq!(waiting.task("thank").await["status"], "open");
        assert_eq!(waiting.task("wait").await["status"], "skipped");
    }

    /// E23, E25, E15
    async fn skipping_says_whether_the_process_that_is_waited_for_is_cancelled(app: TestApp) {
        skipped_over_child(&app, "cancel", "cancelled").await;
    }

    /// E23, E25, E15
    async fn skipping_says_whether_the_process_that_is_waited_for_goes_on(app: TestApp) {
        skipped_over_child(&app, "keep", "running").await;
    }

    /// E25, E15
    async fn cancelling_the_task_ends_what_comes_after_it(app: TestApp) {
        let waiting = Waiting::begin(&app).await;
        waiting.cancel_child().await;
        waiting.act(&app.admin(), "cancel", why()).await.ok(200);
        assert_eq!(waiting.task("wait").await["status"], "cancelled");
        assert_eq!(waiting.task("thank").await["status"], "not_taken");
        let path = format!("/v1/processes/{}", waiting.process);
        assert_eq!(app.admin().get(&path).await.ok(200)["status"], "completed");
    }

    /// E25
    #[set(access_token_lifetime = "86400")]
    async fn a_child_that_cannot_be_started_stops_the_task_and_retrying_starts_it_once(app: TestApp) {
        let waiting = Waiting::begin(&app).await;
        app.on_database(BREAK).await;
        exhaust(&app).await;
        app.on_database(MEND).await;
        let parked = app.admin().get("/v1/jobs?state=parked").await.ok(200);
        let job = parked["data"][0].clone();
        assert_eq!(job["kind"], "start_process");
        assert_eq!(job["last_error"], "The database failed; the log has more.");
        let task = waiting.task("wait").await;
        assert_eq!((&task["status"], &task["id"]), (&json!("on_hold"), &job["task_id"]));
        assert_eq!(task["hold"]["note"], "The process that this task waits for could not be started.");

        waiting.act(&app.admin(), "retry", json!({})).await.ok(200);
        app.run_jobs().await;
        let requeue = format!("/v1/jobs/{}/requeue", job["id"].as_str().unwrap());
        app.admin().post(&requeue, json!({})).await.ok(200);
        app.run_jobs().await;
        assert_eq!(waiting.children().await.len(), 1);
        waiting.complete_child().await;
        assert_eq!(waiting.task("wait").await["status"], "completed");
    }

    /// E25
    #[set(access_token_lifetime = "86400")]
    async fn a_start_that_is_queued_again_lets_the_task_wait_again(app: TestApp) {
        let waiting = Waiting::begin(&app).await;
        app.on_database(BREAK).await;
        exhaust(&app).await;
        app.on_database(MEND).await;
        let parked = app.admin().get("/v1/jobs?state=parked").await.ok(200);
        let requeue = format!("/v1/jobs/{}/requeue", parked["data"][0]["id"].as_str().unwrap());
        app.admin().post_empty(&requeue).await.ok(200);
        assert_eq!(waiting.task("wait").await["status"], "open");
        app.run_jobs().await;
        assert_eq!(waiting.children().await.len(), 1);
        waiting.complete_child().await;
        assert_eq!(waiting.task("thank").await["status"], "open");
    }

    /// E25
    async fn work_made_by_hand_has_nothing_to_retry(app: TestApp) {
        let made = app.admin().post("/v1/tasks", json!({ "title": "Ask" })).await.ok(201);
        let path = format!("/v1/tasks/{}/retry", made.id());
        let refused = app.admin().post_empty(&path).await;
        let _ = refused.problem(409, "nothing-to-retry");
    }
}
