use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{act, attribute, path_of, set};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

on_both! {
    /// X16, E11
    async fn a_date_is_moved_by_who_may_and_then_stays(app: TestApp) {
        let office = Office::open(&app).await;
        attribute(&office, "renewal_on", "date", &[]).await;
        set(&office, "renewal_on", json!("2030-04-15")).await;
        let mut only = task("only", "lead_advisor", &[]);
        only["due"] = json!({ "amount": 0, "unit": "business_days", "from": "attribute", "key": "renewal_on" });
        let made = publish(&app, definition("renewal", &[only])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        let path = path_of(&office, &process, "only").await;
        let lead = office.holder("lead_advisor").clone();
        let body = json!({ "due_at": "2030-03-20T21:00:00Z", "reason": "The client asked." });

        let trader = office.holder("trader").clone();
        let refused = trader.post(&format!("{path}/reschedule"), body.clone()).await;
        let _ = refused.problem(403, "forbidden");
        let unsaid = lead.post(&format!("{path}/reschedule"), json!({ "reason": "x" })).await;
        assert_eq!(unsaid.problem(422, "validation-failed").faults(), [("/due_at", "required")]);
        let moved = lead.post(&format!("{path}/reschedule"), body).await.ok(200);
        assert_eq!(moved["due_at"], "2030-03-20T21:00:00Z");
        let events = app.admin().get("/v1/events?type=task.updated").await.ok(200);
        let told = events["data"].as_array().unwrap().last().unwrap();
        assert_eq!(told["data"]["reason"], "The client asked.");

        set(&office, "renewal_on", json!("2030-06-14")).await;
        app.run_jobs().await;
        let stays = lead.get(&path).await.ok(200);
        assert_eq!(stays["due_at"], "2030-03-20T21:00:00Z");
        let cleared = lead.post(&format!("{path}/reschedule"), json!({ "due_at": null })).await.ok(200);
        assert_eq!(cleared["due_at"], Value::Null);
    }

    /// X16
    async fn the_owner_moves_a_date_only_if_the_firm_lets_them(app: TestApp) {
        let office = Office::open(&app).await;
        let made = publish(&app, definition("short", &[task("only", "trader", &[])])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        let path = path_of(&office, &process, "only").await;
        let admin = app.admin();
        let owner = office.holder("trader").clone();
        for (lets, status) in [(true, 200), (false, 403)] {
            let firm = admin.get("/v1/firm").await.ok(200);
            let body = json!({ "owner_may_reschedule": lets });
            let changed = admin.if_match(firm.etag()).patch("/v1/firm", body).await;
            assert_eq!(changed.status, 200, "{}", changed.text);
            let body = json!({ "due_at": "2030-03-20T21:00:00Z" });
            let moved = owner.post(&format!("{path}/reschedule"), body).await;
            assert_eq!(moved.status, status, "{}", moved.text);
        }
        let done = act(&owner, &path, "complete", json!({})).await.ok(200);
        assert_eq!(done["task"]["status"], "completed");
        let body = json!({ "due_at": null });
        let refused = admin.post(&format!("{path}/reschedule"), body).await;
        let _ = refused.problem(409, "task-not-executable");
    }

    /// E11, X16: by a pause nobody moves a date that is past; one that lies ahead keeps the business days that are left.
    async fn a_pause_moves_only_a_date_that_lies_ahead(app: TestApp) {
        let office = Office::open(&app).await;
        let mut only = task("only", "trader", &[]);
        only["due"] = json!({ "amount": 2, "unit": "business_days", "from": "opened" });
        let made = publish(&app, definition("short", &[only])).await;
        let process = start(&app.admin(), &made, &office.client_id).await.id().to_owned();
        let path = path_of(&office, &process, "only").await;
        let email = "tess.trader@northwind.example";
        let pause = json!({ "reason": "client", "pause_clock": true });
        let due = json!("2030-03-06T22:00:00Z");
        let owner = office.holder("trader").clone();
        let held = act(&owner, &path, "hold", pause.clone()).await.ok(200);
        assert_eq!((&held["due_at"], &held["hold"]["pause_clock"]), (&Value::Null, &json!(true)));
        let resumed = act(&owner, &path, "resume", json!({})).await.ok(200);
        assert_eq!(resumed["due_at"], due);

        app.clock.advance(chrono::TimeDelta::days(7));
        let owner = app.sign_in(email).await;
        let held = act(&owner, &path, "hold", pause).await.ok(200);
        assert_eq!((&held["due_at"], &held["hold"]["pause_clock"]), (&due, &json!(false)));
        let resumed = act(&owner, &path, "resume", json!({})).await.ok(200);
        assert_eq!((&resumed["due_at"], &resumed["overdue"]), (&due, &json!(true)));
    }
}
