//! Parameters of process types, as a firm sets them (ADR 22).

use serde_json::{Value, json};
use tests::{Reply, TestApp, on_both};

use crate::{
    office::Office,
    processes::told,
    tasks::complete,
    workflow::{definition, publish, task},
};

/// What costs as much as the policy says is explained beforehand and approved afterwards.
fn spending() -> Value {
    let much = json!({ "field": "amount", "gte": { "ref": { "policy": "much" } } });
    let mut approve = task("approve", "lead_advisor", &["ask"]);
    approve["when"] = much.clone();
    let mut spending = definition(
        "spending",
        &[task("ask", "client_service_associate", &[]), approve],
    );
    spending["policies"] = json!([{ "key": "much", "type": "number", "default": 100 }]);
    spending["start_form"] = json!([
        { "key": "amount", "label": "Amount", "type": "number", "required": true },
        { "key": "reason", "label": "Reason", "type": "text", "required": true, "visible_when": much },
    ]);
    spending
}

async fn set(app: &TestApp, policies: Value) -> Reply {
    let firm = app.admin().get("/v1/firm").await.ok(200);
    let body = json!({ "policies": policies });
    app.admin()
        .if_match(firm.etag())
        .patch("/v1/firm", body)
        .await
}

async fn spend(office: &Office, process_type: &str, fields: Value) -> Reply {
    let body =
        json!({ "process_type_id": process_type, "entity_id": office.client_id, "fields": fields });
    office.app.admin().post("/v1/processes", body).await
}

on_both! {
    /// E4, E20
    async fn a_firm_sets_a_policy_and_takes_the_default_again(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, spending()).await;
        let fields = json!({ "amount": 50 });
        let ended = async |process: &Reply| {
            let done = complete(&office, process.id(), "ask", json!({})).await.ok(200);
            done["effects"]["process_status"] == "completed"
        };
        let usual = spend(&office, &process_type, fields.clone()).await.ok(201);
        let under_way = spend(&office, &process_type, fields.clone()).await.ok(201);
        assert!(ended(&usual).await, "below the default of 100 nobody approves");

        let changed = set(&app, json!({ "much": 10 })).await.ok(200);
        assert_eq!(changed["policies"], json!({ "much": 10 }));
        assert!(!ended(&under_way).await, "what is decided from now on goes by it");
        let refused = spend(&office, &process_type, fields.clone()).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/fields/reason", "required")]);
        let explained = json!({ "amount": 50, "reason": "A journey." });
        let strict = spend(&office, &process_type, explained).await.ok(201);
        assert!(!ended(&strict).await);
        let told = told(&app, "firm.updated").await;
        assert_eq!(told[0]["after"]["policies"], json!({ "much": 10 }));

        let cleared = set(&app, json!({ "much": null })).await.ok(200);
        assert_eq!(cleared["policies"], json!({}));
        let usual = spend(&office, &process_type, fields).await.ok(201);
        assert!(ended(&usual).await);
    }

    /// E20: every fault at once, and what no published type has is none.
    async fn what_no_type_has_or_takes_is_refused(app: TestApp) {
        publish(&app, spending()).await;
        let mut draft = definition("draft", &[task("only", "trader", &[])]);
        draft["policies"] = json!([{ "key": "later", "type": "number", "default": 1 }]);
        app.admin().post("/v1/process-types", draft).await.ok(201);
        let refused = set(&app, json!({ "much": "a lot", "later": 2, "gone": null })).await;
        let refused = refused.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/policies/much", "wrong-type"), ("/policies/later", "unknown-policy")]);
        assert_eq!(refused["errors"][0]["detail"], "Must be a number for the process type `spending`.");
        let firm = app.admin().get("/v1/firm").await.ok(200);
        assert_eq!(firm["policies"], json!({}));
    }
}
