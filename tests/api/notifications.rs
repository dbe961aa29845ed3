//! What people are told by workflows.

use serde_json::json;
use tests::{TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

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
        let page = trader.get("/v1/notifications?limit=1").await.ok(200);
        let cursor = page["page"]["next_cursor"].as_str().unwrap();
        let rest = trader.get(&format!("/v1/notifications?limit=1&cursor={cursor}")).await.ok(200);
        assert!(rest["page"]["next_cursor"].is_null() && rest["data"][0]["id"] != page["data"][0]["id"]);
    }
}
