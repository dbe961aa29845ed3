//! What people are told by workflows.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Client, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// How many notifications somebody has not read.
async fn unread(who: &Client) -> u64 {
    let path = "/v1/notifications?unread=true&include_total=true&limit=1";
    let page = who.get(path).await.ok(200);
    page["page"]["total"].as_u64().unwrap()
}

on_both! {
    /// E13: the person whom the effect names is told, once, and nobody else.
    async fn whom_an_effect_names_is_told(app: TestApp) {
        let office = Office::open(&app).await;
        let mut call = task("call", "client_service_associate", &[]);
        call["on_complete"] = json!([
            { "type": "notify", "to": { "role": "lead_advisor" }, "message": "{{ entity.name }} is welcomed." },
            { "type": "notify", "to": { "is": "initiator" }, "message": "Done." },
        ]);
        let process_type = publish(&app, definition("welcome", &[call])).await;
        let trader = office.holder("trader");
        let associate = office.holder("client_service_associate").clone();
        for round in 1..=2 {
            let process = start(trader, &process_type, &office.client_id).await;
            let tasks = office.tasks(process.id()).await;
            let keyed = associate.key(&format!("call-{round}"));
            let before = office.holder("lead_advisor").get("/v1/notifications").await.ok(200);
            assert_eq!(before["data"].as_array().unwrap().len(), round - 1, "told only when it is done");
            office.complete(&keyed, &tasks["call"], None).await.ok(200);
            for (who, message) in [
                (office.holder("lead_advisor"), "Okafor Household is welcomed."),
                (trader, "Done."),
            ] {
                let told = who.get("/v1/notifications").await.ok(200);
                let told = told["data"].as_array().unwrap();
                assert_eq!(told.len(), round);
                // The newest stands first.
                assert_eq!(told[0]["message"], message);
                assert_eq!(told[0]["process_id"], process.id());
                assert_eq!(told[0]["task_id"], tasks["call"]["id"]);
                assert_eq!(told[0]["entity_id"], office.client_id);
            }
        }
        for who in [&associate, &app.admin()] {
            assert_eq!(who.get("/v1/notifications").await.ok(200)["data"], json!([]));
        }
        assert_eq!(unread(trader).await, 2);
        let page = trader.get("/v1/notifications?limit=1").await.ok(200);
        let cursor = page["page"]["next_cursor"].as_str().unwrap();
        let rest = trader.get(&format!("/v1/notifications?limit=1&cursor={cursor}")).await.ok(200);
        assert!(rest["page"]["next_cursor"].is_null() && rest["data"][0]["id"] != page["data"][0]["id"]);
    }

    /// Each person reads what they were told, and nobody else's.
    async fn what_was_told_is_marked_as_read_one_by_one_or_all_at_once(app: TestApp) {
        let office = Office::open(&app).await;
        let trader = office.holder("trader");
        let mut call = task("call", "client_service_associate", &[]);
        let told = json!({ "type": "notify", "to": { "is": "initiator" }, "message": "Done." });
        call["on_complete"] = json!([told, told, told]);
        let process_type = publish(&app, definition("welcome", &[call])).await;
        let process = start(trader, &process_type, &office.client_id).await;
        let tasks = office.tasks(process.id()).await;
        office.complete(&office.owner_of(&tasks["call"]), &tasks["call"], None).await.ok(200);
        assert_eq!(unread(trader).await, 3);
        let page = trader.get("/v1/notifications").await.ok(200);
        assert_eq!(page["data"][0]["read_at"], Value::Null);
        let newest = page["data"][0]["id"].as_str().unwrap();
        let path = format!("/v1/notifications/{newest}/read");
        let _ = office.holder("lead_advisor").post(&path, json!({})).await.problem(404, "not-found");
        let _ = app.admin().post(&path, json!({})).await.problem(404, "not-found");
        let read = trader.post(&path, json!({})).await.ok(200);
        assert_eq!(read["read_at"], "2030-03-04T15:00:00Z");
        app.clock.advance(TimeDelta::minutes(5));
        let again = trader.post(&path, json!({})).await.ok(200);
        assert_eq!(again["read_at"], read["read_at"], "it was read before");
        assert_eq!(unread(trader).await, 2);
        let rest = trader.get("/v1/notifications?unread=false").await.ok(200);
        assert_eq!(rest["data"].as_array().unwrap().len(), 1);
        assert_eq!(rest["data"][0]["id"], newest);

        for _ in 0..2 {
            trader.post("/v1/notifications/read-all", json!({})).await.ok(204);
            assert_eq!(unread(trader).await, 0);
        }
        let all = trader.get("/v1/notifications").await.ok(200);
        let times: Vec<_> = all["data"].as_array().unwrap().iter().map(|it| &it["read_at"]).collect();
        assert_eq!(times, ["2030-03-04T15:00:00Z", "2030-03-04T15:05:00Z", "2030-03-04T15:05:00Z"]);
        let trail = app.admin().get("/v1/audit?action=notification.read").await.ok(200);
        assert_eq!(trail["data"].as_array().unwrap().len(), 3);
        app.admin().get("/v1/audit/verify").await.ok(200);
    }
}
