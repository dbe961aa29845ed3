//! Schedules whose entities have dates of their own, and schedules for several.

use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{admin, client_type, occurrences, runs, schedule, started, wait_for};
use crate::office::Office;

async fn attributes(app: &TestApp) {
    for body in [
        json!({ "key": "renewal", "label": "Renewal", "entity_kind": "client", "value_type": "date" }),
        json!({ "key": "last_contact", "label": "Last contact", "entity_kind": "client", "value_type": "date" }),
        json!({ "key": "tier", "label": "Tier", "entity_kind": "client", "value_type": "choice", "options": ["key", "core"] }),
    ] {
        admin(app).await.post("/v1/attributes", body).await.ok(201);
    }
}

async fn set(app: &TestApp, entity: &str, attributes: Value) {
    let path = format!("/v1/entities/{entity}");
    let change = json!({ "attributes": attributes });
    admin(app)
        .await
        .if_match("*")
        .patch(&path, change)
        .await
        .ok(200);
}

async fn household(app: &TestApp, name: &str, attributes: Value) -> String {
    let body = json!({ "name": name, "kind": "household", "attributes": attributes });
    let made = admin(app).await.post("/v1/entities", body).await.ok(201);
    made.id().to_owned()
}

fn before_renewal(days: i32) -> Value {
    json!({ "at": { "amount": -days, "unit": "days", "from": "attribute", "key": "renewal" } })
}

on_both! {
    /// E18
    async fn a_date_that_moves_moves_the_run_and_each_has_one(app: TestApp) {
        let office = Office::open(&app).await;
        attributes(&app).await;
        let client = office.client_id.clone();
        set(&app, &client, json!({ "renewal": "2030-03-27" })).await;
        let process_type = client_type(&app, "renewal_review", json!({})).await;
        let renewal = schedule(&office, &process_type, json!({ "timing": before_renewal(20) })).await;
        assert_eq!(occurrences(&app, &renewal, "").await, json!(["2030-03-07T13:00:00Z"]));
        wait_for(&app, "2030-03-05T13:00:00Z").await;
        assert_eq!(runs(&app, &renewal).await.len(), 0, "it only looks");
        set(&app, &client, json!({ "renewal": "2030-03-28" })).await;
        assert_eq!(occurrences(&app, &renewal, "").await, json!(["2030-03-08T13:00:00Z"]));
        wait_for(&app, "2030-03-07T13:00:00Z").await;
        assert_eq!(runs(&app, &renewal).await.len(), 0);
        wait_for(&app, "2030-03-08T13:00:00Z").await;
        wait_for(&app, "2030-03-09T13:00:00Z").await;
        let [run] = &runs(&app, &renewal).await[..] else {
            panic!("one run");
        };
        assert_eq!((&run["planned_at"], &run["late"]), (&json!("2030-03-08T13:00:00Z"), &json!(false)));
        let now = admin(&app).await.get(&format!("/v1/schedules/{renewal}")).await.ok(200);
        assert_eq!(now["status"], "active", "the date may move again");

        // Entered when its day was past already: late, and once.
        wait_for(&app, "2030-03-13T15:00:00Z").await;
        set(&app, &client, json!({ "renewal": "2030-04-01" })).await;
        for day in ["2030-03-14T12:00:00Z", "2030-03-15T12:00:00Z"] {
            wait_for(&app, day).await;
        }
        let all = runs(&app, &renewal).await;
        assert_eq!(all.len(), 2);
        assert_eq!((&all[0]["planned_at"], &all[0]["late"]), (&json!("2030-03-12T12:00:00Z"), &json!(true)));
        assert_eq!(started(&app, &renewal).await.len(), 2);
    }

    /// E18, E11: by client tier; and no run without a date.
    async fn the_tier_of_a_client_says_when(app: TestApp) {
        let office = Office::open(&app).await;
        attributes(&app).await;
        let client = office.client_id.clone();
        set(&app, &client, json!({ "last_contact": "2030-03-01", "tier": "key" })).await;
        let process_type = client_type(&app, "contact", json!({})).await;
        let timing = json!({ "at": {
            "amount_by": { "attribute": "tier", "map": { "key": 1, "core": 3 } },
            "unit": "months", "from": "attribute", "key": "last_contact",
        } });
        let contact = schedule(&office, &process_type, json!({ "timing": timing })).await;
        assert_eq!(occurrences(&app, &contact, "").await, json!(["2030-04-01T12:00:00Z"]));
        set(&app, &client, json!({ "tier": "core" })).await;
        assert_eq!(occurrences(&app, &contact, "").await, json!(["2030-05-31T12:00:00Z"]));
        set(&app, &client, json!({ "tier": null })).await;
        assert_eq!(occurrences(&app, &contact, "").await, json!([]));
        wait_for(&app, "2030-06-03T12:00:00Z").await;
        assert_eq!(runs(&app, &contact).await.len(), 0);
    }

    /// E17, E18: several at once are a batch.
    async fn a_schedule_for_several_starts_a_batch_each_time(app: TestApp) {
        let office = Office::open(&app).await;
        let other = household(&app, "Lindqvist Household", json!({})).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let body = json!({
            "process_type_id": process_type,
            "timing": { "rule": "FREQ=DAILY", "time": "12:00" },
            "entity_ids": [office.client_id, other],
            "unless_open": true,
        });
        let made = app.admin().post("/v1/schedules", body).await.ok(201);
        assert_eq!((&made["entity_id"], &made["entity_count"]), (&json!(null), &json!(2)));
        let daily = made.id();
        wait_for(&app, "2030-03-04T17:00:00Z").await;
        let run = runs(&app, daily).await[0].clone();
        assert_eq!((&run["outcome"], &run["process_id"]), (&json!("started"), &json!(null)));
        let path = format!("/v1/batches/{}", run["batch_id"].as_str().unwrap());
        let batch = admin(&app).await.get(&path).await.ok(200);
        assert_eq!((&batch["status"], &batch["schedule_id"]), (&json!("completed"), &json!(daily)));
        assert_eq!(batch["counts"]["started"], 2);
        assert_eq!(batch["requested_by_id"], json!(null));
        assert_eq!(started(&app, daily).await.len(), 2);

        wait_for(&app, "2030-03-05T17:00:00Z").await;
        let batches = crate::schedules::list(&app, &format!("/v1/batches?schedule_id={daily}")).await;
        assert_eq!(batches[0]["counts"]["skipped"], 2);
        assert_eq!(started(&app, daily).await.len(), 2, "they are open");
    }

    /// E18: of several, those whose day it is; each once.
    async fn of_several_those_start_whose_day_it_is(app: TestApp) {
        let office = Office::open(&app).await;
        attributes(&app).await;
        set(&app, &office.client_id, json!({ "renewal": "2030-03-15" })).await;
        let same = household(&app, "Same", json!({ "renewal": "2030-03-15" })).await;
        let later = household(&app, "Later", json!({ "renewal": "2030-03-18" })).await;
        let never = household(&app, "Never", json!({})).await;
        let process_type = client_type(&app, "renewal_review", json!({})).await;
        let body = json!({
            "process_type_id": process_type, "timing": before_renewal(10),
            "entity_ids": [office.client_id, same, later, never],
        });
        let made = app.admin().post("/v1/schedules", body).await.ok(201);
        let path = format!("/v1/schedules/{}/entities", made.id());
        let listed = crate::schedules::list(&app, &path).await;
        let next: Vec<_> = listed.iter().map(|it| it["next_at"].clone()).collect();
        let (first, second) = ("2030-03-05T13:00:00Z", "2030-03-08T13:00:00Z");
        assert_eq!(next, [json!(first), json!(first), json!(second), json!(null)]);
        assert_eq!(occurrences(&app, made.id(), &format!("?entity_id={later}")).await, json!([second]));
        let asked = format!("/v1/schedules/{}/occurrences", made.id());
        for (query, code) in [("", "required"), ("?entity_id=01981d4e-7a00-7000-8000-00000000e001", "unknown-entity")] {
            let refused = app.admin().get(&format!("{asked}{query}")).await.problem(422, "validation-failed");
            assert_eq!(refused.faults(), [("entity_id", code)]);
        }
        wait_for(&app, first).await;
        wait_for(&app, "2030-03-06T13:00:00Z").await;
        assert_eq!(started(&app, made.id()).await.len(), 2);
        wait_for(&app, second).await;
        wait_for(&app, "2030-03-11T13:00:00Z").await;
        let processes = started(&app, made.id()).await;
        assert_eq!(processes.len(), 3);
        assert_eq!(processes[0]["entity_id"], later);
        assert_eq!(crate::schedules::list(&app, &path).await[0]["last_on"], "2030-03-05");

        // Entered when its day was past already.
        set(&app, &never, json!({ "renewal": "2030-03-19" })).await;
        wait_for(&app, "2030-03-12T13:00:00Z").await;
        let late: Vec<_> = runs(&app, made.id()).await.iter().map(|run| run["late"].clone()).collect();
        assert_eq!(late, [json!(true), json!(false), json!(false)]);
    }
}
