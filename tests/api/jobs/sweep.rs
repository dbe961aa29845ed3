//! What has had its time is taken away.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use api::jobs::Swept;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::json;
use tests::{ADMIN_EMAIL, TestApp, on_both};

use super::{jobs, parent_and_child, poison};
use crate::workflow::publish;

const NOTHING: Swept = Swept {
    answers: 0,
    jobs: 0,
    sessions: 0,
    files: 0,
};

/// A file that nobody has uploaded, of this age.
fn put(path: &Path, now: DateTime<Utc>, age: TimeDelta) -> PathBuf {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = std::fs::File::create(path).unwrap();
    file.set_modified(SystemTime::from(now - age)).unwrap();
    path.to_owned()
}

on_both! {
    async fn kept_answers_go_after_a_day(app: TestApp) {
        let team = json!({ "name": "East" });
        app.admin().key("one").post("/v1/teams", team.clone()).await.ok(201);
        app.clock.advance(TimeDelta::hours(24) - TimeDelta::microseconds(1));
        assert_eq!(app.sweep().await, NOTHING);
        let admin = app.sign_in(ADMIN_EMAIL).await;
        let again = admin.key("one").post("/v1/teams", team.clone()).await.ok(201);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        app.clock.advance(TimeDelta::microseconds(1));
        assert_eq!(app.sweep().await, Swept { answers: 1, ..NOTHING });
        let _ = admin.key("one").post("/v1/teams", team).await.problem(409, "duplicate");
    }

    #[set(access_token_lifetime = "864000", done_jobs_kept = "86400")]
    async fn jobs_that_are_done_go_after_a_while_and_others_stay(app: TestApp) {
        let [child, parent] = parent_and_child();
        publish(&app, child).await;
        let parent = publish(&app, parent).await;
        let body = json!({ "process_type_id": parent });
        app.admin().post("/v1/processes", body).await.ok(201);
        app.clock.advance(TimeDelta::hours(5));
        app.run_jobs().await;
        poison(&app, app.firm, 1).await;
        app.clock.advance(TimeDelta::hours(24));
        assert_eq!(app.sweep().await, NOTHING);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.sweep().await, Swept { jobs: 1, ..NOTHING });
        assert_eq!(jobs(&app, "done").await.len(), 0);
        assert_eq!(jobs(&app, "due").await.len(), 1);
    }

    async fn more_than_one_statement_takes_is_taken_all_the_same(app: TestApp) {
        poison(&app, app.firm, 1_203).await;
        app.on_database("UPDATE job SET state = 'done'").await;
        let other = app.other_firm("southwind").await;
        let me = other.get("/v1/me").await.ok(200);
        poison(&app, me["firm"]["id"].as_str().unwrap().parse().unwrap(), 2).await;
        app.on_database("UPDATE job SET state = 'done'").await;
        app.clock.advance(TimeDelta::days(8));
        assert_eq!(app.sweep().await.jobs, 1_205);
    }

    #[set(session_lifetime = "172800")]
    async fn sessions_that_have_ended_go(app: TestApp) {
        app.clock.advance(TimeDelta::days(1));
        app.sign_in(ADMIN_EMAIL).await;
        assert_eq!(app.sweep().await.sessions, 0);
        app.clock.advance(TimeDelta::days(1));
        // That of the admin of every test, which began a day earlier.
        assert_eq!(app.sweep().await.sessions, 1);
        assert_eq!(app.sweep().await, NOTHING);
        let admin = app.sign_in(ADMIN_EMAIL).await;
        let sessions = admin.get("/v1/sessions").await.ok(200);
        assert_eq!(sessions["data"].as_array().unwrap().len(), 2);
    }

    async fn files_that_no_document_names_go_after_a_day(app: TestApp) {
        let upload = app
            .admin()
            .request(Method::POST, "/v1/documents?name=papers.pdf")
            .header("content-type", "application/pdf")
            .body("%PDF-1.7 papers");
        let document = app.admin().send(upload).await.ok(201);
        let (now, day) = (app.state.ambient.now(), TimeDelta::days(1));
        let documents = &app.state.config.documents;
        let incoming = documents.join("incoming");
        let firm = documents.join(app.firm.to_string());
        let own = firm.join("ad");
        let name = "01900000-0000-7000-8000-0000000000ad";
        let gone = [
            put(&own.join(name), now, day),
            put(&incoming.join(name), now, day),
        ];
        let younger = day - TimeDelta::seconds(1);
        let id = document.id();
        let kept = [
            firm.join(&id[id.len() - 2..]).join(id),
            put(&own.join("01900000-0000-7000-8000-0000000001ad"), now, younger),
            put(&incoming.join("01900000-0000-7000-8000-0000000001ad"), now, younger),
            put(&own.join("README"), now, day),
            // Not a firm of this database.
            put(&documents.join(name).join("ad").join(name), now, day),
        ];
        assert_eq!(app.sweep().await, Swept { files: 2, ..NOTHING });
        assert!(gone.iter().all(|path| !path.exists()));
        assert!(kept.iter().all(|path| path.exists()));
    }
}
