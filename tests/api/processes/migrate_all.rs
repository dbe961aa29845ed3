use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use super::{publish_next, told};
use crate::{
    jobs::exhaust,
    office::Office,
    workflow::{definition, publish, start, task},
};

fn chain() -> [Value; 3] {
    [
        task("a", "lead_advisor", &[]),
        task("b", "client_service_associate", &["a"]),
        task("c", "lead_advisor", &["b"]),
    ]
}

/// Three processes: at `a`, at `b`, and completed.
struct Several {
    office: Office,
    process_type: String,
    processes: Vec<String>,
}

async fn several(app: &TestApp) -> Several {
    let office = Office::open(app).await;
    let process_type = publish(app, definition("chain", &chain())).await;
    let mut processes = Vec::new();
    for done in 0..3 {
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        processes.push(process.id().to_owned());
        if done == 1 {
            let tasks = office.tasks(process.id()).await;
            let lead = office.holder("lead_advisor");
            office.complete(lead, &tasks["a"], None).await.ok(200);
        }
        if done == 2 {
            office.carry_on(process.id(), |_| false).await;
        }
    }
    Several {
        office,
        process_type,
        processes,
    }
}

impl Several {
    /// A version without `b`.
    async fn shorter(&self) {
        let tasks = [
            task("a", "lead_advisor", &[]),
            task("c", "lead_advisor", &["a"]),
        ];
        let next = definition("chain", &tasks);
        publish_next(&self.office.app.admin(), &self.process_type, next).await;
    }

    fn path(&self) -> String {
        format!("/v1/process-types/{}/migrate", self.process_type)
    }

    /// Asks, has the work done, and looks what came of it.
    async fn migrate(&self, who: &Client, body: Value) -> Reply {
        let asked = who.post(&self.path(), body).await.ok(202);
        assert_eq!(asked["status"], "running");
        self.office.app.run_jobs().await;
        who.get(asked.header("location").unwrap()).await.ok(200)
    }

    async fn versions(&self) -> Vec<i64> {
        let mut versions = Vec::new();
        for process in &self.processes {
            let path = format!("/v1/processes/{process}");
            let now = self.office.app.admin().get(&path).await.ok(200);
            versions.push(now["process_type_version"].as_i64().unwrap());
        }
        versions
    }
}

fn counts(found: i64, moved: i64, unchanged: i64, refused: i64) -> Value {
    json!({ "found": found, "waiting": 0, "moved": moved, "unchanged": unchanged, "refused": refused })
}

on_both! {
    /// A dry run counts what the real one does, and moves nothing.
    async fn all_that_run_are_moved_after_a_look_at_which_can_be(app: TestApp) {
        let several = several(&app).await;
        several.shorter().await;
        for (dry_run, versions) in [(true, [1, 1, 1]), (false, [2, 1, 1])] {
            let came = several.migrate(&app.admin(), json!({ "dry_run": dry_run })).await;
            assert_eq!(came["status"], "completed");
            assert_eq!(came["progress"], 1.0);
            assert_eq!(came["dry_run"], dry_run);
            assert_eq!(came["to_version"], 2);
            assert_eq!(came["counts"], counts(2, 1, 0, 1));
            let refused = came["refused"].as_array().unwrap();
            assert_eq!(refused.len(), 1);
            assert_eq!(refused[0]["process_id"], several.processes[1]);
            assert_eq!(refused[0]["reasons"][0]["pointer"], "/tasks/b");
            assert_eq!(refused[0]["reasons"][0]["code"], "no-counterpart");
            assert_eq!(several.versions().await, versions);
            let moved = told(&app, "process.migrated").await;
            assert_eq!(moved.len(), usize::from(!dry_run));
            assert_eq!(told(&app, "process_type.migrated").await.len(), usize::from(!dry_run));
        }
        let moved = told(&app, "process.migrated").await;
        assert_eq!(moved[0]["after"]["requested_by"], app.admin().id().to_string());

        // What is left is moved by naming what it is called now; what was moved is not looked at again.
        let came = several.migrate(&app.admin(), json!({ "map": { "b": "c" } })).await;
        assert_eq!(came["counts"], counts(1, 0, 0, 1), "c would be both");
        let jobs = app.admin().get("/v1/jobs?state=parked").await.ok(200);
        assert_eq!(jobs["data"], json!([]));
        app.admin().get("/v1/audit/verify").await.ok(200);
    }

    /// A job for a process that has come to the version in another way does nothing.
    async fn each_process_is_moved_once(app: TestApp) {
        let several = several(&app).await;
        several.shorter().await;
        let asked = app.admin().post(&several.path(), json!({})).await.ok(202);
        let again = app.admin().post(&several.path(), json!({})).await.ok(202);
        let path = format!("/v1/processes/{}/migrate", several.processes[0]);
        // Both have found the process before anything is moved.
        assert!(app.worker().round().await.unwrap());
        app.run_jobs().await;
        let _ = app.admin().post(&path, json!({})).await.problem(409, "conflict");
        let mut moved = 0;
        for asked in [asked, again] {
            let came = app.admin().get(asked.header("location").unwrap()).await.ok(200);
            assert_eq!(came["status"], "completed");
            moved += came["counts"]["moved"].as_i64().unwrap();
        }
        assert_eq!(moved, 1);
        assert_eq!(told(&app, "process.migrated").await.len(), 1);
    }

    /// What cannot be moved, however often it is tried, holds up neither the others nor the end, and can be tried again.
    #[set(access_token_lifetime = "86400")]
    async fn a_move_that_fails_for_good_is_told_and_can_be_tried_again(app: TestApp) {
        let several = several(&app).await;
        several.shorter().await;
        let asked = app.admin().post(&several.path(), json!({})).await.ok(202);
        app.on_database("UPDATE task SET kind = 'of tomorrow'").await;
        exhaust(&app).await;
        let came = app.admin().get(asked.header("location").unwrap()).await.ok(200);
        assert_eq!((&came["status"], &came["counts"]), (&json!("completed"), &counts(2, 0, 0, 2)));
        for refused in came["refused"].as_array().unwrap() {
            assert_eq!(refused["reasons"][0]["code"], "job-parked");
            let detail = "Moving it failed, and its job is parked. A stored record could not be read; the log says which.";
            assert_eq!(refused["reasons"][0]["detail"], detail);
        }

        app.on_database("UPDATE task SET kind = 'task'").await;
        let parked = app.admin().get("/v1/jobs?state=parked").await.ok(200);
        for job in parked["data"].as_array().unwrap() {
            let requeue = format!("/v1/jobs/{}/requeue", job["id"].as_str().unwrap());
            app.admin().post_empty(&requeue).await.ok(200);
        }
        app.run_jobs().await;
        let came = app.admin().get(asked.header("location").unwrap()).await.ok(200);
        assert_eq!(came["counts"], counts(2, 1, 0, 1));
        assert_eq!(came["refused"][0]["reasons"][0]["code"], "no-counterpart");
        assert_eq!(several.versions().await, [2, 1, 1]);
    }

    /// More than are found in one go.
    async fn many_are_moved_in_stretches(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, definition("chain", &chain())).await;
        for _ in 0..101 {
            start(&app.admin(), &process_type, &office.client_id).await;
        }
        let several = Several { office, process_type, processes: Vec::new() };
        several.shorter().await;
        let came = several.migrate(&app.admin(), json!({})).await;
        assert_eq!(came["counts"], counts(101, 101, 0, 0));
        assert_eq!(told(&app, "process.migrated").await.len(), 101);
    }

    /// X16, X17, X20: a designer moves what they manage, and learns nothing of what they do not see.
    async fn only_what_whoever_asks_may_move_is_moved(app: TestApp) {
        let several = several(&app).await;
        several.shorter().await;
        let lead = several.office.holder("lead_advisor");
        let refused = lead.post(&several.path(), json!({})).await.problem(403, "forbidden");
        assert_eq!(refused["rule"], "X20");
        let designer = app.user("Dora Designer", PermissionLevel::Designer).await;
        let came = several.migrate(&designer, json!({})).await;
        assert_eq!(came["counts"], counts(0, 0, 0, 0));
        several.office.join(&several.office.client_id, &designer, "paraplanner").await;
        let came = several.migrate(&designer, json!({})).await;
        assert_eq!(came["counts"], counts(2, 0, 0, 2));
        assert_eq!(came["refused"][0]["reasons"][0]["code"], "forbidden");
        assert_eq!(several.versions().await, [1, 1, 1]);

        let asked = app.admin().post(&several.path(), json!({ "dry_run": true })).await.ok(202);
        let path = asked.header("location").unwrap().to_owned();
        let _ = designer.get(&path).await.problem(404, "not-found");
        let auditor = app.user("Otto Auditor", PermissionLevel::Auditor).await;
        auditor.get(&path).await.ok(200);
        let _ = app.other_firm("southwind").await.get(&path).await.problem(404, "not-found");
    }

    async fn versions_and_keys_that_are_none_are_refused_for_all(app: TestApp) {
        let several = several(&app).await;
        let admin = app.admin();
        let refused = admin.post(&several.path(), json!({ "version": 2 })).await;
        assert_eq!(refused.problem(422, "validation-failed").faults(), [("/version", "unknown-version")]);
        let refused = admin.post(&several.path(), json!({ "map": { "old": "z" } })).await;
        assert_eq!(refused.problem(422, "validation-failed").faults(), [("/map/old", "unknown-key")]);
        // A process that follows the version already is none to be moved.
        let came = several.migrate(&admin, json!({})).await;
        assert_eq!(came["counts"], counts(0, 0, 0, 0));
    }

    async fn a_process_type_is_migrated_in_its_current_version_only(app: TestApp) {
        let several = several(&app).await;
        let path = format!("/v1/process-types/{}", several.process_type);
        let head = app.admin().get(&path).await.ok(200);
        let stale = app.admin().if_match("\"999999\"");
        let _ = stale.post(&several.path(), json!({})).await.problem(412, "version-conflict");
        let keyed = app.admin().if_match(head.etag()).key("all");
        let first = keyed.post(&several.path(), json!({ "dry_run": true })).await.ok(202);
        let again = keyed.post(&several.path(), json!({ "dry_run": true })).await.ok(202);
        assert_eq!(first.text, again.text);
        assert_eq!(first.header("location"), again.header("location"));
    }
}
