//! Batches: one process for each of many entities (E17).

mod kill;

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Database, Reply, TestApp, on_both};

use crate::{
    kill::all, office::Office, processes::told, schedules::client_type, versions::tried,
    workflow::start,
};

/// Households, made in this order.
async fn households(app: &TestApp, many: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..many {
        let body = json!({ "name": format!("Household {number}"), "kind": "household" });
        let made = app.admin().post("/v1/entities", body).await.ok(201);
        ids.push(made.id().to_owned());
    }
    ids
}

async fn begin(who: &Client, process_type: &str, entities: &[String], more: Value) -> Reply {
    let mut body = json!({ "process_type_id": process_type, "entity_ids": entities });
    for (member, value) in more.as_object().into_iter().flatten() {
        body[member] = value.clone();
    }
    who.post("/v1/batches", body).await
}

async fn followed(who: &Client, begun: &Reply) -> Reply {
    who.get(begun.header("location").unwrap()).await.ok(200)
}

fn counts(waiting: u32, started: u32, skipped: u32, refused: u32) -> Value {
    let total = waiting + started + skipped + refused;
    json!({ "total": total, "waiting": waiting, "started": started, "skipped": skipped, "refused": refused })
}

on_both! {
    /// E17: in stretches, in the order of the request, each once.
    async fn each_entity_gets_its_process(app: TestApp) {
        let _office = Office::open(&app).await;
        let process_type = client_type(&app, "review", json!({ "owner": [{ "is": "initiator" }] })).await;
        let entities = households(&app, 95).await;
        let begun = begin(&app.admin(), &process_type, &entities, json!({ "name": " Reviews " })).await.ok(202);
        assert_eq!((&begun["name"], &begun["status"], &begun["progress"]), (&json!("Reviews"), &json!("running"), &json!(0.0)));
        assert_eq!(begun["counts"], counts(95, 0, 0, 0));
        assert!(app.worker().round().await.unwrap());
        let under_way = followed(&app.admin(), &begun).await;
        assert_eq!(under_way["counts"], counts(55, 40, 0, 0));
        assert!((under_way["progress"].as_f64().unwrap() - 40.0 / 95.0).abs() < 1e-9);
        app.run_jobs().await;
        let done = followed(&app.admin(), &begun).await;
        assert_eq!((&done["status"], &done["progress"]), (&json!("completed"), &json!(1.0)));
        assert_eq!(done["counts"], counts(0, 95, 0, 0));
        assert!(done["ended_at"].is_string());

        let items = all(&app.admin(), &format!("/v1/batches/{}/items?limit=40", begun.id())).await;
        let order: Vec<_> = items.iter().map(|item| item["entity_id"].as_str().unwrap()).collect();
        assert_eq!(order, entities);
        let path = format!("/v1/processes?batch_id={}&limit=200&sort=started_at", begun.id());
        let processes = all(&app.admin(), &path).await;
        assert_eq!(processes.len(), 95);
        for (item, process) in items.iter().zip(&processes) {
            assert_eq!(item["state"], "started");
            assert_eq!(item["process_id"], process["id"]);
            assert_eq!(item["entity_id"], process["entity_id"]);
            assert_eq!(process["initiator_id"], app.admin().id().to_string());
            assert_eq!(process["owner_id"], process["initiator_id"], "E9");
        }
        assert_eq!(told(&app, "batch.created").await.len(), 1);
        assert_eq!(told(&app, "batch.completed").await.len(), 1);
        assert_eq!(told(&app, "process.started").await.len(), 95);
        app.admin().get("/v1/audit/verify").await.ok(200);
    }

    /// E17
    async fn it_stops_where_it_is_paused_and_goes_on_there(app: TestApp) {
        let _office = Office::open(&app).await;
        let process_type = client_type(&app, "review", json!({})).await;
        let entities = households(&app, 90).await;
        let begun = begin(&app.admin(), &process_type, &entities, json!({})).await.ok(202);
        let act = async |verb: &str| {
            let path = format!("/v1/batches/{}/{verb}", begun.id());
            app.admin().post(&path, json!({})).await
        };
        assert!(app.worker().round().await.unwrap());
        assert_eq!(act("pause").await.ok(200)["status"], "paused");
        let _ = act("pause").await.problem(409, "conflict");
        app.run_jobs().await;
        assert_eq!(followed(&app.admin(), &begun).await["counts"], counts(50, 40, 0, 0));
        assert_eq!(act("resume").await.ok(200)["status"], "running");
        // What was asked for before the pause comes late, and does nothing.
        app.on_database("UPDATE job SET state = 'queued' WHERE kind = 'run_batch' AND state = 'done'").await;
        assert!(app.worker().round().await.unwrap());
        assert_eq!(followed(&app.admin(), &begun).await["counts"], counts(10, 80, 0, 0));
        assert_eq!(act("cancel").await.ok(200)["status"], "cancelled");
        app.run_jobs().await;
        let given_up = followed(&app.admin(), &begun).await;
        assert_eq!(given_up["counts"], counts(10, 80, 0, 0));
        for verb in ["pause", "resume", "cancel"] {
            let _ = act(verb).await.problem(409, "conflict");
        }
        let waiting = app.admin().get(&format!("/v1/batches/{}/items?state=waiting", begun.id())).await.ok(200);
        assert_eq!(waiting["data"].as_array().unwrap().len(), 10);
        assert_eq!(all(&app.admin(), "/v1/processes?limit=200").await.len(), 80);
    }

    /// E17, E9: what is shared is read once, but every start sees those before it.
    async fn work_is_spread_over_those_who_hold_a_role(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "review", json!({
            "tasks": [crate::workflow::task("only", "compliance_officer", &[])],
        })).await;
        let second = app.user("Carl Compliance", PermissionLevel::Member).await;
        // Of two without a primary, the one with the fewest open tasks.
        let team = format!("/v1/entities/{}/team", app.firm);
        let firm = app.firm.to_string();
        office.join(&firm, &second, "compliance_officer").await;
        let members = all(&app.admin(), &format!("{team}?limit=200")).await;
        let holder = office.holder("compliance_officer").id().to_string();
        let first = members.iter().find(|it| it["user_id"] == holder).unwrap();
        let path = format!("{team}/{}", first["id"].as_str().unwrap());
        let change = json!({ "is_primary": false });
        app.admin().if_match("*").patch(&path, change).await.ok(200);
        let entities = households(&app, 10).await;
        begin(&app.admin(), &process_type, &entities, json!({})).await.ok(202);
        app.run_jobs().await;
        let owned = async |who: &Client| {
            let path = format!("/v1/tasks?owner_id={}&limit=200", who.id());
            all(&app.admin(), &path).await.len()
        };
        assert_eq!(owned(&second).await + owned(office.holder("compliance_officer")).await, 10);
        assert_eq!(owned(&second).await, 5);
    }

    /// E17, X20: one by one, as if each had been asked for alone.
    async fn what_cannot_be_started_says_why_and_holds_nothing_up(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "review", json!({
            "initiators": ["lead_advisor"],
            "subject": { "kinds": ["client"], "statuses": ["client", "prospect"] },
        })).await;
        let lead = office.holder("lead_advisor");
        let entities = households(&app, 3).await;
        let [not_lead, former, open] = &entities[..] else { panic!("three") };
        for (entity, role) in [(not_lead, "paraplanner"), (former, "lead_advisor"), (open, "lead_advisor")] {
            office.join(entity, lead, role).await;
        }
        let gone = json!({ "status": "former" });
        app.admin().if_match("*").patch(&format!("/v1/entities/{former}"), gone).await.ok(200);
        start(lead, &process_type, open).await;
        let mut all = entities.clone();
        all.push(office.client_id.clone());
        let begun = begin(lead, &process_type, &all, json!({ "unless_open": true })).await.ok(202);
        app.run_jobs().await;
        let done = followed(lead, &begun).await;
        assert_eq!((&done["status"], &done["counts"]), (&json!("completed"), &counts(0, 1, 1, 2)));
        let items = lead.get(&format!("/v1/batches/{}/items", begun.id())).await.ok(200);
        let states: Vec<_> = items["data"].as_array().unwrap().iter()
            .map(|item| (item["state"].as_str().unwrap(), item["reasons"][0]["code"].as_str()))
            .collect();
        assert_eq!(states, [
            ("refused", Some("forbidden")),
            ("refused", Some("wrong-status")),
            ("skipped", None),
            ("started", None),
        ]);
    }

    /// X17, X20: who asked follows it, admins and auditors; admins stop it, too.
    async fn a_batch_is_seen_by_whoever_asked_for_it(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "review", json!({})).await;
        let lead = office.holder("lead_advisor");
        let entities = [office.client_id.clone()];
        let begun = begin(lead, &process_type, &entities, json!({})).await.ok(202);
        let path = begun.header("location").unwrap().to_owned();
        let auditor = app.user("Otto Auditor", PermissionLevel::Auditor).await;
        auditor.get(&path).await.ok(200);
        assert_eq!(auditor.post(&format!("{path}/cancel"), json!({})).await.problem(403, "forbidden")["rule"], "X20");
        assert_eq!(begin(&auditor, &process_type, &entities, json!({})).await.problem(403, "forbidden")["rule"], "X20");
        for who in [office.holder("partner").clone(), app.other_firm("southwind").await] {
            let _ = who.get(&path).await.problem(404, "not-found");
            let _ = who.get(&format!("{path}/items")).await.problem(404, "not-found");
            let _ = who.post(&format!("{path}/cancel"), json!({})).await.problem(404, "not-found");
            assert_eq!(who.get("/v1/batches").await.ok(200)["data"], json!([]));
        }
        assert_eq!(lead.get("/v1/batches").await.ok(200)["data"][0]["id"], begun.id());
        let partner = office.holder("partner").get("/v1/events?limit=200").await.ok(200);
        assert!(!partner.text.contains("batch.created"));
        let own = lead.get("/v1/events?limit=200").await.ok(200);
        assert!(own.text.contains("batch.created"));
        let admin = app.admin();
        assert_eq!(admin.get("/v1/batches").await.ok(200)["data"][0]["id"], begun.id());
        assert_eq!(admin.post(&format!("{path}/cancel"), json!({})).await.ok(200)["status"], "cancelled");
        let outsider = app.user("Noor Jansen", PermissionLevel::Member).await;
        let refused = begin(&outsider, &process_type, &entities, json!({})).await;
        assert_eq!(refused.problem(422, "validation-failed").faults(), [("/entity_ids/0", "unknown-entity")]);
    }

    /// E17: a retry makes no second batch; its version is asked for where it is given.
    async fn a_batch_is_asked_for_once(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "review", json!({})).await;
        let keyed = app.admin().key("batch");
        let entities = [office.client_id.clone()];
        let first = begin(&keyed, &process_type, &entities, json!({})).await.ok(202);
        let again = begin(&keyed, &process_type, &entities, json!({})).await.ok(202);
        assert_eq!(first.text, again.text);
        assert_eq!(app.admin().get("/v1/batches").await.ok(200)["data"].as_array().unwrap().len(), 1);
        let path = |verb: &str| format!("/v1/batches/{}/{verb}", first.id());
        for (id, verb) in [("pauseBatch", "pause"), ("resumeBatch", "resume"), ("cancelBatch", "cancel")] {
            tried(&app.admin(), id, &path(verb), None).await;
        }
    }

    /// E17: what a stretch needs is read, and what it makes is written, for all of it at once.
    async fn a_stretch_costs_few_statements(app: TestApp) {
        let _office = Office::open(&app).await;
        let process_type = client_type(&app, "review", json!({})).await;
        let entities = households(&app, 80).await;
        let begun = begin(&app.admin(), &process_type, &entities, json!({ "unless_open": true })).await.ok(202);
        let worker = app.worker();
        let (worked, statements) = app.state.store.watch_statements(worker.round()).await;
        assert!(worked.unwrap());
        assert_eq!(followed(&app.admin(), &begun).await["counts"], counts(40, 40, 0, 0));
        if app.database == Database::Postgres {
            assert!(statements <= 24, "{statements} statements for forty processes");
        }
    }
}
