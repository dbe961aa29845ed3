//! The queue and its workers.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{DELAYS, exhaust, jobs, parent_and_child, poison};
use crate::workflow::publish;

/// Starts processes that each leave a child to be started.
async fn parents(app: &TestApp, count: usize) {
    let [child, parent] = parent_and_child();
    publish(app, child).await;
    let parent = publish(app, parent).await;
    for _ in 0..count {
        let body = json!({ "process_type_id": parent });
        app.admin().post("/v1/processes", body).await.ok(201);
    }
}

/// The parents of the children that have been started.
async fn started(app: &TestApp) -> Vec<String> {
    let page = app.admin().get("/v1/processes?limit=200").await.ok(200);
    let processes = page["data"].as_array().unwrap().iter();
    let parents = processes.filter_map(|process| process["parent"]["process_id"].as_str());
    parents.map(str::to_owned).collect()
}

on_both! {
    /// E13
    #[set(access_token_lifetime = "86400")]
    async fn a_job_that_fails_is_tried_again_ever_later_and_set_aside_with_its_error(app: TestApp) {
        poison(&app, app.firm, 1).await;
        app.run_jobs().await;
        for (tries, seconds) in (1..).zip(DELAYS) {
            let [job] = &jobs(&app, "scheduled").await[..] else {
                panic!("one job was expected");
            };
            assert_eq!(job["tries"], tries);
            app.clock.advance(TimeDelta::seconds(seconds) - TimeDelta::microseconds(1));
            app.run_jobs().await;
            assert_eq!(jobs(&app, "scheduled").await.len(), 1, "before its time");
            app.clock.advance(TimeDelta::microseconds(1));
            assert_eq!(jobs(&app, "due").await.len(), 1);
            app.run_jobs().await;
        }
        let [job] = &jobs(&app, "parked").await[..] else {
            panic!("the job was to be parked");
        };
        assert_eq!(job["tries"], 10);
        assert_eq!(job["last_error"], format!("There is no process {}.", tests::document::NO_SUCH_ID));
        app.clock.advance(TimeDelta::hours(12));
        app.run_jobs().await;
        assert_eq!(jobs(&app, "scheduled,due,leased").await, Vec::<Value>::new());
        assert_eq!(jobs(&app, "parked").await[0]["tries"], 10);
    }

    async fn poison_does_not_hold_up_others(app: TestApp) {
        poison(&app, app.firm, 20).await;
        parents(&app, 1).await;
        app.run_jobs().await;
        assert_eq!(started(&app).await.len(), 1);
        assert_eq!(jobs(&app, "scheduled").await.len(), 20);
    }

    /// E25
    async fn two_workers_that_race_do_each_job_once(app: TestApp) {
        parents(&app, 24).await;
        // A file has one server; there both workers are inside it.
        let second = match app.database {
            tests::Database::Postgres => Some(app.beside().await),
            tests::Database::Sqlite => None,
        };
        let (one, other) = (app.worker(), second.as_ref().unwrap_or(&app).worker());
        let (one, other) = join(one.run_until_idle(), other.run_until_idle()).await;
        one.and(other).unwrap();
        // What one of them held at the end of the other.
        app.run_jobs().await;
        let parents = started(&app).await;
        assert_eq!(parents.len(), 24);
        assert_eq!(parents.iter().collect::<BTreeSet<_>>().len(), 24);
        if let Some(second) = second {
            second.stop();
            second.state.store.close().await.unwrap();
        }
    }

    /// E25
    async fn whoever_lost_the_lease_of_a_job_does_not_do_it_again(app: TestApp) {
        parents(&app, 1).await;
        let lease = Duration::from_mins(1);
        let store = &app.state.store;
        let lost = store.claim_jobs(app.firm, lease, 8).await.unwrap();
        assert_eq!(lost.len(), 1);
        app.run_jobs().await;
        assert_eq!(started(&app).await.len(), 0, "it is held");
        assert_eq!(jobs(&app, "leased").await.len(), 1);
        app.clock.advance(TimeDelta::seconds(60));
        app.run_jobs().await;
        assert_eq!(started(&app).await.len(), 1);
        assert!(!store.postpone_job(&lost[0], "Too late.").await.unwrap());
        store.give_back_jobs(&lost).await.unwrap();
        app.run_jobs().await;
        assert_eq!(started(&app).await.len(), 1);
    }

    async fn a_firm_with_much_to_do_does_not_hold_up_another(app: TestApp) {
        let other = app.other_firm("southwind").await;
        let me = other.get("/v1/me").await.ok(200);
        let firm = me["firm"]["id"].as_str().unwrap().parse().unwrap();
        poison(&app, app.firm, 100).await;
        app.clock.advance(TimeDelta::seconds(1));
        poison(&app, firm, 1).await;
        assert!(app.worker().round().await.unwrap());
        let page = other.get("/v1/jobs").await.ok(200);
        assert_eq!(page["data"][0]["state"], "scheduled");
        assert_eq!(page["data"].as_array().unwrap().len(), 1);
        assert_eq!(jobs(&app, "due").await.len(), 92);
    }

    /// A job that takes the whole program down with it, again and again.
    #[set(access_token_lifetime = "86400")]
    async fn a_job_whose_workers_all_end_is_set_aside_and_others_are_not(app: TestApp) {
        poison(&app, app.firm, 1).await;
        let store = &app.state.store;
        for _ in 0..10 {
            let held = store.claim_jobs(app.firm, Duration::from_mins(1), 8).await.unwrap();
            assert_eq!(held.len(), 1);
            app.clock.advance(TimeDelta::seconds(60));
        }
        poison(&app, app.firm, 1).await;
        app.run_jobs().await;
        let [parked] = &jobs(&app, "parked").await[..] else {
            panic!("one job was to be parked");
        };
        assert_eq!(parked["last_error"], "Whoever was doing it was ended before it was done.");
        assert_eq!(jobs(&app, "scheduled").await[0]["tries"], 1);
    }

    #[set(access_token_lifetime = "86400")]
    async fn a_job_that_this_version_cannot_read_is_set_aside_and_shown(app: TestApp) {
        poison(&app, app.firm, 1).await;
        app.on_database("UPDATE job SET payload = '{\"kind\": \"of tomorrow\"}'").await;
        exhaust(&app).await;
        let parked = jobs(&app, "parked").await;
        assert_eq!(parked[0]["last_error"], "A stored record could not be read; the log says which.");
        assert_eq!(parked[0]["process_id"], Value::Null);
    }
}
