//! The worker's jobs and the notary, with each of their statements failing in turn.

use chrono::{DateTime, TimeDelta, Utc};
use persistence::Fault;
use serde_json::{Value, json};
use tests::{Client, Database, Stored, TestApp, run};

use super::bench::{Bench, MOST, PATIENT};
use crate::{
    jobs::parent_and_child,
    workflow::{for_firm, publish, start},
};

/// What leaves exactly one job that is due, and shows afterwards what the job has brought about.
#[derive(Debug, Clone, Copy)]
enum Occasion {
    /// A task waits for another process.
    Start,
    /// That process has ended.
    Ended,
    /// The process of the task is cancelled, and with it the one that it waits for.
    Cancelled,
    /// A task is due soon.
    Reminder,
    /// A date has changed from which tasks are dated.
    Anchor,
    /// The time of a schedule has come.
    Scheduled,
    /// Processes are to be started for many; here for one.
    Batch,
}

/// The process types that occasions are made of.
struct Office {
    bench: Bench,
    admin: Client,
    parent: String,
    watched: String,
    anchored: String,
    plain: String,
}

impl Office {
    async fn open(app: &TestApp) -> Self {
        let [child, parent] = parent_and_child();
        publish(app, child).await;
        let mine = json!([{ "is": "initiator" }]);
        let watched = json!({
            "key": "only", "title": "Do it", "owner": mine,
            "due": { "amount": 6, "unit": "days", "from": "opened" },
            "reminders": [{ "amount": -1, "unit": "days" }],
        });
        let anchored = json!({
            "key": "only", "title": "Renew it", "owner": mine,
            "due": { "amount": -30, "unit": "days", "from": "attribute", "key": "renewal" },
        });
        let only = json!({ "key": "only", "title": "Do it", "owner": mine });
        let plain = for_firm("plain", &[only]);
        let admin = app.admin();
        let renewal = json!({
            "key": "renewal", "label": "Renewal", "entity_kind": "client", "value_type": "date",
        });
        admin.post("/v1/attributes", renewal).await.ok(201);
        let mut anchored = for_firm("anchored", &[anchored]);
        anchored["subject"] = json!({ "kinds": ["client"] });
        Self {
            bench: Bench::open(app).await,
            admin,
            parent: publish(app, parent).await,
            watched: publish(app, for_firm("watched", &[watched])).await,
            anchored: publish(app, anchored).await,
            plain: publish(app, plain).await,
        }
    }

    fn app(&self) -> &TestApp {
        &self.bench.app
    }

    async fn begin(&self, process_type: &str) -> String {
        let firm = self.app().firm.to_string();
        start(&self.admin, process_type, &firm)
            .await
            .id()
            .to_owned()
    }

    async fn task(&self, process: &str, key: &str) -> Value {
        let path = format!("/v1/processes/{process}/tasks");
        let page = self.admin.get(&path).await.ok(200);
        let mut tasks = page["data"].as_array().unwrap().iter();
        tasks.find(|task| task["key"] == key).unwrap().clone()
    }

    /// Makes an occasion; the process, schedule or batch that it is about.
    async fn make(&self, occasion: Occasion) -> String {
        let app = self.app();
        match occasion {
            Occasion::Start => self.begin(&self.parent).await,
            Occasion::Ended => {
                let process = self.begin(&self.parent).await;
                app.run_jobs().await;
                let child = self.task(&process, "wait").await["child_process_id"].clone();
                let only = self.task(child.as_str().unwrap(), "only").await;
                let path = format!("/v1/tasks/{}/complete", only["id"].as_str().unwrap());
                self.admin
                    .if_match("*")
                    .post(&path, json!({}))
                    .await
                    .ok(200);
                process
            }
            Occasion::Cancelled => {
                let process = self.begin(&self.parent).await;
                app.run_jobs().await;
                let path = format!("/v1/processes/{process}/cancel");
                let body = json!({ "reason": "It is off.", "children": "cancel" });
                self.admin.if_match("*").post(&path, body).await.ok(200);
                process
            }
            Occasion::Reminder => {
                let process = self.begin(&self.watched).await;
                let jobs = self
                    .admin
                    .get("/v1/jobs?state=scheduled&limit=200")
                    .await
                    .ok(200);
                let mut jobs = jobs["data"].as_array().unwrap().iter();
                let planned = jobs.find(|job| job["process_id"] == process).unwrap();
                let at: DateTime<Utc> = planned["run_at"].as_str().unwrap().parse().unwrap();
                app.clock.advance(at - app.state.ambient.now());
                process
            }
            Occasion::Anchor => {
                let body = json!({
                    "name": "Okafor Household", "kind": "household",
                    "attributes": { "renewal": "2031-06-02" },
                });
                let client = self.admin.post("/v1/entities", body).await.ok(201);
                let process = start(&self.admin, &self.anchored, client.id()).await;
                let path = format!("/v1/entities/{}", client.id());
                let body = json!({ "attributes": { "renewal": "2031-08-04" } });
                self.admin.if_match("*").patch(&path, body).await.ok(200);
                process.id().to_owned()
            }
            Occasion::Scheduled => {
                let tomorrow = (app.state.ambient.now() + TimeDelta::days(1)).date_naive();
                let timing = json!({ "on": tomorrow });
                let body = json!({ "process_type_id": self.plain, "timing": timing });
                let schedule = self.admin.post("/v1/schedules", body).await.ok(201);
                let at: DateTime<Utc> = schedule["next_at"].as_str().unwrap().parse().unwrap();
                app.clock.advance(at - app.state.ambient.now());
                schedule.id().to_owned()
            }
            Occasion::Batch => {
                let body = json!({ "process_type_id": self.plain, "entity_ids": [app.firm] });
                let batch = self.admin.post("/v1/batches", body).await.ok(202);
                batch.id().to_owned()
            }
        }
    }

    /// How often what an occasion calls for has happened, as its process, the trail and those who were told know of it.
    async fn happened(&self, occasion: Occasion, process: &str) -> usize {
        match occasion {
            Occasion::Start => self.children(process).await.len(),
            Occasion::Ended => {
                assert_eq!(self.task(process, "wait").await["status"], "completed");
                let thank = self.task(process, "thank").await;
                self.told("task.opened", &thank["id"]).await
            }
            Occasion::Cancelled => {
                let [child] = &self.children(process).await[..] else {
                    panic!("a task has one child");
                };
                assert_eq!(child["status"], "cancelled");
                self.told("process.cancelled", &child["id"]).await
            }
            Occasion::Reminder => {
                let task = self.task(process, "only").await;
                let inbox = self.admin.get("/v1/notifications?limit=200").await.ok(200);
                let inbox = inbox["data"].as_array().unwrap().iter();
                let messages = inbox.filter(|it| it["task_id"] == task["id"]).count();
                let told = self.told("task.reminded", &task["id"]).await;
                assert_eq!(messages, told);
                told
            }
            Occasion::Anchor => {
                let task = self.task(process, "only").await;
                let due = task["due_at"].as_str().unwrap();
                usize::from(due.starts_with("2031-07-0"))
            }
            Occasion::Scheduled => {
                let runs = format!("/v1/schedules/{process}/runs");
                let runs = self.admin.get(&runs).await.ok(200);
                let started = self
                    .listed(&format!("/v1/processes?schedule_id={process}"))
                    .await;
                assert_eq!(runs["data"].as_array().unwrap().len(), started);
                started
            }
            Occasion::Batch => {
                let batch = format!("/v1/batches/{process}");
                let batch = self.admin.get(&batch).await.ok(200);
                assert_eq!(batch["status"], "completed");
                let started = self
                    .listed(&format!("/v1/processes?batch_id={process}"))
                    .await;
                assert_eq!(batch["counts"]["started"], started);
                started
            }
        }
    }

    async fn children(&self, process: &str) -> Vec<Value> {
        let path = format!("/v1/processes?parent_id={process}");
        let page = self.admin.get(&path).await.ok(200);
        page["data"].as_array().unwrap().clone()
    }

    async fn listed(&self, path: &str) -> usize {
        let page = self.admin.get(path).await.ok(200);
        page["data"].as_array().unwrap().len()
    }

    async fn told(&self, event: &str, subject: &Value) -> usize {
        let path = format!(
            "/v1/audit?action={event}&subject_id={}",
            subject.as_str().unwrap()
        );
        let page = self.admin.get(&path).await.ok(200);
        page["data"].as_array().unwrap().len()
    }

    /// One round of a worker in which a statement fails; whether there was such a statement.
    async fn round(&self, occasion: Occasion, fault: (u32, Fault)) -> bool {
        let at = format!("{occasion:?}, {fault:?}");
        let process = self.make(occasion).await;
        let done = "SELECT count(*) FROM job WHERE state = 'done'";
        let before = self.bench.count(done).await;
        let worker = self.app().worker();
        let store = &self.app().state.store;
        let round = store.watch_statements(worker.round());
        let stored = self.bench.stored().await;
        let tried = self.bench.with_fault(fault, &stored, round).await;
        let done = self.bench.count(done).await - before;
        // The job is done with all that it does, or nothing but its row knows that it was tried.
        let changed: Vec<_> = tried
            .changed()
            .into_iter()
            .filter(|table| *table != "job")
            .collect();
        self.bench
            .expect(done == 1 || (done == 0 && changed.is_empty()), || {
                format!("{at}: {done} jobs done, and {changed:?} changed")
            });
        if tried.struck {
            // Whoever comes when the lease has ended.
            self.app().clock.advance(TimeDelta::minutes(2));
        }
        self.app().run_jobs().await;
        let times = self.happened(occasion, &process).await;
        self.bench.expect(times == 1, || {
            format!("{at}: it has happened {times} times")
        });
        tried.struck
    }
}

fn nothing_is_due(stored: &Stored) -> bool {
    !stored["job"].contains("running") && !stored["job"].contains("parked")
}

fn every_job_fails(database: Database) {
    run(database, &PATIENT, async |app: TestApp| {
        let office = Office::open(&app).await;
        for occasion in [
            Occasion::Start,
            Occasion::Ended,
            Occasion::Cancelled,
            Occasion::Reminder,
            Occasion::Anchor,
            Occasion::Scheduled,
            Occasion::Batch,
        ] {
            let mut struck = 0;
            for number in 1..MOST {
                if !office.round(occasion, office.bench.failure(number)).await {
                    break;
                }
                office.round(occasion, (number, Fault::AnswerLost)).await;
                struck += 1;
            }
            assert!((6..MOST - 1).contains(&struck), "{occasion:?}: {struck}");
        }
        assert!(nothing_is_due(&office.bench.stored().await));
        office.bench.close().await;
    });
}

#[test]
fn a_job_is_done_once_or_not_at_all_when_a_statement_fails_on_sqlite() {
    every_job_fails(Database::Sqlite);
}

#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn a_job_is_done_once_or_not_at_all_when_a_statement_fails_on_postgres() {
    every_job_fails(Database::Postgres);
}

fn every_signature_fails(database: Database) {
    run(database, &PATIENT, async |app: TestApp| {
        let bench = Bench::open(&app).await;
        let (store, notary) = (&app.state.store, app.notary());
        for day in 1..MOST {
            let attending = store.watch_statements(Box::pin(notary.attend()));
            let before = bench.stored().await;
            let tried = bench
                .with_fault(bench.failure(day), &before, attending)
                .await;
            let (attended, _) = &tried.outcome;
            assert_eq!(
                attended.is_err(),
                tried.struck,
                "statement {day}: {attended:?}"
            );
            app.notarise().await;
            let signed = bench.count("SELECT count(*) FROM audit_checkpoint").await;
            assert_eq!(signed, i64::from(day), "one a day");
            app.clock.advance(TimeDelta::days(1));
            if !tried.struck {
                assert!(day > 5, "the notary sends {day} statements");
                bench.close().await;
                return;
            }
        }
        panic!("the notary sends more than {MOST} statements");
    });
}

/// E19
#[test]
fn a_day_is_signed_once_when_a_statement_fails_on_sqlite() {
    every_signature_fails(Database::Sqlite);
}

/// E19
#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn a_day_is_signed_once_when_a_statement_fails_on_postgres() {
    every_signature_fails(Database::Postgres);
}
