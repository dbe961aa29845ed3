//! `GET /v1/jobs`

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{TestApp, on_both};

use super::{jobs, parent_and_child, poison};
use crate::{
    office::Office,
    workflow::{definition, publish, start},
};

on_both! {
    async fn jobs_are_listed_by_where_they_stand(app: TestApp) {
        poison(&app, app.firm, 1).await;
        app.run_jobs().await;
        poison(&app, app.firm, 3).await;
        let held = app.state.store.claim_jobs(app.firm, Duration::from_mins(1), 1).await.unwrap();
        for (state, count) in [("scheduled", 1), ("due", 2), ("leased", 1), ("parked", 0), ("done", 0)] {
            let found = jobs(&app, state).await;
            assert_eq!(found.len(), count, "{state}");
            assert!(found.iter().all(|job| job["state"] == state && job["kind"] == "cancel_process"));
        }
        let leased = &jobs(&app, "leased").await[0];
        assert_eq!(leased["id"], held[0].id.to_string());
        assert_eq!(jobs(&app, "scheduled,leased").await.len(), 2);
        assert_eq!(app.admin().get("/v1/jobs").await.ok(200)["data"].as_array().unwrap().len(), 4);

        app.clock.advance(TimeDelta::seconds(60));
        assert_eq!(jobs(&app, "due").await.len(), 4, "the lease has ended");
        let refused = app.admin().get("/v1/jobs?state=lost").await;
        let _ = refused.problem(400, "invalid-parameter");
    }

    async fn a_page_goes_on_where_the_last_one_ended(app: TestApp) {
        poison(&app, app.firm, 5).await;
        app.run_jobs().await;
        app.clock.advance(TimeDelta::seconds(1));
        poison(&app, app.firm, 6).await;
        let held = app.state.store.claim_jobs(app.firm, Duration::from_mins(1), 2).await.unwrap();
        assert_eq!(held.len(), 2);
        let mut seen = Vec::new();
        let mut path = "/v1/jobs?limit=2".to_owned();
        loop {
            let page = app.admin().get(&path).await.ok(200);
            seen.extend(page["data"].as_array().unwrap().iter().cloned());
            let Some(cursor) = page["page"]["next_cursor"].as_str() else {
                break;
            };
            path = format!("/v1/jobs?limit=2&cursor={cursor}");
        }
        let ids: BTreeSet<_> = seen.iter().map(|job| job["id"].as_str().unwrap()).collect();
        assert_eq!((seen.len(), ids.len()), (11, 11));
        let turns: Vec<_> = seen.iter().map(|job| job["run_at"].as_str().unwrap()).collect();
        assert!(turns.is_sorted(), "{turns:?}");
    }

    async fn a_job_tells_what_it_is_about_and_a_done_one_stays_for_a_while(app: TestApp) {
        let [child, parent] = parent_and_child();
        publish(&app, child).await;
        let parent = publish(&app, parent).await;
        let body = json!({ "process_type_id": parent });
        let process = app.admin().post("/v1/processes", body).await.ok(201);
        let due = jobs(&app, "due").await;
        assert_eq!(due[0]["kind"], "start_process");
        assert_eq!(due[0]["process_id"], process["id"]);
        assert!(due[0]["task_id"].is_string());
        assert_eq!(due[0]["last_error"], Value::Null);
        app.run_jobs().await;
        let unfinished = app.admin().get("/v1/jobs").await.ok(200);
        assert_eq!(unfinished["data"], json!([]));
        let done = jobs(&app, "done").await;
        assert_eq!((&done[0]["id"], &done[0]["tries"]), (&due[0]["id"], &json!(1)));
    }

    /// X18
    async fn what_a_job_is_about_is_kept_from_whom_the_record_is_kept_from(app: TestApp) {
        let office = Office::open(&app).await;
        let [child, _] = parent_and_child();
        publish(&app, child).await;
        let wait = json!({ "key": "wait", "title": "Wait", "kind": "subprocess", "starts": { "type": "child" } });
        let process_type = publish(&app, definition("parent", &[wait])).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        assert_eq!(jobs(&app, "due").await[0]["process_id"], process["id"]);
        let path = format!("/v1/entities/{}", office.client_id);
        let entity = app.admin().get(&path).await.ok(200);
        let current = app.admin().if_match(entity.etag());
        current.patch(&path, json!({ "restricted": true })).await.ok(200);
        let hidden = &jobs(&app, "due").await[0];
        assert_eq!((&hidden["process_id"], &hidden["task_id"]), (&Value::Null, &Value::Null));
    }

    /// X20
    async fn only_admins_look_after_jobs(app: TestApp) {
        let [id] = poison(&app, app.firm, 1).await[..] else {
            panic!("one job was expected");
        };
        let requeue = format!("/v1/jobs/{id}/requeue");
        for (name, level) in [
            ("Dora Designer", PermissionLevel::Designer),
            ("Max Manager", PermissionLevel::Manager),
            ("Mia Member", PermissionLevel::Member),
            ("Alan Auditor", PermissionLevel::Auditor),
        ] {
            let who = app.user(name, level).await;
            let read = who.get("/v1/jobs").await;
            if level == PermissionLevel::Auditor {
                assert_eq!(read.ok(200)["data"][0]["id"], id.to_string());
            } else {
                assert_eq!(read.problem(403, "forbidden")["rule"], "X20");
            }
            let _ = who.post_empty(&requeue).await.problem(403, "forbidden");
        }
        let stranger = app.other_firm("southwind").await;
        assert_eq!(stranger.get("/v1/jobs").await.ok(200)["data"], json!([]));
        let _ = stranger.post_empty(&requeue).await.problem(404, "not-found");
    }
}
