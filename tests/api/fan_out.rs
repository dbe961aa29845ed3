//! One task for many: a mailing that is written and approved once and delivered to each household, with a proof for each
//! (E24).

use std::collections::BTreeMap;

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use crate::{
    office::Office,
    tasks::act,
    workflow::{definition, publish, start, task},
};

/// A process whose `deliver` is done for each of some households.
struct Mailing {
    office: Office,
    process: String,
}

/// Written, then delivered; a household can ask for another text. `change` makes it another mailing.
fn mailing(change: impl FnOnce(&mut Value)) -> Value {
    let mut deliver = task("deliver", "client_service_associate", &["write"]);
    deliver["kind"] = json!("fan_out");
    deliver["over"] = json!({ "field": "households" });
    deliver["title"] = json!("Deliver to {{ item.name | default('each household') }}");
    deliver["form"] = json!([
        { "key": "proof", "label": "Proof", "type": "text", "required": true },
    ]);
    deliver["outcomes"] = json!([
        { "key": "rewrite", "label": "Another text is needed", "reopens": "write" },
        { "key": "delivered", "label": "Delivered" },
    ]);
    deliver["on_complete"] = json!([{
        "type": "log_touchpoint",
        "touchpoint_type": "letter",
        "subject": "Letter to {{ entity.name }}",
        "if_outcome": "delivered",
    }]);
    change(&mut deliver);
    let write = task("write", "lead_advisor", &[]);
    let file = task("file", "lead_advisor", &["deliver"]);
    let mut mailing = definition("mailing", &[write, deliver, file]);
    mailing["start_form"] = json!([{
        "key": "households",
        "label": "Households",
        "type": "entity",
        "entity_kind": "household",
        "multiple": true,
    }]);
    mailing
}

/// A household that the associate serves.
async fn household(office: &Office, name: &str) -> String {
    let body = json!({ "name": name, "kind": "household", "status": "client" });
    let made = office.app.admin().post("/v1/entities", body).await.ok(201);
    let associate = office.holder("client_service_associate");
    office
        .join(made.id(), associate, "client_service_associate")
        .await;
    made.id().to_owned()
}

impl Mailing {
    async fn begin(app: &TestApp, definition: Value, households: &[&str]) -> Self {
        let office = Office::open(app).await;
        let mut ids = Vec::new();
        for name in households {
            ids.push(household(&office, name).await);
        }
        let process_type = publish(app, definition).await;
        let body = json!({
            "process_type_id": process_type,
            "entity_id": office.client_id,
            "fields": { "households": ids },
        });
        let started = app.admin().post("/v1/processes", body).await.ok(201);
        let process = started.id().to_owned();
        Self { office, process }
    }

    /// The tasks of the plan itself, by key.
    async fn planned(&self) -> BTreeMap<String, Value> {
        let path = format!("/v1/processes/{}/tasks?limit=200", self.process);
        let page = self.office.app.admin().get(&path).await.ok(200);
        let tasks = page["data"].as_array().unwrap().iter();
        tasks
            .filter(|task| task["parent_task_id"].is_null())
            .map(|task| (task["key"].as_str().unwrap().to_owned(), task.clone()))
            .collect()
    }

    async fn children(&self, who: &Client) -> Vec<Value> {
        let parent = &self.planned().await["deliver"];
        let path = format!(
            "/v1/tasks?sort=created_at&parent_task_id={}",
            text(&parent["id"])
        );
        let page = who.get(&path).await.ok(200);
        page["data"].as_array().unwrap().clone()
    }

    async fn statuses(&self) -> Vec<String> {
        let children = self.children(&self.office.app.admin()).await;
        children
            .iter()
            .map(|task| text(&task["status"]).to_owned())
            .collect()
    }

    async fn done(&self, key: &str) -> Reply {
        let planned = self.planned().await;
        let who = self.office.owner_of(&planned[key]);
        let path = format!("/v1/tasks/{}", text(&planned[key]["id"]));
        act(&who, &path, "complete", json!({})).await.ok(200)
    }

    async fn delivered(&self, child: &Value, outcome: &str) -> Reply {
        let associate = self.office.holder("client_service_associate");
        let path = format!("/v1/tasks/{}", text(&child["id"]));
        let body = json!({ "outcome": outcome, "form": { "proof": "Signed for" } });
        act(associate, &path, "complete", body).await
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

on_both! {
    /// E24, X1
    async fn a_mailing_is_delivered_to_each_household_with_a_proof_for_each(app: TestApp) {
        let mailing = Mailing::begin(&app, mailing(|_| {}), &["Abel", "Baker"]).await;
        let written = mailing.done("write").await;
        let opened = written["effects"]["opened"].as_array().unwrap();
        assert_eq!(opened.len(), 3, "the fan-out and its two children");
        let parent = mailing.planned().await["deliver"].clone();
        assert_eq!(parent["title"], "Deliver to each household");
        assert_eq!((&parent["fan_out"]["total"], &parent["fan_out"]["open"]), (&json!(2), &json!(2)));
        assert_eq!(parent["form"], json!([]));

        let associate = mailing.office.holder("client_service_associate");
        let children = mailing.children(associate).await;
        assert_eq!(children[0]["title"], "Deliver to Abel");
        assert_eq!(children[0]["item"]["type"], "entity");
        assert_eq!(children[0]["item"]["value"], children[0]["entity_id"]);
        assert_eq!(children[0]["owner_id"], json!(associate.id()));
        let work = associate.get("/v1/work").await.ok(200);
        assert_eq!(work["data"].as_array().map(Vec::len), Some(2), "the children, not the fan-out");
        let executable = associate.get("/v1/tasks?executable_by=me").await.ok(200);
        assert_eq!(executable["data"].as_array().map(Vec::len), Some(2));
        let path = format!("/v1/tasks/{}", text(&parent["id"]));
        let executors = app.admin().get(&format!("{path}/executors")).await.ok(200);
        assert_eq!(executors["data"], json!([]));
        let refused = act(&app.admin(), &path, "complete", json!({})).await;
        let _ = refused.problem(409, "task-done-by-items");

        mailing.delivered(&children[0], "delivered").await.ok(200);
        let counts = app.admin().get(&path).await.ok(200)["fan_out"].clone();
        assert_eq!((&counts["completed"], &counts["open"]), (&json!(1), &json!(1)));
        mailing.delivered(&children[1], "delivered").await.ok(200);
        let planned = mailing.planned().await;
        assert_eq!(planned["deliver"]["outcome"], "delivered");
        assert_eq!(planned["deliver"]["completed_via"], "system");
        assert_eq!(planned["file"]["status"], "open");
        for child in &children {
            let path = format!("/v1/touchpoints?entity_id={}", text(&child["entity_id"]));
            let logged = app.admin().get(&path).await.ok(200);
            assert_eq!(logged["data"].as_array().map(Vec::len), Some(1));
        }
    }

    /// E24, E6
    async fn rework_keeps_what_was_delivered(app: TestApp) {
        let mailing = Mailing::begin(&app, mailing(|_| {}), &["Abel", "Baker"]).await;
        mailing.done("write").await;
        let children = mailing.children(&app.admin()).await;
        mailing.delivered(&children[0], "delivered").await.ok(200);
        mailing.delivered(&children[1], "rewrite").await.ok(200);
        assert_eq!(mailing.statuses().await, ["completed", "waiting"]);
        assert_eq!(mailing.planned().await["write"]["status"], "open");
        mailing.done("write").await;
        assert_eq!(mailing.statuses().await, ["completed", "open"]);
        let again = mailing.children(&app.admin()).await;
        assert_eq!((&again[0]["attempt"], &again[1]["attempt"]), (&json!(1), &json!(2)));
        mailing.delivered(&again[1], "delivered").await.ok(200);
        assert_eq!(mailing.planned().await["deliver"]["outcome"], "delivered");
    }

    /// E24
    async fn with_no_household_it_is_skipped(app: TestApp) {
        let mailing = Mailing::begin(&app, mailing(|_| {}), &[]).await;
        mailing.done("write").await;
        let planned = mailing.planned().await;
        assert_eq!(planned["deliver"]["status"], "skipped");
        assert_eq!(planned["file"]["status"], "open");
        assert_eq!(planned["deliver"]["fan_out"]["total"], 0);
    }

    /// E24, X17
    async fn a_child_for_a_record_that_somebody_may_not_see_is_not_there_for_them(app: TestApp) {
        let mailing = Mailing::begin(&app, mailing(|_| {}), &["Abel", "Baker"]).await;
        let written = mailing.done("write").await;
        assert_eq!(written["effects"]["opened"].as_array().map(Vec::len), Some(3));
        let children = mailing.children(&app.admin()).await;
        let trader = mailing.office.holder("trader");
        let path = format!("/v1/tasks/{}", text(&children[0]["id"]));
        trader.get(&path).await.problem(404, "not-found");
        assert_eq!(mailing.children(trader).await, Vec::<Value>::new());
        let parent = &mailing.planned().await["deliver"];
        let seen = trader.get(&format!("/v1/tasks/{}", text(&parent["id"]))).await.ok(200);
        assert_eq!(seen["fan_out"]["total"], 0);
        let place = text(&children[0]["entity_id"]);
        mailing.office.join(place, trader, "trader").await;
        let listed = trader.get(&format!("/v1/tasks?process_id={}", mailing.process)).await.ok(200);
        let listed = listed["data"].as_array().unwrap();
        let counts: Vec<_> = listed.iter().map(|task| &task["fan_out"]["total"]).collect();
        assert!(counts.contains(&&json!(1)), "{counts:?}");
        assert_eq!(mailing.children(trader).await.len(), 1);
    }

    /// E24, E25
    async fn with_starts_each_household_has_a_process_of_its_own(app: TestApp) {
        publish(&app, definition("visit", &[task("go", "client_service_associate", &[])])).await;
        let visiting = mailing(|deliver| {
            deliver["form"] = json!([]);
            deliver["on_complete"] = json!([]);
            deliver["starts"] = json!({ "type": "visit", "results": { "completed": "delivered" } });
        });
        let mailing = Mailing::begin(&app, visiting, &["Abel", "Baker"]).await;
        mailing.done("write").await;
        app.run_jobs().await;
        for child in mailing.children(&app.admin()).await {
            assert_eq!(child["kind"], "subprocess");
            let process = text(&child["child_process_id"]);
            let tasks = mailing.office.tasks(process).await;
            assert_eq!(tasks["go"]["entity_id"], child["entity_id"]);
            let who = mailing.office.owner_of(&tasks["go"]);
            mailing.office.complete(&who, &tasks["go"], None).await.ok(200);
        }
        app.run_jobs().await;
        let planned = mailing.planned().await;
        assert_eq!(planned["deliver"]["outcome"], "delivered");
        assert_eq!(planned["file"]["status"], "open");
    }

    /// E24
    async fn it_runs_over_the_records_that_are_related_to_the_client(app: TestApp) {
        let related = mailing(|deliver| deliver["over"] = json!({ "related": "household" }));
        let mailing = Mailing::begin(&app, related, &[]).await;
        let near = household(&mailing.office, "Next of kin").await;
        household(&mailing.office, "Stranger").await;
        let path = format!("/v1/entities/{}/relations", mailing.office.client_id);
        let body = json!({ "to_entity_id": near, "kind": "family" });
        app.admin().post(&path, body).await.ok(201);
        mailing.done("write").await;
        let children = mailing.children(&app.admin()).await;
        let records: Vec<_> = children.iter().map(|child| text(&child["entity_id"])).collect();
        assert_eq!(records, [near.as_str()]);
    }

    /// E24, X17: what a process works on does not depend on who starts it.
    async fn it_runs_over_related_records_that_whoever_starts_it_does_not_see(app: TestApp) {
        let office = Office::open(&app).await;
        let mut deliver = task("deliver", "client_service_associate", &[]);
        deliver["kind"] = json!("fan_out");
        deliver["over"] = json!({ "related": "household" });
        let process_type = publish(&app, definition("visits", &[deliver])).await;
        let near = household(&office, "Next of kin").await;
        let relations = format!("/v1/entities/{}/relations", office.client_id);
        let family = json!({ "to_entity_id": near, "kind": "family" });
        app.admin().post(&relations, family).await.ok(201);
        let trader = office.holder("trader");
        let _ = trader.get(&format!("/v1/entities/{near}")).await.problem(404, "not-found");

        let started = start(trader, &process_type, &office.client_id).await;
        assert_eq!(started["status"], "running");
        let body = json!({ "process_type_id": process_type, "entity_ids": [office.client_id] });
        trader.post("/v1/batches", body).await.ok(202);
        app.run_jobs().await;
        let path = format!("/v1/tasks?entity_id={near}");
        let children = app.admin().get(&path).await.ok(200);
        let keys: Vec<_> = children["data"].as_array().unwrap().iter().map(|it| text(&it["key"])).collect();
        assert_eq!(keys, ["deliver", "deliver"]);
    }

    /// E20
    async fn segments_are_refused_while_there_are_none(app: TestApp) {
        let definition = mailing(|deliver| deliver["over"] = json!({ "segment": "retirees" }));
        let made = app.admin().post("/v1/process-types", definition).await.ok(201);
        let path = format!("/v1/process-types/{}/publish", made.id());
        let refused = app.admin().if_match(made.etag()).post(&path, json!({})).await;
        let problem = refused.problem(422, "validation-failed");
        assert_eq!(problem["errors"][0]["code"], "unknown-segment");
    }
}

on_both! {
    /// A collaborator's view of a member without any part in the mailing.
    async fn whoever_sees_nothing_of_it_sees_no_children(app: TestApp) {
        let mailing = Mailing::begin(&app, mailing(|_| {}), &["Abel"]).await;
        mailing.done("write").await;
        let idle = app.user("Ida Idle", PermissionLevel::Member).await;
        assert_eq!(mailing.children(&idle).await, Vec::<Value>::new());
    }

    /// E11, E24: whoever's the process is, a child follows the attribute of the record that it is for.
    async fn a_child_is_dated_anew_by_its_own_record(app: TestApp) {
        let admin = app.admin();
        let renewal = json!({ "key": "renewal_on", "label": "Renewal", "entity_kind": "client", "value_type": "date" });
        admin.post("/v1/attributes", renewal).await.ok(201);
        let dated = mailing(|deliver| {
            deliver["due"] = json!({ "amount": 0, "unit": "business_days", "from": "attribute", "key": "renewal_on" });
        });
        let mailing = Mailing::begin(&app, dated, &["Adler", "Brandt"]).await;
        mailing.done("write").await;
        let children = mailing.children(&admin).await;
        assert!(children.iter().all(|child| child["due_at"].is_null()));
        for (place, on) in [(0, "2030-04-15"), (1, "2030-05-15"), (0, "2030-06-14")] {
            let path = format!("/v1/entities/{}", text(&children[place]["entity_id"]));
            let now = admin.get(&path).await.ok(200);
            let body = json!({ "attributes": { "renewal_on": on } });
            admin.if_match(now.etag()).patch(&path, body).await.ok(200);
            app.run_jobs().await;
        }
        let dates: Vec<_> = mailing.children(&admin).await.iter().map(|child| child["due_at"].clone()).collect();
        assert_eq!(dates, ["2030-06-14T21:00:00Z", "2030-05-15T21:00:00Z"]);
        assert!(mailing.planned().await["deliver"]["due_at"].is_null(), "the client's own is not set");
    }

    /// E9, E24
    async fn whoever_completed_the_last_child_is_the_executor(app: TestApp) {
        let mut whole = mailing(|_| {});
        whole["tasks"][2]["owner"] = json!([{ "executor_of": "deliver" }]);
        let mailing = Mailing::begin(&app, whole, &["Adler", "Brandt"]).await;
        mailing.done("write").await;
        for child in mailing.children(&app.admin()).await {
            mailing.delivered(&child, "delivered").await.ok(200);
        }
        let associate = mailing.office.holder("client_service_associate");
        assert_eq!(mailing.planned().await["file"]["owner_id"], json!(associate.id()));
    }
}
