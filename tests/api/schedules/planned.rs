//! The next run, planned by a completion (E13, `schedule_next`).

use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{admin, list, told, wait_for};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// A contact that plans the next one when it is done.
fn contact(at: &Value) -> Value {
    let mut only = task("only", "lead_advisor", &[]);
    only["on_complete"] = json!([
        { "type": "schedule_next", "process_type": "contact", "at": at, "unless_open": true },
    ]);
    definition("contact", &[only])
}

fn in_a_month() -> Value {
    json!({ "amount": 1, "unit": "months", "from": "opened" })
}

async fn complete(office: &Office, process: &str) -> tests::Reply {
    let lead = office.app.sign_in("lena.brandt@northwind.example").await;
    let tasks = admin(&office.app)
        .await
        .get(&format!("/v1/processes/{process}/tasks"))
        .await
        .ok(200);
    office
        .complete(&lead, &tasks["data"][0], None)
        .await
        .ok(200)
}

async fn schedules(app: &TestApp) -> Vec<Value> {
    app.run_jobs().await;
    list(app, "/v1/schedules").await
}

on_both! {
    /// E13: round after round, each linked to the one that planned it.
    async fn a_completion_plans_the_next_run(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, contact(&in_a_month())).await;
        let first = start(&app.admin(), &process_type, &office.client_id).await.id().to_owned();
        let done = complete(&office, &first).await;
        let planned = &done["effects"]["planned"][0];
        assert_eq!((&planned["process_type"], &planned["entity_id"]), (&json!("contact"), &json!(office.client_id)));

        let mut last = first;
        // More rounds than processes may start processes: each is planned, not a chain at once.
        for (round, moment) in ["2030-04-04T12:00:00Z", "2030-05-03T12:00:00Z", "2030-06-03T12:00:00Z"].iter().enumerate() {
            let all = schedules(&app).await;
            let [schedule] = &all[..1] else { panic!("no schedule") };
            assert_eq!((&schedule["status"], &schedule["next_at"]), (&json!("active"), &json!(moment)), "{round}");
            assert_eq!(schedule["planned_by_process_id"], json!(last));
            assert_eq!(schedule["created_by_id"], json!(null));
            wait_for(&app, moment).await;
            let children = list(&app, &format!("/v1/processes?parent_id={last}")).await;
            let [next] = &children[..] else { panic!("one follows") };
            assert_eq!(next["parent"]["process_id"], json!(last), "visible from both ends");
            assert_eq!(next["schedule_id"], schedule["id"]);
            let path = format!("/v1/schedules/{}", schedule["id"].as_str().unwrap());
            assert_eq!(admin(&app).await.get(&path).await.ok(200)["status"], "completed");
            last = next["id"].as_str().unwrap().to_owned();
            complete(&office, &last).await;
        }
        assert_eq!(told(&app, "schedule.created").await.len(), 3);
        assert_eq!(told(&app, "process.not_started").await.len(), 0);
    }

    /// E13: a later plan takes the place of an earlier one.
    async fn a_record_has_one_planned_run_of_a_type(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, contact(&in_a_month())).await;
        for _ in 0..2 {
            let process = start(&admin(&app).await, &process_type, &office.client_id).await;
            complete(&office, process.id()).await;
            wait_for(&app, "2030-03-11T15:00:00Z").await;
        }
        let [schedule] = &schedules(&app).await[..] else { panic!("one schedule") };
        assert_eq!(schedule["next_at"], "2030-04-11T12:00:00Z");
        assert_eq!(told(&app, "schedule.updated").await.len(), 1);
        wait_for(&app, "2030-04-04T12:00:00Z").await;
        assert_eq!(list(&app, "/v1/processes?status=running").await.len(), 0);
        wait_for(&app, "2030-04-11T12:00:00Z").await;
        assert_eq!(list(&app, "/v1/processes?status=running").await.len(), 1);
    }

    /// E8, E13: before the job has run, and after.
    async fn what_an_undone_completion_planned_is_put_away(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, {
            let mut body = contact(&in_a_month());
            body["tasks"].as_array_mut().unwrap().push(task("then", "lead_advisor", &["only"]));
            body
        }).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        let lead = office.holder("lead_advisor");
        let only = office.tasks(process.id()).await["only"].clone();
        let path = format!("/v1/tasks/{}/reopen", only["id"].as_str().unwrap());
        office.complete(lead, &only, None).await.ok(200);
        lead.if_match("*").post(&path, json!({})).await.ok(200);
        assert_eq!(schedules(&app).await, Vec::<Value>::new(), "nothing was planned");
        office.complete(lead, &only, None).await.ok(200);
        assert_eq!(schedules(&app).await[0]["status"], "active");
        lead.if_match("*").post(&path, json!({})).await.ok(200);
        let [schedule] = &schedules(&app).await[..] else { panic!("one schedule") };
        assert_eq!(schedule["status"], "archived");
    }

    /// E13: no date, or no type: told, and no failed completion.
    async fn what_cannot_be_planned_is_told(app: TestApp) {
        let office = Office::open(&app).await;
        let date = json!({ "key": "renewal", "label": "Renewal", "entity_kind": "client", "value_type": "date" });
        app.admin().post("/v1/attributes", date).await.ok(201);
        let at = json!({ "amount": 1, "unit": "days", "from": "attribute", "key": "renewal" });
        let process_type = publish(&app, contact(&at)).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        complete(&office, process.id()).await;
        assert_eq!(told(&app, "process.not_started").await.len(), 1);

        let mut missing = contact(&in_a_month());
        missing["key"] = json!("other");
        missing["tasks"][0]["on_complete"][0]["process_type"] = json!("no_such_type");
        let process_type = publish(&app, missing).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        complete(&office, process.id()).await;
        assert_eq!(schedules(&app).await, Vec::<Value>::new());
        assert_eq!(told(&app, "process.not_started").await.len(), 2);
    }

    /// E13: what is past already is not started at once, so that nothing follows upon itself without end.
    async fn a_next_run_is_tomorrow_at_the_earliest(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = publish(&app, contact(&json!({ "amount": -9, "unit": "days", "from": "opened" }))).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        complete(&office, process.id()).await;
        assert_eq!(schedules(&app).await[0]["next_at"], "2030-03-05T13:00:00Z");
    }
}
