use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::path_of;
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

on_both! {
    /// E14: a task that never opened is told with what is known now, whether it waits or not.
    async fn texts_of_tasks_that_never_opened_are_filled_in(app: TestApp) {
        let office = Office::open(&app).await;
        let mut second = task("second", "lead_advisor", &["first"]);
        second["title"] = json!("Call {{ entity.name }}");
        second["description"] = json!("Ask {{ entity.name }} how it went.");
        let tasks = [task("first", "client_service_associate", &[]), second];
        let process_type = publish(&app, definition("calls", &tasks)).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        let path = path_of(&office, process.id(), "second").await;
        let process = format!("/v1/processes/{}", process.id());
        for status in ["waiting", "cancelled"] {
            let lists = [format!("{process}/tasks"), format!("/v1/tasks?entity_id={}", office.client_id)];
            let mut told = vec![app.admin().get(&path).await.ok(200).body];
            for list in lists {
                let page = app.admin().get(&list).await.ok(200);
                let of = page["data"].as_array().unwrap().iter().find(|it| it["key"] == "second");
                told.push(of.unwrap().clone());
            }
            for task in told {
                assert_eq!(task["status"], status);
                assert_eq!(task["title"], "Call Okafor Household");
                assert_eq!(task["description"], "Ask Okafor Household how it went.");
            }
            if status == "waiting" {
                let now = app.admin().get(&process).await.ok(200);
                let cancel = format!("{process}/cancel");
                let body: Value = json!({ "reason": "Called off." });
                app.admin().if_match(now.etag()).post(&cancel, body).await.ok(200);
            }
        }
    }
}
