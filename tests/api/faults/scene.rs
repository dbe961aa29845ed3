//! A request that succeeds, for every operation that changes something.

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{ADMIN_EMAIL, Client, FIRM, PASSWORD, Reply, TestApp, document::Operation};

use crate::{
    access::Place,
    jobs::{exhaust, parent_and_child, poison},
    workflow::{definition, publish, start, task},
};

/// A firm with one of everything, and a process type whose tasks bring much about.
pub(super) struct Scene {
    pub(super) app: TestApp,
    place: Place,
    eventful: String,
    /// A process type of two tasks, one after the other, of which nothing else comes.
    plain: String,
    parent: String,
    /// The lead advisor, who owns the tasks.
    lead: Client,
}

/// A request that is valid now.
pub(super) struct Request {
    who: Client,
    pub(super) operation: &'static Operation,
    place: Place,
    body: Option<Value>,
}

impl Request {
    pub(super) async fn send(&self) -> Reply {
        let Self {
            who,
            operation,
            place,
            body,
        } = self;
        match body {
            Some(body) => place.ask_with(who, operation, body).await,
            None => place.ask(who, operation, None, &[]).await,
        }
    }

    /// With this body instead of the document's example.
    fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Under an idempotency key.
    pub(super) fn under(mut self, key: &str) -> Self {
        self.who = self.who.key(key);
        self
    }

    /// Sent by somebody else.
    fn by(mut self, who: &Client) -> Self {
        self.who = who.clone();
        self
    }

    /// About something else.
    fn about(mut self, name: &'static str, id: &str) -> Self {
        self.place = self.place.with(name, id);
        self
    }
}

/// Two tasks, both watched; the first makes a follow-up, tells somebody, writes to the record and starts another process.
fn eventful() -> Value {
    let mut first = task("first", "lead_advisor", &[]);
    first["kind"] = json!("wait");
    first["waiting_on"] = json!("custodian");
    first["skippable"] = json!(true);
    first["form"] = json!([{ "key": "mood", "label": "Mood", "type": "text" }]);
    first["checklist"] = json!([{ "key": "call", "text": "Call the client", "required": false }]);
    first["on_complete"] = json!([
        { "type": "create_task", "title": "Call {{ entity.name }}", "owner": [{ "role": "lead_advisor" }] },
        { "type": "notify", "to": { "role": "lead_advisor" }, "message": "{{ entity.name }} is done." },
        { "type": "log_touchpoint", "touchpoint_type": "call", "subject": "It is done" },
        { "type": "start_process", "process_type": "child" },
    ]);
    let mut second = task("second", "client_service_associate", &["first"]);
    for task in [&mut first, &mut second] {
        task["due"] = json!({ "amount": 4, "unit": "business_days", "from": "opened" });
        task["reminders"] = json!([{ "amount": -1, "unit": "business_days" }]);
    }
    definition("eventful", &[first, second])
}

/// Two tasks, one after the other.
fn plain() -> Value {
    let tasks = [
        task("first", "lead_advisor", &[]),
        task("second", "client_service_associate", &["first"]),
    ];
    definition("plain", &tasks)
}

impl Scene {
    pub(super) async fn open(app: &TestApp) -> Self {
        let place = Place::open(app).await;
        let [mut child, mut parent] = parent_and_child();
        child["subject"] = json!({ "kinds": ["firm", "client"] });
        parent["subject"] = json!({ "kinds": ["firm"] });
        publish(app, child).await;
        let parent = publish(app, parent).await;
        let eventful = publish(app, eventful()).await;
        let plain = publish(app, plain()).await;
        Self {
            app: app.clone(),
            lead: app.sign_in(&format!("lena.brandt@{FIRM}.example")).await,
            place,
            eventful,
            plain,
            parent,
        }
    }

    /// A new process; its id, and that of its first task.
    async fn process(&self) -> (String, String) {
        self.process_of(&self.eventful).await
    }

    async fn process_of(&self, process_type: &str) -> (String, String) {
        let client = self.place.known("entity_id");
        let process = start(&self.app.admin(), process_type, client).await;
        let first = self.first_task(process.id()).await;
        (
            process.id().to_owned(),
            first["id"].as_str().unwrap().to_owned(),
        )
    }

    async fn first_task(&self, process: &str) -> Value {
        let path = format!("/v1/processes/{process}/tasks");
        let tasks = self.app.admin().get(&path).await.ok(200);
        tasks["data"][0].clone()
    }

    async fn act(&self, who: &Client, task: &str, action: &str, body: Value) {
        let path = format!("/v1/tasks/{task}/{action}");
        who.if_match("*").post(&path, body).await.ok(200);
    }

    /// A schedule that is active.
    async fn schedule(&self) -> String {
        let body = json!({
            "process_type_id": self.plain,
            "entity_id": self.place.known("entity_id"),
            "timing": { "rule": "FREQ=DAILY" },
        });
        let made = self.app.admin().post("/v1/schedules", body).await.ok(201);
        made.id().to_owned()
    }

    /// A batch that has not begun.
    async fn batch(&self) -> String {
        let entity = self.place.known("entity_id");
        let body = json!({ "process_type_id": self.plain, "entity_ids": [entity] });
        let begun = self.app.admin().post("/v1/batches", body).await.ok(202);
        begun.id().to_owned()
    }

    /// The task of a process that waits for a child which was cancelled.
    async fn task_that_failed(&self) -> String {
        let admin = self.app.admin();
        let firm = self.app.firm.to_string();
        let process = start(&admin, &self.parent, &firm).await.id().to_owned();
        self.app.run_jobs().await;
        let task = self.first_task(&process).await;
        let child = task["child_process_id"].as_str().unwrap();
        let why = json!({ "reason": "The client has changed their mind." });
        admin
            .if_match("*")
            .post(&format!("/v1/processes/{child}/cancel"), why)
            .await
            .ok(200);
        self.app.run_jobs().await;
        task["id"].as_str().unwrap().to_owned()
    }

    /// A request for an operation; the document's example by the admin, unless something else is needed to have it succeed.
    #[expect(clippy::too_many_lines, reason = "one arm for each operation")]
    pub(super) async fn request(&self, operation: &'static Operation) -> Request {
        let admin = self.app.admin();
        let request = Request {
            who: admin.clone(),
            operation,
            place: self.place.clone(),
            body: None,
        };
        let client = self.place.known("entity_id");
        match operation.id {
            "createEntityRelation" => {
                let new = json!({ "name": "Ida Okafor", "kind": "person" });
                let other = admin.post("/v1/entities", new).await.ok(201);
                request.body(json!({ "to_entity_id": other.id(), "kind": "related_to" }))
            }
            "requeueJob" => {
                let jobs = poison(&self.app, self.app.firm, 1).await;
                exhaust(&self.app).await;
                request.about("job_id", &jobs[0].to_string())
            }
            "readNotification" => request.by(&self.lead),
            "putProcessTypeDraft" => {
                let path = format!(
                    "/v1/process-types/{}/draft",
                    self.place.known("process_type_id")
                );
                let mut draft = admin.get(&path).await.ok(200).body["definition"].clone();
                draft["name"] = json!("Shorter still");
                request.body(draft)
            }
            "simulateProcessTypeDraft" | "simulateProcessTypeVersion" => {
                request.body(json!({ "entity_id": client }))
            }
            "startProcess" => {
                request.body(json!({ "process_type_id": self.eventful, "entity_id": client }))
            }
            "cancelProcess" | "holdProcess" => request.about("id", &self.process().await.0),
            "resumeProcess" => {
                let (process, _) = self.process().await;
                let hold = json!({ "reason": "The client is abroad." });
                let path = format!("/v1/processes/{process}/hold");
                admin.if_match("*").post(&path, hold).await.ok(200);
                request.about("id", &process)
            }
            "createSchedule" => request.body(json!({
                "process_type_id": self.plain,
                "entity_id": client,
                "timing": { "rule": "FREQ=DAILY" },
            })),
            "createBatch" => request.body(json!({
                "process_type_id": self.plain,
                "entity_ids": [client],
            })),
            "updateSchedule" | "pauseSchedule" | "archiveSchedule" => {
                request.about("schedule_id", &self.schedule().await)
            }
            "resumeSchedule" => {
                let schedule = self.schedule().await;
                let path = format!("/v1/schedules/{schedule}/pause");
                admin.post(&path, json!({})).await.ok(200);
                request.about("schedule_id", &schedule)
            }
            "pauseBatch" | "cancelBatch" => request.about("batch_id", &self.batch().await),
            "resumeBatch" => {
                let batch = self.batch().await;
                let path = format!("/v1/batches/{batch}/pause");
                admin.post(&path, json!({})).await.ok(200);
                request.about("batch_id", &batch)
            }
            "createSession" => request
                .by(&self.app.stranger())
                .body(json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD })),
            "refreshSession" => {
                let stranger = self.app.stranger();
                let body = json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
                let tokens = stranger.post("/v1/sessions", body).await.ok(201);
                request
                    .by(&stranger)
                    .body(json!({ "refresh_token": tokens["refresh_token"] }))
            }
            "deleteSession" => {
                let other = self.app.sign_in(ADMIN_EMAIL).await;
                let sessions = other.get("/v1/sessions").await.ok(200);
                let mut sessions = sessions["data"].as_array().unwrap().iter();
                let current = sessions.find(|session| session["current"] == true).unwrap();
                request.about("session_id", current["id"].as_str().unwrap())
            }
            "deleteCurrentSession" => request.by(&self.app.sign_in(ADMIN_EMAIL).await),
            "createTaskSubmission" => {
                let (process, task) = self.process().await;
                let sent = self.first_task(&process).await["submissions"][0]["id"].clone();
                let action = format!("submissions/{}/answer", sent.as_str().unwrap());
                self.act(&self.lead, &task, &action, json!({ "answer": "rejected" }))
                    .await;
                request.by(&self.lead).about("task_id", &task)
            }
            "startTask" | "setChecklistItem" | "releaseTask" => request
                .by(&self.lead)
                .about("task_id", &self.process().await.1),
            "editTaskForm" => {
                let request = request
                    .by(&self.lead)
                    .about("task_id", &self.process().await.1);
                request.body(json!({ "mood": "Calm" }))
            }
            "completeTask" => {
                let request = request
                    .by(&self.lead)
                    .about("task_id", &self.process().await.1);
                request.body(json!({ "checklist": { "call": true }, "form": { "mood": "Calm" } }))
            }
            "answerTaskSubmission" => {
                let (process, task) = self.process().await;
                let sent = self.first_task(&process).await["submissions"][0]["id"].clone();
                let request = request.by(&self.lead).about("task_id", &task);
                request.about("submission_id", sent.as_str().unwrap())
            }
            "holdTask" => {
                let request = request
                    .by(&self.lead)
                    .about("task_id", &self.process().await.1);
                request.body(json!({ "reason": "client", "pause_clock": true }))
            }
            "resumeTask" => {
                let (_, task) = self.process().await;
                let hold = json!({ "reason": "client", "pause_clock": true });
                self.act(&self.lead, &task, "hold", hold).await;
                request.by(&self.lead).about("task_id", &task)
            }
            "claimTask" => {
                let (_, task) = self.process().await;
                self.act(&self.lead, &task, "release", json!({})).await;
                request.by(&self.lead).about("task_id", &task)
            }
            "updateTask" | "assignTask" | "rescheduleTask" | "skipTask" => {
                request.about("task_id", &self.process().await.1)
            }
            "cancelTask" => {
                let new = json!({ "title": "Order flowers" });
                let made = admin.post("/v1/tasks", new).await.ok(201);
                request.about("task_id", made.id())
            }
            "reopenTask" => {
                let (_, task) = self.process_of(&self.plain).await;
                self.act(&self.lead, &task, "complete", json!({})).await;
                request.about("task_id", &task)
            }
            "migrateProcess" => request.body(json!({ "version": 2 })),
            "migrateProcessType" => {
                self.process_of(&self.plain).await;
                let path = format!("/v1/process-types/{}", self.plain);
                let any = admin.if_match("*");
                any.put(&format!("{path}/draft"), plain()).await.ok(200);
                any.post(&format!("{path}/publish"), json!({}))
                    .await
                    .ok(200);
                request
                    .about("process_type_id", &self.plain)
                    .body(json!({ "version": 2 }))
            }
            "handOverWork" => {
                let leaver = self.app.user("Hal Leaver", PermissionLevel::Member).await;
                let new = json!({ "title": "Order flowers", "owner_id": leaver.id() });
                admin.post("/v1/tasks", new).await.ok(201);
                request
                    .about("user_id", &leaver.id().to_string())
                    .body(json!({ "to_user_id": self.lead.id() }))
            }
            "retryTask" => request.about("task_id", &self.task_that_failed().await),
            _ => request,
        }
    }
}
