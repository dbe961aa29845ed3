//! Simulations: what a process would bring, without anything being written.

use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish},
};

/// Who opens what in which attempt, and how it ends.
fn told(simulation: &Reply) -> Vec<String> {
    let openings = simulation["openings"].as_array().unwrap().iter();
    openings
        .map(|opening| {
            let text = |name: &str| opening[name].as_str().unwrap_or("none").to_owned();
            format!(
                "{} {} {} {}",
                text("key"),
                opening["attempt"],
                text("status"),
                text("outcome")
            )
        })
        .collect()
}

/// A check by somebody else behind the work of a Client Service Associate.
fn checked_work(key: &str) -> Value {
    definition(
        key,
        &[
            json!({
                "key": "prepare", "kind": "task", "title": "Prepare for {{ entity.name }}",
                "owner": [{ "role": "client_service_associate" }],
                "due": { "amount": 2, "unit": "business_days", "from": "opened" },
            }),
            json!({
                "key": "check", "kind": "approval", "title": "Check",
                "owner": [{ "role": "lead_advisor" }],
                "separate_from": ["prepare"],
                "execution": { "enabled": true, "business_roles": ["partner"] },
                "after": [{ "task": "prepare" }],
                "due": { "amount": 1, "unit": "business_days", "from": "opened" },
                "outcomes": [
                    { "key": "rework", "label": "Back", "reopens": "prepare" },
                    { "key": "approved", "label": "Approved" },
                ],
            }),
        ],
    )
}

async fn simulated(who: &Client, id: &str, body: Value) -> Reply {
    let path = format!("/v1/process-types/{id}/versions/1/simulate");
    who.post(&path, body).await
}

on_both! {
    async fn a_simulation_shows_the_whole_run_and_writes_nothing(app: TestApp) {
        let office = Office::open(&app).await;
        let id = publish(&app, checked_work("checked_work")).await;
        let before = app.admin().get("/v1/events?limit=200").await.ok(200);
        let body = json!({
            "entity_id": office.client_id,
            "starts_at": "2026-07-01T14:00:00Z",
            "outcomes": { "check": ["rework"] },
        });
        let who = office.holder("client_service_associate");
        let simulation = simulated(who, &id, body).await.ok(200);
        let expected = [
            "prepare 1 completed none",
            "check 1 completed rework",
            "prepare 2 completed none",
            "check 2 completed approved",
        ];
        assert_eq!(told(&simulation), expected);
        assert_eq!(simulation["status"], "completed");
        assert_eq!(simulation["result"], "completed");
        assert_eq!(simulation["halt"], Value::Null);

        let first = &simulation["openings"][0];
        assert_eq!(first["title"], "Prepare for Okafor Household");
        assert_eq!(first["owner_id"], who.id().to_string());
        // 3 July 2026 is a closed day.
        assert_eq!(first["due_at"], "2026-07-06T21:00:00Z");
        let check = &simulation["openings"][1];
        let names: Vec<_> = check["executors"].as_array().unwrap().iter().map(|e| &e["full_name"]).collect();
        assert_eq!(names, ["Lena Brandt", "Piet Partner"]);
        assert_eq!(check["opened_at"], first["due_at"]);

        let after = app.admin().get("/v1/events?limit=200").await.ok(200);
        assert_eq!(before["data"], after["data"]);
        let processes = app.admin().get("/v1/processes").await.ok(200);
        assert_eq!(processes["data"], json!([]));
    }

    async fn an_entity_can_be_made_up_and_a_draft_be_played(app: TestApp) {
        let admin = app.admin();
        let made = admin.post("/v1/process-types", checked_work("still_a_draft")).await.ok(201);
        let path = format!("/v1/process-types/{}/draft/simulate", made.id());
        let body = json!({ "sample": { "kind": "household", "status": "client" } });
        let simulation = admin.post(&path, body).await.ok(200);
        assert_eq!(told(&simulation), ["prepare 1 completed none", "check 1 completed approved"]);
        assert_eq!(simulation["openings"][0]["owner_id"], Value::Null);
        assert_eq!(simulation["openings"][0]["title"], "Prepare for Sample");

        let version = simulated(&admin, made.id(), json!({})).await;
        let _ = version.problem(404, "not-found");
        let member = app.user("Mia Member", domain::user::PermissionLevel::Member).await;
        let _ = member.post(&path, json!({})).await.problem(403, "forbidden");
    }

    async fn every_fault_of_a_simulation_is_told_at_once(app: TestApp) {
        let office = Office::open(&app).await;
        let id = publish(&app, checked_work("checked_work")).await;
        let body = json!({
            "entity_id": office.client_id,
            "outcomes": { "check": ["approved", "maybe"], "nowhere": [] },
            "fields": { "color": "red" },
        });
        let refused = simulated(&app.admin(), &id, body).await.problem(422, "validation-failed");
        let expected = [
            ("/fields/color", "unknown-key"),
            ("/outcomes/check/1", "unknown-outcome"),
            ("/outcomes/nowhere", "unknown-key"),
        ];
        assert_eq!(refused.faults(), expected);

        let both = json!({ "entity_id": office.client_id, "sample": { "kind": "household" } });
        let refused = simulated(&app.admin(), &id, both).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/sample", "not-both")]);
        let odd = json!({ "sample": { "kind": "household", "status": "blue", "attributes": { "x": 1 } } });
        let refused = simulated(&app.admin(), &id, odd).await.problem(422, "validation-failed");
        let expected = [("/sample/status", "not-an-option"), ("/sample/attributes/x", "unknown-key")];
        assert_eq!(refused.faults(), expected);
        let of_no_client = json!({ "sample": { "kind": "account" } });
        let refused = simulated(&app.admin(), &id, of_no_client).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/sample/kind", "wrong-kind")]);
    }

    /// X17
    async fn nobody_simulates_with_an_entity_that_they_do_not_see(app: TestApp) {
        let office = Office::open(&app).await;
        let id = publish(&app, checked_work("checked_work")).await;
        let stranger = app.user("Sam Stranger", domain::user::PermissionLevel::Member).await;
        let body = json!({ "entity_id": office.client_id });
        let refused = simulated(&stranger, &id, body).await.problem(422, "validation-failed");
        let unknown = json!({ "entity_id": "01981d4e-7a00-7000-8000-00000000ffff" });
        let missing = simulated(&stranger, &id, unknown).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), missing.faults());
    }
}
