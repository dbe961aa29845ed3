use serde_json::{Value, json};
use tests::{TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// A task that starts a process of the next type when it is done.
fn link(key: &str, next: &str) -> Value {
    let mut only = task("only", "lead_advisor", &[]);
    only["on_complete"] = json!([{ "type": "start_process", "process_type": next }]);
    definition(key, &[only])
}

on_both! {
    /// E13: from the first to the last and back.
    async fn a_chain_of_follow_ups_is_seen_from_both_ends(app: TestApp) {
        let office = Office::open(&app).await;
        publish(&app, definition("third", &[task("only", "lead_advisor", &[])])).await;
        publish(&app, link("second", "third")).await;
        let first = publish(&app, link("first", "second")).await;
        let first = start(&app.admin(), &first, &office.client_id).await;
        let lead = office.holder("lead_advisor");
        let read = async |id: &str| app.admin().get(&format!("/v1/processes/{id}")).await.ok(200);

        let mut chain = vec![first.id().to_owned()];
        for _ in 0..2 {
            let last = chain.last().unwrap().clone();
            let only = office.tasks(&last).await["only"].clone();
            let done = office.complete(lead, &only, None).await.ok(200);
            assert_eq!(done["effects"]["starting"].as_array().unwrap().len(), 1);
            app.run_jobs().await;
            let started = lead.get(&format!("/v1/processes?parent_id={last}")).await.ok(200);
            let [next] = &started["data"].as_array().unwrap()[..] else {
                panic!("one follows");
            };
            let parent = json!({ "process_id": last, "task_id": only["id"], "waited_for": false });
            assert_eq!(next["parent"], parent);
            assert_eq!(read(&last).await["status"], "completed");
            chain.push(next["id"].as_str().unwrap().to_owned());
        }
        let third = read(&chain[2]).await;
        assert_eq!((&third["name"], &third["status"]), (&json!("By hand: third"), &json!("running")));
        let none = lead.get(&format!("/v1/processes?parent_id={}", chain[2])).await.ok(200);
        assert_eq!(none["data"], json!([]));
        assert_eq!(read(&chain[0]).await["parent"], json!(null));
    }
}
