use chrono::TimeDelta;
use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{ADMIN_EMAIL, TestApp, on_both};

use super::{act, attribute, complete, path_of, set, value};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

fn reason() -> Value {
    json!({ "reason": "The signature is missing." })
}

/// Sets the client's tier and logs a call, then two tasks.
async fn tiered(office: &Office) -> String {
    attribute(office, "grade", "choice", &["A", "B"]).await;
    set(office, "grade", json!("B")).await;
    let mut first = task("first", "client_service_associate", &[]);
    first["on_complete"] = json!([
        { "type": "set_attribute", "attribute": "grade", "value": { "fixed": "A" } },
        { "type": "log_touchpoint", "touchpoint_type": "call", "subject": "Called" },
    ]);
    let second = task("second", "lead_advisor", &["first"]);
    let third = task("third", "lead_advisor", &["second"]);
    let made = publish(&office.app, definition("tiered", &[first, second, third])).await;
    let started = start(&office.app.admin(), &made, &office.client_id).await;
    started.id().to_owned()
}

on_both! {
    /// E8
    async fn a_completion_is_taken_back_with_what_came_of_it(app: TestApp) {
        let office = Office::open(&app).await;
        let process = tiered(&office).await;
        let csa = office.holder("client_service_associate").clone();
        complete(&office, &process, "first", json!({ "note": "Done." })).await.ok(200);
        assert_eq!(value(&office, "grade").await, "A");
        let path = path_of(&office, &process, "first").await;

        let undone = act(&csa, &path, "reopen", reason()).await.ok(200);
        assert_eq!(undone["status"], "in_progress");
        assert_eq!(undone["owner_id"], csa.id().to_string());
        assert_eq!(undone["completion"], Value::Null);
        assert_eq!(undone["attempts"][0]["undone_reason"], "The signature is missing.");
        assert_eq!(undone["attempts"][0]["completion"]["note"], "Done.");
        assert_eq!(value(&office, "grade").await, "B");
        assert_eq!(office.tasks(&process).await["second"]["status"], "waiting");

        let contacts = format!("/v1/touchpoints?entity_id={}", office.client_id);
        let standing = csa.get(&contacts).await.ok(200);
        assert_eq!(standing["data"], json!([]));
        let all = csa.get(&format!("{contacts}&include_voided=true")).await.ok(200);
        assert!(all["data"][0]["voided_at"].is_string());
        let events = app.admin().get("/v1/events?limit=200").await.ok(200);
        let events = events["data"].as_array().unwrap();
        for kind in ["task.reopened", "task.withdrawn", "touchpoint.voided"] {
            assert!(events.iter().any(|event| event["type"] == kind), "{kind}");
        }
        app.admin().get("/v1/audit/verify").await.ok(200);

        // It goes on from there as if nothing had been.
        complete(&office, &process, "first", json!({})).await.ok(200);
        complete(&office, &process, "second", json!({})).await.ok(200);
        complete(&office, &process, "third", json!({})).await.ok(200);
        let process = csa.get(&format!("/v1/processes/{process}")).await.ok(200);
        assert_eq!(process["status"], "completed");
    }

    /// E8
    async fn a_value_that_somebody_has_changed_since_stays(app: TestApp) {
        let office = Office::open(&app).await;
        let process = tiered(&office).await;
        complete(&office, &process, "first", json!({})).await.ok(200);
        set(&office, "grade", Value::Null).await;
        let path = path_of(&office, &process, "first").await;
        act(&app.admin(), &path, "reopen", json!({})).await.ok(200);
        assert_eq!(value(&office, "grade").await, Value::Null);
    }

    /// E8, X16: managers at any time, whoever completed it for 15 minutes, and nobody else.
    async fn who_may_take_it_back_is_told_and_holds(app: TestApp) {
        let office = Office::open(&app).await;
        let process = tiered(&office).await;
        let csa = office.holder("client_service_associate").clone();
        let trader = office.holder("trader").clone();
        let path = path_of(&office, &process, "first").await;
        let allowed = async |who: &tests::Client| {
            let told = who.get(&format!("{path}/permissions")).await.ok(200);
            let reopen = &told["actions"]["reopen"];
            (reopen["allowed"] == true, reopen["rule"].as_str().unwrap().to_owned())
        };
        assert_eq!(allowed(&app.admin()).await, (false, "E8".to_owned()));
        let refused = act(&app.admin(), &path, "reopen", json!({})).await;
        let _ = refused.problem(409, "task-not-reopenable");

        complete(&office, &process, "first", json!({})).await.ok(200);
        assert_eq!(allowed(&csa).await, (true, "X16".to_owned()));
        assert_eq!(allowed(&app.admin()).await, (true, "X16".to_owned()));
        assert!(!allowed(&trader).await.0);
        let refused = act(&trader, &path, "reopen", json!({})).await;
        assert_eq!(refused.problem(403, "forbidden")["rule"], "X16");

        app.clock.advance(TimeDelta::minutes(16));
        // Their tokens have ended meanwhile.
        let csa = app.sign_in("maya.okonkwo@northwind.example").await;
        let admin = app.sign_in(ADMIN_EMAIL).await;
        let late = act(&csa, &path, "reopen", json!({})).await;
        let _ = late.problem(403, "forbidden");
        assert!(!allowed(&csa).await.0);
        let bare = admin.post(&format!("{path}/reopen"), json!({})).await;
        let _ = bare.problem(428, "precondition-required");
        act(&admin, &path, "reopen", json!({})).await.ok(200);

        let outsider = app.user("Noor Jansen", PermissionLevel::Member).await;
        let hidden = outsider.if_match("\"1\"").post(&format!("{path}/reopen"), json!({})).await;
        let _ = hidden.problem(404, "not-found");
    }

    /// E8: everything that stands in the way is named at once.
    async fn what_followed_stands_in_the_way(app: TestApp) {
        let office = Office::open(&app).await;
        publish(&app, definition("other", &[task("only", "lead_advisor", &[])])).await;
        let mut first = task("first", "client_service_associate", &[]);
        first["on_complete"] = json!([
            { "type": "start_process", "process_type": "other" },
            { "type": "create_entity", "kind": "account", "name": "New account" },
            { "type": "create_task", "title": "Call them" },
            { "type": "notify", "to": { "role": "lead_advisor" }, "message": "Done." },
        ]);
        let second = task("second", "lead_advisor", &["first"]);
        let third = task("third", "lead_advisor", &["second"]);
        let made = publish(&app, definition("busy", &[first, second, third])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        complete(&office, &process, "first", json!({})).await.ok(200);
        complete(&office, &process, "second", json!({})).await.ok(200);
        let path = path_of(&office, &process, "first").await;
        let types = async || {
            let refused = act(&app.admin(), &path, "reopen", json!({})).await;
            let refused = refused.problem(409, "task-not-reopenable");
            let blocks = refused["blocked_by"].as_array().unwrap().clone();
            blocks.into_iter().map(|it| it["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(types().await, ["task", "entity", "follow_up", "notification"]);
        app.run_jobs().await;
        assert_eq!(types().await, ["task", "process", "entity", "follow_up", "notification"]);

        // Taking back the second is nobody's loss; then it no longer stands in the way of the first.
        let second = path_of(&office, &process, "second").await;
        act(&app.admin(), &second, "reopen", json!({})).await.ok(200);
        assert_eq!(types().await, ["process", "entity", "follow_up", "notification"]);
        let told = app.admin().get(&format!("{path}/permissions")).await.ok(200);
        assert_eq!(told["actions"]["reopen"]["rule"], "E8");
    }

    /// E8: a process that has not begun yet never does.
    async fn a_start_that_was_undone_in_time_is_dropped(app: TestApp) {
        let office = Office::open(&app).await;
        let other = publish(&app, definition("other", &[task("only", "lead_advisor", &[])])).await;
        let mut first = task("first", "client_service_associate", &[]);
        first["on_complete"] = json!([{ "type": "start_process", "process_type": "other" }]);
        let second = task("second", "lead_advisor", &["first"]);
        let made = publish(&app, definition("starting", &[first, second])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        complete(&office, &process, "first", json!({})).await.ok(200);
        let path = path_of(&office, &process, "first").await;
        act(&app.admin(), &path, "reopen", json!({})).await.ok(200);
        app.run_jobs().await;
        let list = format!("/v1/processes?process_type_id={other}");
        assert_eq!(app.admin().get(&list).await.ok(200)["data"], json!([]));
        complete(&office, &process, "first", json!({})).await.ok(200);
        app.run_jobs().await;
        let started = app.admin().get(&list).await.ok(200);
        assert_eq!(started["data"].as_array().unwrap().len(), 1);
    }

    /// E8, X11
    async fn whoever_prepared_stays_kept_apart(app: TestApp) {
        let office = Office::open(&app).await;
        let first = task("first", "client_service_associate", &[]);
        let mut check = task("check", "lead_advisor", &["first"]);
        check["separate_from"] = json!(["first"]);
        check["execution"] = json!({
            "enabled": true,
            "servicing_team_roles": ["client_service_associate"],
        });
        let made = publish(&app, definition("checked", &[first, check])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        complete(&office, &process, "first", json!({})).await.ok(200);
        let path = path_of(&office, &process, "first").await;
        let csa = office.holder("client_service_associate").clone();
        act(&csa, &path, "reopen", json!({})).await.ok(200);
        act(&app.admin(), &path, "complete", json!({ "override": { "reason": "She is away." } }))
            .await
            .ok(200);
        let check = path_of(&office, &process, "check").await;
        let refused = act(&csa, &check, "complete", json!({})).await;
        assert_eq!(refused.problem(403, "forbidden")["rule"], "X11");
    }

    /// E8
    async fn a_task_made_by_hand_is_taken_back_in_its_current_version(app: TestApp) {
        let admin = app.admin();
        let made = admin.post("/v1/tasks", json!({ "title": "Ask", "owner_id": admin.id() })).await.ok(201);
        let path = format!("/v1/tasks/{}", made.id());
        let early = act(&admin, &path, "reopen", json!({})).await;
        let _ = early.problem(409, "task-not-reopenable");
        let done = act(&admin, &path, "complete", json!({})).await.ok(200);
        let stale = admin.if_match(made.etag()).post(&format!("{path}/reopen"), json!({})).await;
        let _ = stale.problem(412, "version-conflict");
        let again = admin.if_match(done.etag()).post(&format!("{path}/reopen"), reason()).await.ok(200);
        assert_eq!((&again["status"], &again["attempt"]), (&json!("in_progress"), &json!(2)));
        let work = admin.get("/v1/work").await.ok(200);
        assert_eq!(work["data"][0]["id"], made.id());
    }
}
