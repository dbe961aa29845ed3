use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{act, attribute, complete, path_of, value};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

on_both! {
    /// E13
    async fn a_follow_up_is_made_told_and_worked_on_after_the_end(app: TestApp) {
        let office = Office::open(&app).await;
        let mut first = task("first", "client_service_associate", &[]);
        first["on_complete"] = json!([{
            "type": "create_task",
            "title": "Call {{ entity.name }}",
            "description": "Ask how it went.",
            "owner": [{ "role": "trader" }],
            "due": { "amount": 2, "unit": "business_days", "from": "opened" },
        }]);
        let made = publish(&app, definition("following", &[first])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        let done = complete(&office, &process, "first", json!({})).await.ok(200);
        assert_eq!(done["effects"]["process_status"], "completed");
        let made = &done["effects"]["created_tasks"][0];
        let path = format!("/v1/tasks/{}", made["id"].as_str().unwrap());
        let trader = office.holder("trader").clone();
        let follow_up = trader.get(&path).await.ok(200);
        assert_eq!(follow_up["title"], "Call Okafor Household");
        assert_eq!(follow_up["due_at"], "2030-03-06T22:00:00Z");
        assert_eq!(follow_up["process_id"], process);
        assert_eq!(follow_up["entity_id"], office.client_id);
        assert_eq!(follow_up["source"], json!({ "type": "follow_up", "id": done["task"]["id"] }));
        let work = trader.get("/v1/work").await.ok(200);
        assert_eq!(work["data"][0]["id"], made["id"]);
        act(&trader, &path, "complete", json!({})).await.ok(200);
    }

    /// E13
    async fn a_requested_attribute_is_a_field_of_the_completion(app: TestApp) {
        let office = Office::open(&app).await;
        attribute(&office, "grade", "choice", &["A", "B"]).await;
        attribute(&office, "introduced_by", "user", &[]).await;
        let mut first = task("first", "client_service_associate", &[]);
        first["kind"] = json!("decision");
        first["outcomes"] = json!([
            { "key": "yes", "label": "Yes", "requires_note": true },
            { "key": "no", "label": "No" },
        ]);
        first["on_complete"] = json!([
            { "type": "request_attribute", "attribute": "grade", "required": true, "if_outcome": "yes" },
            { "type": "request_attribute", "attribute": "introduced_by" },
        ]);
        let second = task("second", "lead_advisor", &["first"]);
        let made = publish(&app, definition("asking", &[first, second])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        let path = path_of(&office, &process, "first").await;
        let csa = office.holder("client_service_associate").clone();

        let needs = csa.get(&format!("{path}/completion?outcome=yes")).await.ok(200);
        let grade = &needs["form"][0];
        assert_eq!((&grade["key"], &grade["type"]), (&json!("grade"), &json!("choice")));
        assert_eq!(grade["options"], json!(["A", "B"]));
        assert_eq!(grade["asked_with"], json!(["yes"]));
        assert_eq!((&grade["visible"], &grade["required"]), (&json!(true), &json!(true)));
        assert_eq!(needs["form"][1]["required"], false);
        assert_eq!(needs["permission"]["rule"], "X1");
        assert_eq!(needs["outcomes"][0]["requires_note"], true);
        let pointers = |reply: &tests::Reply| {
            let missing = reply["missing"].as_array().unwrap();
            missing.iter().map(|it| it["pointer"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(pointers(&needs), ["/form/grade", "/note"]);
        let refused = act(&csa, &path, "complete", json!({ "outcome": "yes" })).await;
        let refused = refused.problem(422, "validation-failed");
        let told: Vec<_> = refused.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(told, ["/form/grade", "/note"]);
        let needs = csa.get(&format!("{path}/completion?outcome=no")).await.ok(200);
        assert_eq!((&needs["form"][0]["visible"], pointers(&needs).len()), (&json!(false), 0));

        let lead = office.holder("lead_advisor").id().to_string();
        let body = json!({ "outcome": "yes", "note": "Met.", "form": { "grade": "A", "introduced_by": lead } });
        let done = act(&csa, &path, "complete", body).await.ok(200);
        assert_eq!(done["effects"]["attributes"].as_array().unwrap().len(), 2);
        assert_eq!(value(&office, "grade").await, "A");
        assert_eq!(value(&office, "introduced_by").await, lead);
        let needs = csa.get(&format!("{path}/completion")).await.ok(200);
        assert_eq!(needs["missing"], json!([]));

        act(&csa, &path, "reopen", json!({})).await.ok(200);
        assert_eq!(value(&office, "grade").await, Value::Null);
    }

    /// E20
    async fn a_request_that_could_not_ask_is_a_fault(app: TestApp) {
        let office = Office::open(&app).await;
        attribute(&office, "grade", "choice", &["A", "B"]).await;
        let mut first = task("first", "client_service_associate", &[]);
        first["form"] = json!([{ "key": "grade", "label": "School grade", "type": "text" }]);
        first["on_complete"] = json!([{ "type": "request_attribute", "attribute": "grade" }]);
        let admin = app.admin();
        let made = admin.post("/v1/process-types", definition("asking", &[first])).await.ok(201);
        let path = format!("/v1/process-types/{}/publish", made.id());
        let refused = admin.if_match(made.etag()).post(&path, json!({})).await;
        let refused = refused.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/tasks/0/on_complete/0/attribute", "duplicate-key")]);
    }

    /// E20
    async fn a_kind_of_the_firms_own_is_known_once_there_is_a_record_of_it(app: TestApp) {
        let admin = app.admin();
        let mut draft = definition("yachts", &[task("only", "lead_advisor", &[])]);
        draft["subject"] = json!({ "kinds": ["yacht"] });
        let made = admin.post("/v1/process-types", draft).await.ok(201);
        let path = format!("/v1/process-types/{}/publish", made.id());
        let refused = admin.if_match(made.etag()).post(&path, json!({})).await;
        let refused = refused.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/subject/kinds/0", "unknown-kind")]);
        let yacht = json!({ "name": "Sea Breeze", "kind": "yacht" });
        admin.post("/v1/entities", yacht).await.ok(201);
        admin.if_match(made.etag()).post(&path, json!({})).await.ok(200);
    }
}
