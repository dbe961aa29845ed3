//! Handing over what somebody leaves behind (X16): what goes, what stays and why.

use std::collections::BTreeSet;

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, document::NO_SUCH_ID, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

fn path(leaving: &Client) -> String {
    format!("/v1/users/{}/hand-over", leaving.id())
}

/// Kind and title of what an answer lists, with the rule where something stays.
fn told(reply: &Reply, list: &str) -> BTreeSet<String> {
    let items = reply[list].as_array().unwrap();
    items
        .iter()
        .map(|item| {
            let mut words = vec![
                item["kind"].as_str().unwrap(),
                item["title"].as_str().unwrap(),
            ];
            words.extend(item["rule"].as_str());
            words.join(" ")
        })
        .collect()
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The titles of the tasks that somebody has to do.
async fn work(who: &Client) -> BTreeSet<String> {
    let page = who.get("/v1/work?limit=200").await.ok(200);
    let items = page["data"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

/// Which roles somebody holds on a record, and of which they are the primary holder.
async fn held(app: &TestApp, record: &str, who: &Client) -> Vec<(String, bool)> {
    let team = app
        .admin()
        .get(&format!("/v1/entities/{record}/team?limit=200"))
        .await
        .ok(200);
    let places = team["data"].as_array().unwrap();
    places
        .iter()
        .filter(|place| place["user_id"] == who.id().to_string())
        .map(|place| {
            let role = place["role_id"].as_str().unwrap().to_owned();
            (role, place["is_primary"] == true)
        })
        .collect()
}

async fn by_hand(app: &TestApp, title: &str, owner: &Client, record: &str) -> String {
    let body = json!({ "title": title, "owner_id": owner.id(), "entity_id": record });
    app.admin()
        .post("/v1/tasks", body)
        .await
        .ok(201)
        .id()
        .to_owned()
}

/// The lead advisor owns a process with its first task, and a task by hand.
async fn scene(app: &TestApp) -> (Office, Client, String) {
    let office = Office::open(app).await;
    let tasks = [
        task("a", "lead_advisor", &[]),
        task("b", "lead_advisor", &["a"]),
    ];
    let process_type = publish(app, definition("two", &tasks)).await;
    let process = start(&app.admin(), &process_type, &office.client_id).await;
    let lead = office.holder("lead_advisor").clone();
    by_hand(app, "By hand", &lead, &office.client_id).await;
    (office, lead, process.id().to_owned())
}

async fn restrict(app: &TestApp, record: &str) {
    let admin = app.admin();
    let path = format!("/v1/entities/{record}");
    let now = admin.get(&path).await.ok(200);
    admin
        .if_match(now.etag())
        .patch(&path, json!({ "restricted": true }))
        .await
        .ok(200);
}

on_both! {
    /// X16, E19: it goes as a whole, each thing with its own entry; executor rows follow.
    async fn what_somebody_leaves_goes_to_their_successor(app: TestApp) {
        let (office, lead, process) = scene(&app).await;
        let successor = app.user("Sia Successor", PermissionLevel::Member).await;
        let admin = app.admin();
        let all = json!({ "to_user_id": successor.id(), "memberships": "all" });
        let mut dry = all.clone();
        dry["dry_run"] = json!(true);
        let everything = ["membership Lead Advisor", "process By hand: two", "task Do a", "task By hand"];
        let would = admin.post(&path(&lead), dry).await.ok(200);
        assert_eq!(told(&would, "moved"), set(&everything));
        assert_eq!(told(&would, "kept"), set(&[]));
        assert_eq!(would["dry_run"], true);
        assert_eq!(work(&lead).await, set(&["Do a", "By hand"]), "nothing has changed");

        let before = admin.get("/v1/audit/verify").await.ok(200)["sequence"].as_i64().unwrap();
        let keyed = admin.key("leaving-1");
        let done = keyed.post(&path(&lead), all.clone()).await.ok(200);
        assert_eq!(told(&done, "moved"), set(&everything));
        assert_eq!(done["queued"], json!({ "memberships": 0, "processes": 0, "tasks": 0 }));
        let again = keyed.post(&path(&lead), all.clone()).await.ok(200);
        assert_eq!(again.body, done.body);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));

        assert!(work(&lead).await.is_empty());
        assert_eq!(work(&successor).await, set(&["Do a", "By hand"]));
        let role = office.role("lead_advisor").to_owned();
        assert!(held(&app, &office.client_id, &lead).await.is_empty());
        assert_eq!(held(&app, &office.client_id, &successor).await, [(role, true)]);
        let now = admin.get(&format!("/v1/processes/{process}")).await.ok(200);
        assert_eq!(now["owner_id"], successor.id().to_string());

        let trail = admin.get("/v1/audit?limit=200").await.ok(200);
        let entries = trail["data"].as_array().unwrap().iter();
        let new: Vec<&Value> = entries
            .filter(|entry| entry["sequence"].as_i64() > Some(before))
            .collect();
        let actions: BTreeSet<&str> = new.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        let expected = ["membership.created", "membership.deleted", "process.updated", "task.assigned"];
        assert_eq!(actions, expected.into_iter().collect());
        assert_eq!(new.len(), 5);
        assert!(new.iter().all(|entry| entry["actor"]["id"] == admin.id().to_string()));

        let first = office.tasks(&process).await["a"].clone();
        office.complete(&successor, &first, None).await.ok(200);
        let second = office.tasks(&process).await["b"].clone();
        assert_eq!(second["owner_id"], successor.id().to_string(), "E9: the role is theirs now");
        let rest = admin.post(&path(&lead), all).await.ok(200);
        assert_eq!(rest["moved"], json!([]));
    }

    /// X16: only what was asked for; a role that the successor holds already is not held twice.
    async fn only_what_is_asked_for_goes(app: TestApp) {
        let (office, lead, process) = scene(&app).await;
        let admin = app.admin();
        let partner = office.holder("partner").clone();
        let only = json!({ "to_user_id": partner.id(), "tasks": false });
        let done = admin.post(&path(&lead), only).await.ok(200);
        assert_eq!(told(&done, "moved"), set(&["process By hand: two"]));
        assert_eq!(office.tasks(&process).await["a"]["owner_id"], lead.id().to_string());

        let body = json!({ "name": "Vance Household", "kind": "household", "status": "client" });
        let other = admin.post("/v1/entities", body).await.ok(201);
        office.join(other.id(), &lead, "lead_advisor").await;
        by_hand(&app, "Elsewhere", &lead, other.id()).await;
        let there = json!({ "to_user_id": partner.id(), "entity_ids": [other.id()], "memberships": "all" });
        let done = admin.post(&path(&lead), there).await.ok(200);
        assert_eq!(told(&done, "moved"), set(&["membership Lead Advisor", "task Elsewhere"]));
        assert_eq!(work(&lead).await, set(&["Do a", "By hand"]));

        office.join(&office.client_id, &partner, "lead_advisor").await;
        office.join(&office.client_id, &lead, "partner").await;
        let seats = json!({ "to_user_id": partner.id(), "tasks": false, "processes": false, "memberships": "primary" });
        let done = admin.post(&path(&lead), seats).await.ok(200);
        assert_eq!(told(&done, "moved"), set(&["membership Lead Advisor"]));
        let mut theirs = held(&app, &office.client_id, &partner).await;
        theirs.sort();
        let mut expected = vec![
            (office.role("partner").to_owned(), true),
            (office.role("lead_advisor").to_owned(), true),
        ];
        expected.sort();
        assert_eq!(theirs, expected);
        let kept = held(&app, &office.client_id, &lead).await;
        assert_eq!(kept, [(office.role("partner").to_owned(), false)]);
    }

    /// X11: an approval goes neither to its preparer nor to somebody whom nothing names; a role that goes along names them.
    async fn an_approval_stays_with_the_reason(app: TestApp) {
        let office = Office::open(&app).await;
        let mut approve = task("approve", "lead_advisor", &["prepare"]);
        approve["kind"] = json!("approval");
        approve["outcomes"] = json!([{ "key": "approved", "label": "Approved" }]);
        approve["separate_from"] = json!(["prepare"]);
        let prepare = task("prepare", "client_service_associate", &[]);
        let process_type = publish(&app, definition("checked", &[prepare, approve])).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        let csa = office.holder("client_service_associate").clone();
        let first = office.tasks(process.id()).await["prepare"].clone();
        office.complete(&csa, &first, None).await.ok(200);

        let lead = office.holder("lead_advisor").clone();
        let planner = office.holder("paraplanner").clone();
        let admin = app.admin();
        let to = |who: &Client, memberships: &str, dry_run: bool| {
            json!({ "to_user_id": who.id(), "memberships": memberships, "processes": false, "dry_run": dry_run })
        };
        for (who, memberships, why) in [
            (&csa, "all", "completed, or filled in"),
            (&planner, "none", "only to somebody whom its owner rule or its lists name"),
        ] {
            let would = admin.post(&path(&lead), to(who, memberships, true)).await.ok(200);
            assert_eq!(told(&would, "kept"), set(&["task Do approve X11"]));
            let reason = would["kept"][0]["reason"].as_str().unwrap();
            assert!(reason.contains(why), "{reason}");
        }
        let stays = admin.post(&path(&lead), to(&planner, "none", false)).await.ok(200);
        assert_eq!(told(&stays, "kept"), set(&["task Do approve X11"]));
        assert_eq!(work(&lead).await, set(&["Do approve"]));

        let both = ["membership Lead Advisor", "task Do approve"];
        for dry_run in [true, false] {
            let done = admin.post(&path(&lead), to(&planner, "all", dry_run)).await.ok(200);
            assert_eq!(told(&done, "moved"), set(&both), "dry run: {dry_run}");
            assert_eq!(done["kept"], json!([]));
        }
        assert_eq!(work(&planner).await, set(&["Do approve"]));
    }

    /// X18, X17: a restricted record needs a place on its team; whoever does not see it is told nothing of it.
    async fn work_on_a_restricted_record_goes_to_its_team_only(app: TestApp) {
        let (office, lead, _) = scene(&app).await;
        let successor = app.user("Sia Successor", PermissionLevel::Member).await;
        let admin = app.admin();
        let other = app.user("Otto Other", PermissionLevel::Admin).await;
        office.join(&office.client_id, &admin, "partner").await;
        restrict(&app, &office.client_id).await;
        let body = json!({ "to_user_id": successor.id() });
        let blind = other.post(&path(&lead), body.clone()).await.ok(200);
        assert_eq!((&blind["moved"], &blind["kept"]), (&json!([]), &json!([])));
        let stays = admin.post(&path(&lead), body).await.ok(200);
        let three = ["process By hand: two X18", "task Do a X18", "task By hand X18"];
        assert_eq!(told(&stays, "kept"), set(&three));
        let with_place = json!({ "to_user_id": successor.id(), "memberships": "all" });
        let done = admin.post(&path(&lead), with_place).await.ok(200);
        assert_eq!(done["moved"].as_array().unwrap().len(), 4);
        assert_eq!(work(&successor).await, set(&["Do a", "By hand"]));
        assert!(work(&lead).await.is_empty());
    }

    /// X16, X20: admins and the person's managers; what a manager may not change stays. X13: who has left is handed over as
    /// well.
    async fn a_manager_hands_over_as_far_as_they_may(app: TestApp) {
        let (office, lead, _) = scene(&app).await;
        let admin = app.admin();
        let manager = app.user("Mona Manager", PermissionLevel::Manager).await;
        let auditor = app.user("Arno Auditor", PermissionLevel::Auditor).await;
        let csa = office.holder("client_service_associate").clone();
        let body = json!({ "to_user_id": csa.id(), "memberships": "all" });
        for who in [&manager, &auditor, &lead, &csa] {
            let refused = who.post(&path(&lead), body.clone()).await.problem(403, "forbidden");
            assert_eq!(refused["rule"], "X16");
        }
        let team = admin.post("/v1/teams", json!({ "name": "East" })).await.ok(201);
        for (who, manages) in [(&manager, true), (&lead, false)] {
            let body = json!({ "user_id": who.id(), "manager": manages });
            admin.post(&format!("/v1/teams/{}/members", team.id()), body).await.ok(201);
        }
        let firm = admin.get("/v1/firm").await.ok(200);
        admin.if_match(firm.etag()).patch("/v1/firm", json!({ "visibility": "firm" })).await.ok(200);
        let user = format!("/v1/users/{}", lead.id());
        let now = admin.get(&user).await.ok(200);
        manager.if_match("\"99\"").post(&path(&lead), body.clone()).await.problem(412, "version-conflict");
        let gone = admin.if_match(now.etag()).patch(&user, json!({ "status": "inactive" })).await.ok(200);
        let done = manager.if_match(gone.etag()).post(&path(&lead), body).await.ok(200);
        assert_eq!(told(&done, "kept"), set(&["membership Lead Advisor X20"]));
        assert_eq!(told(&done, "moved"), set(&["process By hand: two", "task Do a", "task By hand"]));
        assert_eq!(work(&csa).await, set(&["Do a", "By hand"]));
    }

    async fn a_successor_who_cannot_be_is_refused(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let lead = office.holder("lead_advisor").clone();
        let auditor = app.user("Arno Auditor", PermissionLevel::Auditor).await;
        let gone = app.user("Gus Gone", PermissionLevel::Member).await;
        let user = format!("/v1/users/{}", gone.id());
        let now = admin.get(&user).await.ok(200);
        admin.if_match(now.etag()).patch(&user, json!({ "status": "inactive" })).await.ok(200);
        for (id, code) in [
            (lead.id().to_string(), "same-user"),
            (auditor.id().to_string(), "auditor"),
            (gone.id().to_string(), "inactive-user"),
            (NO_SUCH_ID.to_owned(), "unknown-user"),
        ] {
            let body = json!({ "to_user_id": id, "entity_ids": [office.client_id, NO_SUCH_ID] });
            let refused = admin.post(&path(&lead), body).await.problem(422, "validation-failed");
            assert_eq!(refused.faults(), [("/to_user_id", code), ("/entity_ids/1", "unknown-entity")]);
        }
        let nobody = format!("/v1/users/{NO_SUCH_ID}/hand-over");
        admin.post(&nobody, json!({ "to_user_id": lead.id() })).await.problem(404, "not-found");
    }

    /// E5, E19: what is more than a stretch goes on by job, in the name of whoever asked for it and as they may then.
    async fn much_goes_on_by_job(app: TestApp) {
        let office = Office::open(&app).await;
        let lead = office.holder("lead_advisor").clone();
        let partner = office.holder("partner").clone();
        for number in 0..104 {
            by_hand(&app, &format!("Number {number}"), &lead, &office.client_id).await;
        }
        let admin = app.user("Otto Other", PermissionLevel::Admin).await;
        let body = json!({ "to_user_id": partner.id() });
        let mut dry = body.clone();
        dry["dry_run"] = json!(true);
        let would = admin.post(&path(&lead), dry).await.ok(200);
        assert_eq!(would["moved"].as_array().unwrap().len(), 100);
        assert_eq!(would["queued"]["tasks"], 4);
        app.run_jobs().await;
        assert_eq!(work(&lead).await.len(), 104, "a dry run queues nothing");
        let done = admin.post(&path(&lead), body).await.ok(200);
        assert_eq!(done["moved"].as_array().unwrap().len(), 100);
        assert_eq!(done["queued"], json!({ "memberships": 0, "processes": 0, "tasks": 4 }));
        assert_eq!(work(&lead).await.len(), 4);
        app.run_jobs().await;
        assert!(work(&lead).await.is_empty());
        assert_eq!(work(&partner).await.len(), 104);
        let trail = admin.get("/v1/audit?action=task.assigned&limit=200").await.ok(200);
        let entries = trail["data"].as_array().unwrap();
        assert_eq!(entries.len(), 104);
        assert!(entries.iter().all(|entry| entry["actor"]["id"] == admin.id().to_string()));

        for number in 0..104 {
            by_hand(&app, &format!("Number {number}"), &lead, &office.client_id).await;
        }
        let body = json!({ "to_user_id": partner.id() });
        admin.post(&path(&lead), body).await.ok(200);
        let path = format!("/v1/users/{}", admin.id());
        let now = app.admin().get(&path).await.ok(200);
        let member = json!({ "permission_level": "member" });
        app.admin().if_match(now.etag()).patch(&path, member).await.ok(200);
        app.run_jobs().await;
        assert_eq!(work(&lead).await.len(), 4, "whoever asked may no longer");
    }
}
