use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use super::{publish_next, told};
use crate::{
    office::Office,
    versions::tried,
    workflow::{definition, publish, start, task},
};

/// A process with `a` done and `b` open, of a type of `a`, `b` and `c` one after the other.
struct Begun {
    office: Office,
    process_type: String,
    process: String,
}

fn chain() -> [Value; 3] {
    [
        task("a", "lead_advisor", &[]),
        task("b", "client_service_associate", &["a"]),
        task("c", "lead_advisor", &["b"]),
    ]
}

async fn begun(app: &TestApp) -> Begun {
    let office = Office::open(app).await;
    let process_type = publish(app, definition("chain", &chain())).await;
    let process = start(&app.admin(), &process_type, &office.client_id).await;
    let tasks = office.tasks(process.id()).await;
    let lead = office.holder("lead_advisor");
    office.complete(lead, &tasks["a"], None).await.ok(200);
    Begun {
        process: process.id().to_owned(),
        office,
        process_type,
    }
}

impl Begun {
    async fn next(&self, tasks: &[Value]) {
        let next = definition("chain", tasks);
        publish_next(&self.office.app.admin(), &self.process_type, next).await;
    }

    async fn migrate(&self, who: &Client, body: Value) -> Reply {
        let path = format!("/v1/processes/{}/migrate", self.process);
        who.post(&path, body).await
    }

    async fn statuses(&self) -> Vec<(String, String)> {
        let tasks = self.office.tasks(&self.process).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        tasks
            .values()
            .map(|task| (text(&task["key"]), text(&task["status"])))
            .collect()
    }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(one, other)| ((*one).to_owned(), (*other).to_owned()))
        .collect()
}

fn changes(reply: &Reply) -> Vec<(String, String)> {
    let tasks = reply["tasks"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    tasks
        .map(|task| (text(&task["key"]), text(&task["change"])))
        .collect()
}

/// `b` has more to it, `c` is gone, and `d` and `e` are new.
fn longer() -> Vec<Value> {
    let [a, mut b, _] = chain();
    b["title"] = json!("Do b better");
    b["execution"] = json!({ "enabled": true, "servicing_team_roles": ["operations_specialist"] });
    b["due"] = json!({ "amount": 5, "unit": "business_days", "from": "opened" });
    b["checklist"] = json!([{ "key": "call", "text": "Call the client" }]);
    vec![
        a,
        b,
        task("d", "operations_specialist", &["a"]),
        task("e", "lead_advisor", &["b", "d"]),
    ]
}

on_both! {
    /// A dry run says what the real one does, and changes nothing.
    async fn a_process_is_moved_to_the_newest_version_after_a_look_at_what_that_means(app: TestApp) {
        let begun = begun(&app).await;
        begun.next(&longer()).await;
        let before = begun.office.tasks(&begun.process).await;
        let operations = begun.office.holder("operations_specialist");
        let work = operations.get("/v1/work").await.ok(200);
        assert_eq!(work["data"], json!([]));

        let dry = begun.migrate(&app.admin(), json!({ "dry_run": true })).await.ok(200);
        assert_eq!((&dry["possible"], &dry["dry_run"]), (&json!(true), &json!(true)));
        assert_eq!((&dry["from_version"], &dry["to_version"]), (&json!(1), &json!(2)));
        assert_eq!(dry["process"]["process_type_version"], 1);
        let expected = [("a", "kept"), ("b", "changed"), ("d", "added"), ("e", "added"), ("c", "removed")];
        assert_eq!(changes(&dry), pairs(&expected));
        assert_eq!(dry["tasks"][2]["id"], Value::Null);
        assert_eq!(begun.office.tasks(&begun.process).await, before);
        assert_eq!(told(&app, "process.migrated").await, Vec::<Value>::new());

        let done = begun.migrate(&app.admin(), json!({})).await.ok(200);
        assert_eq!(changes(&done), pairs(&expected));
        assert_eq!(done["dry_run"], false);
        assert_eq!(done["process"]["process_type_version"], 2);
        let statuses = [
            ("a", "completed"), ("b", "open"), ("c", "cancelled"), ("d", "open"), ("e", "waiting"),
        ];
        assert_eq!(begun.statuses().await, pairs(&statuses));
        for (place, (_, status)) in pairs(&[("a", "completed"), ("b", "open"), ("d", "open"), ("e", "waiting"), ("c", "cancelled")]).into_iter().enumerate() {
            assert_eq!(done["tasks"][place]["status"], status);
            assert_eq!(dry["tasks"][place]["status"], status);
        }
        let after = begun.office.tasks(&begun.process).await;
        assert_eq!(after["a"], before["a"]);
        assert_eq!(after["b"]["id"], before["b"]["id"]);
        assert_eq!(after["b"]["owner_id"], before["b"]["owner_id"]);
        assert_eq!(after["b"]["due_at"], Value::Null, "the due date stays, as it was: none");
        assert_eq!(after["b"]["title"], "Do b better");
        assert_eq!(after["b"]["checklist"][0]["key"], "call");
        assert_eq!(after["b"]["execution"]["enabled"], true);

        // X2: whom the new lists name may execute, and finds it in their work.
        let work = operations.get("/v1/work?sort=created_at").await.ok(200);
        let found: Vec<_> = work["data"].as_array().unwrap().iter().map(|task| &task["key"]).collect();
        assert_eq!(found, ["b", "d"]);
        begun.office.complete(operations, &after["b"], None).await.ok(200);
        begun.office.carry_on(&begun.process, |_| false).await;
        let process = app.admin().get(&format!("/v1/processes/{}", begun.process)).await.ok(200);
        assert_eq!(process["status"], "completed");
    }

    /// X14, X17: what waits is seen by whom its lists name, too.
    async fn whom_the_lists_of_the_version_name_see_its_tasks_and_others_no_longer(app: TestApp) {
        let begun = begun(&app).await;
        let officer = begun.office.holder("compliance_officer");
        let waiting = &begun.office.tasks(&begun.process).await["c"]["id"];
        let path = format!("/v1/tasks/{}", waiting.as_str().unwrap());
        let [a, b, c] = chain();
        let mut listed = c.clone();
        listed["execution"] = json!({ "enabled": true, "firm_roles": ["compliance_officer"] });
        for (tasks, status) in [
            ([a.clone(), b.clone(), c.clone()], 404),
            ([a.clone(), b.clone(), listed.clone()], 200),
            ([a.clone(), b.clone(), listed], 200),
            ([a, b, c], 404),
        ] {
            begun.next(&tasks).await;
            begun.migrate(&app.admin(), json!({})).await.ok(200);
            assert_eq!(officer.get(&path).await.status, status);
            let seen = officer.get("/v1/tasks").await.ok(200);
            let seen = seen["data"].as_array().unwrap();
            assert_eq!(seen.iter().any(|task| task["id"] == *waiting), status == 200);
        }
    }

    /// E19
    async fn a_move_is_one_entry_of_the_trail_with_what_became_of_each_task(app: TestApp) {
        let begun = begun(&app).await;
        begun.next(&longer()).await;
        begun.migrate(&app.admin(), json!({ "version": 2 })).await.ok(200);
        let entries = told(&app, "process.migrated").await;
        let [entry] = &entries[..] else {
            panic!("one entry was expected, not {entries:?}");
        };
        assert_eq!(entry["subject"]["id"], begun.process);
        assert_eq!(entry["actor"]["id"], app.admin().id().to_string());
        assert_eq!(entry["before"]["process_type_version"], 1);
        assert_eq!(entry["after"]["process_type_version"], 2);
        let tasks = entry["after"]["tasks"].as_array().unwrap();
        let removed = tasks.iter().find(|task| task["key"] == "c").unwrap();
        assert_eq!(removed["change"], "removed");
        let events = app.admin().get("/v1/events?type=process.migrated").await.ok(200);
        assert_eq!(events["data"][0]["subject"]["id"], begun.process);
        app.admin().get("/v1/audit/verify").await.ok(200);
    }

    async fn what_has_no_counterpart_keeps_the_process_where_it_is_unless_it_is_named(app: TestApp) {
        let begun = begun(&app).await;
        begun.next(&[
            task("prepare", "lead_advisor", &[]),
            task("review", "client_service_associate", &["prepare"]),
        ]).await;
        let dry = begun.migrate(&app.admin(), json!({ "dry_run": true })).await.ok(200);
        assert_eq!(dry["possible"], false);
        assert_eq!(dry["tasks"], json!([]));
        let reasons = [("/tasks/a", "no-counterpart"), ("/tasks/b", "no-counterpart")];
        for (place, (pointer, code)) in reasons.iter().enumerate() {
            assert_eq!(dry["reasons"][place]["pointer"], *pointer);
            assert_eq!(dry["reasons"][place]["code"], *code);
        }
        let refused = begun.migrate(&app.admin(), json!({})).await.problem(409, "process-not-migratable");
        assert_eq!(refused.faults(), reasons);
        assert_eq!(begun.statuses().await, pairs(&[("a", "completed"), ("b", "open"), ("c", "waiting")]));

        let map = json!({ "map": { "a": "prepare", "b": "review" } });
        let done = begun.migrate(&app.admin(), map).await.ok(200);
        assert_eq!(done["tasks"][1]["previous_key"], "b");
        let statuses = [("c", "cancelled"), ("prepare", "completed"), ("review", "open")];
        assert_eq!(begun.statuses().await, pairs(&statuses));
        let office = &begun.office;
        let tasks = office.tasks(&begun.process).await;
        let associate = office.holder("client_service_associate");
        let done = office.complete(associate, &tasks["review"], None).await.ok(200);
        assert_eq!(done["effects"]["process_status"], "completed");
    }

    async fn versions_and_keys_that_are_none_are_refused(app: TestApp) {
        let begun = begun(&app).await;
        let admin = app.admin();
        // There is no newer version.
        let _ = begun.migrate(&admin, json!({})).await.problem(409, "conflict");
        let _ = begun.migrate(&admin, json!({ "version": 1 })).await.problem(409, "conflict");
        begun.next(&chain()).await;
        let path = format!("/v1/process-types/{}", begun.process_type);
        let head = admin.get(&path).await.ok(200);
        let draft = admin.if_match(head.etag()).put(&format!("{path}/draft"), definition("chain", &chain())).await;
        assert_eq!(draft.ok(200)["draft_version"], 3);
        for version in [3, 4] {
            let refused = begun.migrate(&admin, json!({ "version": version })).await;
            let refused = refused.problem(422, "validation-failed");
            assert_eq!(refused.faults(), [("/version", "unknown-version")]);
        }
        let map = json!({ "map": { "a": "z", "y": "b" } });
        let refused = begun.migrate(&admin, map).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/map/a", "unknown-key"), ("/map/y", "unknown-key")]);
        let refused = begun.migrate(&admin, json!({ "version": 0, "dryrun": true })).await;
        assert_eq!(refused.problem(422, "validation-failed").faults().len(), 2);
    }

    /// X16, X17
    async fn a_process_is_moved_by_those_who_manage_it(app: TestApp) {
        let begun = begun(&app).await;
        begun.next(&longer()).await;
        let dry = json!({ "dry_run": true });
        let stranger = app.user("Nora New", PermissionLevel::Member).await;
        let _ = begun.migrate(&stranger, dry.clone()).await.problem(404, "not-found");
        let associate = begun.office.holder("client_service_associate");
        for body in [dry, json!({})] {
            let refused = begun.migrate(associate, body).await.problem(403, "forbidden");
            assert_eq!(refused["rule"], "X16");
        }
        let auditor = app.user("Otto Auditor", PermissionLevel::Auditor).await;
        let _ = begun.migrate(&auditor, json!({})).await.problem(403, "forbidden");
        // She owns the process.
        begun.migrate(begun.office.holder("lead_advisor"), json!({})).await.ok(200);
    }

    async fn a_move_is_made_once_whatever_is_repeated(app: TestApp) {
        let begun = begun(&app).await;
        begun.next(&longer()).await;
        let keyed = app.admin().key("move-it");
        let first = begun.migrate(&keyed, json!({})).await.ok(200);
        let again = begun.migrate(&keyed, json!({})).await.ok(200);
        assert_eq!(first.text, again.text);
        assert_eq!(told(&app, "process.migrated").await.len(), 1);
        let _ = begun.migrate(&app.admin(), json!({})).await.problem(409, "conflict");
    }

    async fn a_process_is_moved_in_its_current_version_only(app: TestApp) {
        let begun = begun(&app).await;
        begun.next(&longer()).await;
        let path = format!("/v1/processes/{}/migrate", begun.process);
        tried(&app.admin(), "migrateProcess", &path, Some(json!({}))).await;
    }

    /// E15
    async fn a_process_on_hold_is_moved_and_one_that_has_ended_is_not(app: TestApp) {
        let begun = begun(&app).await;
        begun.next(&longer()).await;
        let path = format!("/v1/processes/{}", begun.process);
        let reason = json!({ "reason": "The client is abroad." });
        app.admin().post(&format!("{path}/hold"), reason.clone()).await.ok(200);
        let moved = begun.migrate(&app.admin(), json!({})).await.ok(200);
        assert_eq!(moved["process_status"], "on_hold");
        assert_eq!(begun.office.tasks(&begun.process).await["d"]["status"], "waiting");
        app.admin().post_empty(&format!("{path}/resume")).await.ok(200);
        assert_eq!(begun.office.tasks(&begun.process).await["d"]["status"], "open");
        begun.next(&chain()).await;
        app.admin().post(&format!("{path}/cancel"), reason).await.ok(200);
        let _ = begun.migrate(&app.admin(), json!({})).await.problem(409, "process-not-running");
    }
}
