use serde_json::json;
use tests::{TestApp, on_both};

use super::{
    admin, client_type, firm_type, move_to, occurrences, runs, schedule, started, told, wait_for,
};
use crate::{office::Office, versions::tried};

on_both! {
    /// E18: in the firm's time zone, on both sides of daylight saving; once for each time.
    async fn a_schedule_starts_a_process_each_time_and_once(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "weekly", json!({})).await;
        let weekly = schedule(&office, &process_type, json!({
            "timing": { "rule": "FREQ=WEEKLY;BYDAY=FR", "time": "09:30" },
        })).await;
        assert_eq!(
            occurrences(&app, &weekly, "?count=3").await,
            json!(["2030-03-08T14:30:00Z", "2030-03-15T13:30:00Z", "2030-03-22T13:30:00Z"])
        );
        wait_for(&app, "2030-03-08T14:29:59Z").await;
        assert_eq!(started(&app, &weekly).await.len(), 0, "before its time");
        for (moment, many) in [("2030-03-08T14:30:00Z", 1), ("2030-03-15T13:30:00Z", 2)] {
            wait_for(&app, moment).await;
            app.run_jobs().await;
            let processes = started(&app, &weekly).await;
            assert_eq!(processes.len(), many);
            assert_eq!(processes[0]["entity_id"], office.client_id);
            assert_eq!(processes[0]["schedule_id"], weekly);
            assert_eq!(processes[0]["initiator_id"], json!(null));
            assert_eq!(processes[0]["status"], "running");
            let run = &runs(&app, &weekly).await[0];
            assert_eq!(run["planned_at"], moment);
            assert_eq!((&run["outcome"], &run["late"], &run["missed"]), (&json!("started"), &json!(false), &json!(0)));
            assert_eq!(run["process_id"], processes[0]["id"]);
        }
        let now = admin(&app).await.get(&format!("/v1/schedules/{weekly}")).await.ok(200);
        assert_eq!(now["next_at"], "2030-03-22T13:30:00Z");
        let ran = told(&app, "schedule.ran").await;
        assert_eq!(ran.len(), 2);
        assert_eq!(ran[0]["after"]["run"]["outcome"], "started");
        assert_eq!(ran[0]["actor"]["type"], "system");
    }

    /// E18: nobody was there for three days.
    async fn a_missed_run_starts_once_and_late_and_says_so(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let daily = schedule(&office, &process_type, json!({ "timing": { "rule": "FREQ=DAILY" } })).await;
        wait_for(&app, "2030-03-08T20:00:00Z").await;
        let [run] = &runs(&app, &daily).await[..] else {
            panic!("one run");
        };
        assert_eq!(run["planned_at"], "2030-03-05T13:00:00Z");
        assert_eq!(run["ran_at"], "2030-03-08T20:00:00Z");
        assert_eq!((&run["late"], &run["missed"]), (&json!(true), &json!(3)));
        assert_eq!(started(&app, &daily).await.len(), 1);
        assert_eq!(occurrences(&app, &daily, "?count=1").await, json!(["2030-03-09T13:00:00Z"]));
        wait_for(&app, "2030-03-09T13:00:00Z").await;
        assert_eq!(runs(&app, &daily).await[0]["late"], false);
    }

    /// E18
    async fn a_run_is_skipped_and_recorded_while_one_is_open(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let daily = schedule(&office, &process_type, json!({
            "timing": { "rule": "FREQ=DAILY;COUNT=3", "time": "12:00" }, "unless_open": true,
        })).await;
        wait_for(&app, "2030-03-04T17:00:00Z").await;
        wait_for(&app, "2030-03-05T17:00:00Z").await;
        let outcomes = |runs: Vec<serde_json::Value>| -> Vec<_> {
            runs.iter().map(|run| run["outcome"].clone()).collect()
        };
        assert_eq!(outcomes(runs(&app, &daily).await), ["skipped", "started"]);
        let process = started(&app, &daily).await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/processes/{process}/cancel");
        let why = json!({ "reason": "It is off." });
        admin(&app).await.if_match("*").post(&path, why).await.ok(200);
        wait_for(&app, "2030-03-06T17:00:00Z").await;
        assert_eq!(outcomes(runs(&app, &daily).await), ["started", "skipped", "started"]);

        // That was the last.
        let now = admin(&app).await.get(&format!("/v1/schedules/{daily}")).await.ok(200);
        assert_eq!((&now["status"], &now["next_at"]), (&json!("completed"), &json!(null)));
        assert_eq!(occurrences(&app, &daily, "").await, json!([]));
    }

    /// E18, X20
    async fn a_paused_schedule_does_nothing_and_makes_up_for_nothing(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let daily = schedule(&office, &process_type, json!({ "timing": { "rule": "FREQ=DAILY" } })).await;
        let path = format!("/v1/schedules/{daily}");
        let admin_now = admin(&app).await;
        let paused = admin_now.post(&format!("{path}/pause"), json!({})).await.ok(200);
        assert_eq!((&paused["status"], &paused["next_at"]), (&json!("paused"), &json!(null)));
        let _ = admin_now.post(&format!("{path}/pause"), json!({})).await.problem(409, "conflict");
        wait_for(&app, "2030-03-07T20:00:00Z").await;
        assert_eq!(runs(&app, &daily).await.len(), 0);
        let resumed = admin(&app).await.post(&format!("{path}/resume"), json!({})).await.ok(200);
        assert_eq!(resumed["next_at"], "2030-03-08T13:00:00Z");
        wait_for(&app, "2030-03-08T13:00:00Z").await;
        let [run] = &runs(&app, &daily).await[..] else {
            panic!("one run");
        };
        assert_eq!(run["late"], false);

        let archived = admin(&app).await.post(&format!("{path}/archive"), json!({})).await.ok(200);
        assert_eq!(archived["status"], "archived");
        wait_for(&app, "2030-03-12T20:00:00Z").await;
        assert_eq!(runs(&app, &daily).await.len(), 1);
        let again = admin(&app).await.if_match("*").patch(&path, json!({ "name": "Again" })).await;
        let _ = again.problem(409, "conflict");
        for kind in ["paused", "resumed", "archived"] {
            assert_eq!(told(&app, &format!("schedule.{kind}")).await.len(), 1, "{kind}");
        }
    }

    /// E18: what was planned for another time comes to nothing.
    async fn a_schedule_that_is_changed_runs_at_its_new_time_only(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let daily = schedule(&office, &process_type, json!({ "timing": { "rule": "FREQ=DAILY", "time": "11:00" } })).await;
        let path = format!("/v1/schedules/{daily}");
        let before = admin(&app).await.get(&path).await.ok(200);
        let change = json!({ "timing": { "on": "2030-03-05", "time": "11:00" }, "name": " Once " });
        let _ = admin(&app).await.patch(&path, change.clone()).await.problem(428, "precondition-required");
        let changed = admin(&app).await.if_match(before.etag()).patch(&path, change).await.ok(200);
        assert_eq!((&changed["name"], &changed["next_at"]), (&json!("Once"), &json!("2030-03-05T16:00:00Z")));
        wait_for(&app, "2030-03-04T17:00:00Z").await;
        assert_eq!(runs(&app, &daily).await.len(), 0);
        wait_for(&app, "2030-03-05T17:00:00Z").await;
        assert_eq!(runs(&app, &daily).await.len(), 1);
        let fields: Vec<_> = told(&app, "schedule.updated").await[0]["changed"].as_array().unwrap().clone();
        assert!(fields.contains(&json!("timing")) && fields.contains(&json!("name")), "{fields:?}");
    }

    /// E18: planned anew when the firm keeps other clocks or other days.
    async fn the_firms_clocks_and_closing_days_move_what_is_planned(app: TestApp) {
        let process_type = firm_type(&app, "close").await;
        let body = json!({
            "process_type_id": process_type,
            "timing": { "rule": "FREQ=MONTHLY;BYMONTHDAY=6", "closed_days": "after" },
        });
        let monthly = app.admin().post("/v1/schedules", body).await.ok(201);
        assert_eq!(monthly["entity_id"], app.firm.to_string());
        assert_eq!(monthly["next_at"], "2030-03-06T13:00:00Z");
        let path = format!("/v1/schedules/{}", monthly.id());
        let next = async || app.admin().get(&path).await.ok(200)["next_at"].clone();

        let holiday = json!({ "on": "2030-03-06", "name": "Founders' day" });
        app.admin().post("/v1/firm/holidays", holiday).await.ok(201);
        app.run_jobs().await;
        assert_eq!(next().await, "2030-03-07T13:00:00Z");
        let firm = app.admin().get("/v1/firm").await.ok(200);
        let moved = app.admin().if_match(firm.etag());
        moved.patch("/v1/firm", json!({ "time_zone": "Europe/Berlin" })).await.ok(200);
        app.run_jobs().await;
        assert_eq!(next().await, "2030-03-07T07:00:00Z");
        wait_for(&app, "2030-03-07T13:00:00Z").await;
        let [run] = &runs(&app, monthly.id()).await[..] else {
            panic!("one run");
        };
        assert_eq!(run["planned_at"], "2030-03-07T07:00:00Z");
        assert_eq!(started(&app, monthly.id()).await[0]["entity_id"], app.firm.to_string());
    }

    /// E18: a type that is gone starts nothing, and the schedule says so.
    async fn a_run_that_cannot_start_anything_says_why(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({ "subject": { "kinds": ["client"], "statuses": ["prospect"] } })).await;
        let daily = schedule(&office, &process_type, json!({ "timing": { "rule": "FREQ=DAILY", "time": "12:00" } })).await;
        wait_for(&app, "2030-03-04T17:00:00Z").await;
        let run = &runs(&app, &daily).await[0];
        assert_eq!((&run["outcome"], &run["process_id"]), (&json!("not_started"), &json!(null)));
        assert_eq!(run["reasons"][0]["code"], "wrong-status");
        let archive = format!("/v1/process-types/{process_type}/archive");
        admin(&app).await.post(&archive, json!({})).await.ok(200);
        wait_for(&app, "2030-03-05T17:00:00Z").await;
        assert_eq!(runs(&app, &daily).await[0]["reasons"][0]["code"], "archived");
        assert_eq!(started(&app, &daily).await.len(), 0);
        let next = occurrences(&app, &daily, "?count=1").await;
        assert_eq!(next, json!(["2030-03-06T17:00:00Z"]), "it goes on trying");
    }

    /// E18: two workers come for one run.
    async fn a_run_takes_place_once_whoever_comes_for_it(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let daily = schedule(&office, &process_type, json!({ "timing": { "rule": "FREQ=DAILY", "time": "12:00" } })).await;
        move_to(&app, "2030-03-04T17:00:00Z");
        let (one, other) = (app.worker(), app.worker());
        let both = futures_util::future::join(one.run_until_idle(), other.run_until_idle()).await;
        both.0.unwrap();
        both.1.unwrap();
        // The same job once more, as after a lease that ended too early.
        app.on_database("UPDATE job SET state = 'queued' WHERE kind = 'run_schedule' AND state = 'done'").await;
        app.run_jobs().await;
        assert_eq!(runs(&app, &daily).await.len(), 1);
        assert_eq!(started(&app, &daily).await.len(), 1);
    }

    /// E18: the cadence that a type proposes.
    async fn without_a_timing_the_proposal_of_the_type_counts(app: TestApp) {
        let office = Office::open(&app).await;
        let proposal = json!({ "schedule": {
            "at": { "amount": 3, "unit": "business_days", "from": "quarter_end" }, "unless_open": true,
        } });
        let process_type = client_type(&app, "quarterly", proposal).await;
        let body = json!({ "process_type_id": process_type, "entity_id": office.client_id });
        let made = app.admin().post("/v1/schedules", body).await.ok(201);
        assert_eq!(made["name"], "By hand: quarterly");
        assert_eq!(made["unless_open"], true);
        assert_eq!(made["timing"]["at"]["from"], "quarter_end");
        assert_eq!(made["timing"]["time"], "08:00");
        assert_eq!(made["timing"]["starts_on"], "2030-03-04");
        // Sunday, 31 March, and three business days.
        assert_eq!(made["next_at"], "2030-04-03T12:00:00Z");
    }

    /// E13, E18: what the start form requires and nobody answers is asked for in the first task.
    async fn answers_go_along_and_what_is_missing_is_asked_for(app: TestApp) {
        let office = Office::open(&app).await;
        let form = json!({ "start_form": [
            { "key": "topic", "label": "Topic", "type": "text", "required": true },
            { "key": "month", "label": "Month", "type": "text", "required": true },
        ] });
        let process_type = client_type(&app, "asking", form).await;
        let daily = schedule(&office, &process_type, json!({
            "timing": { "on": "2030-03-05" }, "fields": { "topic": "Fees" },
        })).await;
        wait_for(&app, "2030-03-05T13:00:00Z").await;
        let process = started(&app, &daily).await[0].clone();
        assert_eq!(process["fields"], json!({ "topic": "Fees" }));
        let tasks = crate::schedules::list(&app, &format!("/v1/processes/{}/tasks", process["id"].as_str().unwrap())).await;
        assert_eq!(tasks[0]["form"][0]["key"], "month");
    }

    async fn a_schedule_is_changed_in_its_current_version_only(app: TestApp) {
        let office = Office::open(&app).await;
        let process_type = client_type(&app, "daily", json!({})).await;
        let daily = schedule(&office, &process_type, json!({ "timing": { "rule": "FREQ=DAILY" } })).await;
        let path = format!("/v1/schedules/{daily}");
        tried(&app.admin(), "updateSchedule", &path, Some(json!({ "name": "Other" }))).await;
        for (id, verb) in [("pauseSchedule", "pause"), ("resumeSchedule", "resume"), ("archiveSchedule", "archive")] {
            tried(&app.admin(), id, &format!("{path}/{verb}"), None).await;
        }
    }
}
