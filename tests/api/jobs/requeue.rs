//! `POST /v1/jobs/{id}/requeue`

use serde_json::{Value, json};
use tests::{TestApp, document::NO_SUCH_ID, on_both};

use super::{exhaust, jobs, poison};

on_both! {
    #[set(access_token_lifetime = "86400")]
    async fn a_parked_job_is_queued_again_with_all_its_tries_and_the_trail_tells(app: TestApp) {
        let id = poison(&app, app.firm, 1).await[0];
        exhaust(&app).await;
        let path = format!("/v1/jobs/{id}/requeue");
        let again = app.admin().key("again").post_empty(&path).await.ok(200);
        assert_eq!((&again["state"], &again["tries"]), (&json!("due"), &json!(0)));
        let replayed = app.admin().key("again").post_empty(&path).await.ok(200);
        assert_eq!(replayed.header("idempotency-replayed"), Some("true"));
        app.run_jobs().await;
        let [job] = &jobs(&app, "scheduled").await[..] else {
            panic!("it was to be tried again");
        };
        assert_eq!(job["tries"], 1);

        let trail = format!("/v1/audit?subject_id={id}");
        let trail = app.admin().get(&trail).await.ok(200);
        let [entry] = &trail["data"].as_array().unwrap()[..] else {
            panic!("one entry was expected: {}", trail.text);
        };
        assert_eq!(entry["action"], "job.requeued");
        assert_eq!(entry["actor"]["id"], app.admin().id().to_string());
        assert_eq!(entry["before"]["state"], "parked");
        assert_eq!(entry["after"]["state"], "due");
        exhaust(&app).await;
        assert_eq!(jobs(&app, "parked").await.len(), 1);
    }

    async fn only_a_parked_job_is_queued_again(app: TestApp) {
        let id = poison(&app, app.firm, 1).await[0];
        let path = format!("/v1/jobs/{id}/requeue");
        let refused = app.admin().post_empty(&path).await;
        let _ = refused.problem(409, "conflict");
        app.run_jobs().await;
        let refused = app.admin().post_empty(&path).await;
        let _ = refused.problem(409, "conflict");
        let missing = format!("/v1/jobs/{NO_SUCH_ID}/requeue");
        let _ = app.admin().post_empty(&missing).await.problem(404, "not-found");
        assert_eq!(jobs(&app, "parked").await, Vec::<Value>::new());
    }
}
