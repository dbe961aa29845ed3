use std::time::Duration;

use chrono::TimeDelta;
use domain::user::PermissionLevel;
use futures_util::future::join;
use serde_json::{Value, json};
use tests::{Client, Database, TestApp, on_both};

use super::{act, complete, path_of};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// A task due four business days after it opens, reminded of the day before, escalated the day after.
fn watched(key: &str, after: &[&str]) -> Value {
    let mut task = task(key, "client_service_associate", after);
    task["due"] = json!({ "amount": 4, "unit": "business_days", "from": "opened" });
    task["reminders"] = json!([
        { "amount": -1, "unit": "business_days", "to": { "role": "trader" } },
    ]);
    task["escalation"] = json!({
        "amount": 1,
        "unit": "business_days",
        "to": { "role": "partner" },
        "new_owner": [{ "role": "associate_advisor" }],
    });
    task
}

async fn begun(office: &Office, tasks: &[Value]) -> String {
    let process_type = publish(&office.app, definition("watched", tasks)).await;
    let started = start(&office.app.admin(), &process_type, &office.client_id).await;
    started.id().to_owned()
}

/// Everyone signs in again: their tokens end while the clock is moved.
async fn advance(app: &TestApp, days: i64) {
    app.clock.advance(TimeDelta::days(days));
    app.run_jobs().await;
}

async fn admin(app: &TestApp) -> Client {
    app.sign_in(tests::ADMIN_EMAIL).await
}

/// What the trail holds of this kind, oldest first.
async fn told(app: &TestApp, action: &str) -> Vec<Value> {
    let path = format!("/v1/audit?action={action}&limit=200");
    let page = admin(app).await.get(&path).await.ok(200);
    let mut entries = page["data"].as_array().unwrap().clone();
    entries.sort_by_key(|entry| entry["sequence"].as_i64());
    entries
}

async fn inbox(app: &TestApp, email: &str) -> Vec<String> {
    let who = app.sign_in(&format!("{email}@northwind.example")).await;
    let page = who.get("/v1/notifications").await.ok(200);
    let messages = page["data"].as_array().unwrap().iter();
    messages
        .map(|it| it["message"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    /// E12: the owner and whom the rule names the day before; the new owner, and whom the rule names, the day after.
    async fn a_task_is_reminded_of_before_and_escalated_after_its_due_date_once(app: TestApp) {
        let office = Office::open(&app).await;
        let process = begun(&office, &[watched("only", &[])]).await;
        let path = path_of(&office, &process, "only").await;
        let now = app.admin().get(&path).await.ok(200);
        assert_eq!(now["due_at"], "2030-03-08T22:00:00Z");
        advance(&app, 3).await;
        assert_eq!(told(&app, "task.reminded").await, Vec::<Value>::new(), "it is still Thursday morning");
        app.clock.advance(TimeDelta::hours(7));
        app.run_jobs().await;
        app.run_jobs().await;
        let message = "Reminder: \"Do only\" for Okafor Household is due on March 8, 2030.";
        for person in ["maya.okonkwo", "tess.trader"] {
            assert_eq!(inbox(&app, person).await, [message]);
        }
        let reminded = told(&app, "task.reminded").await;
        assert_eq!(reminded.len(), 1);
        assert_eq!(reminded[0]["subject"]["id"], now["id"]);

        advance(&app, 3).await;
        assert_eq!(told(&app, "task.escalated").await.len(), 0, "it is Sunday");
        // Nobody looks until Wednesday: it comes once, late.
        advance(&app, 3).await;
        advance(&app, 3).await;
        assert_eq!(told(&app, "task.escalated").await.len(), 1);
        assert_eq!(told(&app, "task.assigned").await.len(), 1);
        let late = "\"Do only\" for Okafor Household was due on March 8, 2030 and is not done.";
        assert_eq!(inbox(&app, "piet.partner").await, [late]);
        let yours = "\"Do only\" for Okafor Household is yours now: it was due on March 8, 2030.";
        let new_owner = app.sign_in("amir.haddad@northwind.example").await;
        assert_eq!(inbox(&app, "amir.haddad").await, [yours]);
        let now = new_owner.get(&path).await.ok(200);
        assert_eq!(now["owner_id"], new_owner.id().to_string());
        assert_eq!(now["escalated_at"], "2030-03-13T22:00:00Z");
        let work = new_owner.get("/v1/work").await.ok(200);
        assert_eq!(work["data"][0]["id"], now["id"]);
        admin(&app).await.get("/v1/audit/verify").await.ok(200);
    }

    /// E12: the queue is not touched when a task is done or dated otherwise; what was planned comes to nothing by itself.
    async fn what_is_done_or_due_at_another_time_is_not_reminded_of(app: TestApp) {
        let office = Office::open(&app).await;
        let process = begun(&office, &[watched("done", &[]), watched("moved", &[])]).await;
        complete(&office, &process, "done", json!({})).await.ok(200);
        let path = path_of(&office, &process, "moved").await;
        let later = json!({ "due_at": "2030-03-15T21:00:00Z" });
        act(&app.admin(), &path, "reschedule", later).await.ok(200);
        advance(&app, 5).await;
        assert_eq!(told(&app, "task.reminded").await, Vec::<Value>::new());
        advance(&app, 6).await;
        let reminded = told(&app, "task.reminded").await;
        assert_eq!(reminded.len(), 1);
        assert_eq!(path, format!("/v1/tasks/{}", reminded[0]["subject"]["id"].as_str().unwrap()));
        let jobs = admin(&app).await.get("/v1/jobs?state=parked").await.ok(200);
        assert_eq!(jobs["data"], json!([]));
    }

    /// E12, E11: a paused clock takes its reminders along.
    async fn a_task_on_hold_with_its_clock_paused_is_reminded_of_after_it_goes_on(app: TestApp) {
        let office = Office::open(&app).await;
        let process = begun(&office, &[watched("only", &[])]).await;
        let path = path_of(&office, &process, "only").await;
        let pause = json!({ "reason": "client", "pause_clock": true });
        act(&app.admin(), &path, "hold", pause).await.ok(200);
        advance(&app, 14).await;
        assert_eq!(told(&app, "task.reminded").await.len(), 0);
        let resumed = act(&admin(&app).await, &path, "resume", json!({})).await.ok(200);
        assert_eq!(resumed["due_at"], "2030-03-22T21:00:00Z");
        advance(&app, 4).await;
        assert_eq!(told(&app, "task.reminded").await.len(), 1);
        assert_eq!(told(&app, "task.escalated").await.len(), 0);
    }

    /// E12: whoever held a job and was ended, and whoever got it then, remind once between them; so do two that race.
    async fn a_reminder_comes_once_whatever_becomes_of_its_workers(app: TestApp) {
        let office = Office::open(&app).await;
        let tasks: Vec<_> = (0..6).map(|n| watched(&format!("t{n}"), &[])).collect();
        begun(&office, &tasks).await;
        app.clock.advance(TimeDelta::days(4));
        let lease = Duration::from_mins(1);
        let held = app.state.store.claim_jobs(app.firm, lease, 2).await.unwrap();
        assert_eq!(held.len(), 2);
        app.run_jobs().await;
        assert_eq!(told(&app, "task.reminded").await.len(), 4, "two are held by somebody who is gone");
        app.clock.advance(TimeDelta::seconds(60));
        let second = match app.database {
            Database::Postgres => Some(app.beside().await),
            Database::Sqlite => None,
        };
        let (one, other) = (app.worker(), second.as_ref().unwrap_or(&app).worker());
        let (one, other) = join(one.run_until_idle(), other.run_until_idle()).await;
        one.and(other).unwrap();
        app.run_jobs().await;
        assert_eq!(told(&app, "task.reminded").await.len(), 6);
        if let Some(second) = second {
            second.stop();
            second.state.store.close().await.unwrap();
        }
    }

    /// E21: nobody but the preparer holds the role: the approval stays, and its managers are told; a second person who
    /// takes the role over later just does it.
    async fn what_only_its_preparer_could_approve_is_brought_before_the_managers(app: TestApp) {
        let office = Office::open(&app).await;
        let manager = app.user("Mo Manager", PermissionLevel::Manager).await;
        let made = app.admin().post("/v1/teams", json!({ "name": "East" })).await.ok(201);
        let members = format!("/v1/teams/{}/members", made.id());
        let lead = office.holder("lead_advisor").clone();
        for (who, manages) in [(&manager, true), (&lead, false)] {
            let body = json!({ "user_id": who.id(), "manager": manages });
            app.admin().post(&members, body).await.ok(201);
        }
        let mut approve = task("approve", "trader", &["prepare"]);
        approve["kind"] = json!("approval");
        approve["separate_from"] = json!(["prepare"]);
        approve["outcomes"] = json!([{ "key": "yes", "label": "Yes" }]);
        approve["execution"] = json!({ "enabled": true, "servicing_team_roles": ["trader"] });
        let process = begun(&office, &[task("prepare", "trader", &[]), approve]).await;
        complete(&office, &process, "prepare", json!({})).await.ok(200);
        app.run_jobs().await;
        app.run_jobs().await;
        let escalated = told(&app, "task.escalated").await;
        assert_eq!(escalated.len(), 1);
        let stays = office.tasks(&process).await["approve"].clone();
        assert_eq!((&stays["status"], &stays["owner_id"]), (&json!("open"), &Value::Null));
        assert!(stays["escalated_at"].is_string());
        let message = "Nobody but those who prepared it could execute \"Do approve\" for Okafor Household.";
        for who in [&manager, &lead] {
            let page = who.get("/v1/notifications").await.ok(200);
            assert_eq!(page["data"][0]["message"], message);
            assert_eq!(page["data"].as_array().unwrap().len(), 1);
        }
        let trader = office.holder("trader");
        let refused = office.complete(trader, &stays, Some("yes")).await;
        assert_eq!(refused.problem(403, "forbidden")["rule"], "X11");
        let second = app.user("Tim Trader", PermissionLevel::Member).await;
        office.join(&office.client_id, &second, "trader").await;
        office.complete(&second, &stays, Some("yes")).await.ok(200);
    }
}
