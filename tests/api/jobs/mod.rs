//! Work in the background: done once, tried again, set aside, looked after, swept away.

mod list;
mod queue;
mod requeue;
mod sweep;

use chrono::TimeDelta;
use domain::{
    ids::{FirmId, JobId, ProcessId},
    job::Job,
};
use persistence::{StoreError, UnitOfWork, WriteContext};
use serde_json::Value;
use tests::{TestApp, document::NO_SUCH_ID};

use crate::workflow::for_firm;

/// The seconds that pass between the tries of a job; after the tenth there is no other.
pub(crate) const DELAYS: [i64; 9] = [2, 4, 8, 16, 32, 64, 128, 256, 512];

/// Queues jobs that fail whenever they are tried: they are about a process that is not there.
pub(crate) async fn poison(app: &TestApp, firm: FirmId, count: usize) -> Vec<JobId> {
    let job = Job::CancelProcess {
        process_id: ProcessId(NO_SUCH_ID.parse().unwrap()),
        reason: "The parent was cancelled.".to_owned(),
        by: None,
    };
    let store = &app.state.store;
    let work = async |tx: &mut UnitOfWork| {
        let jobs = (0..count).map(|_| tx.enqueue(&job));
        jobs.collect::<Result<Vec<_>, StoreError>>()
    };
    store
        .write(&WriteContext::by_system(firm), work)
        .await
        .unwrap()
}

/// The jobs of the firm in these states.
async fn jobs(app: &TestApp, states: &str) -> Vec<Value> {
    let path = format!("/v1/jobs?limit=200&state={states}");
    let page = app.admin().get(&path).await.ok(200);
    page["data"].as_array().unwrap().clone()
}

/// Tries what is due until nothing is tried any more.
pub(crate) async fn exhaust(app: &TestApp) {
    app.run_jobs().await;
    for seconds in DELAYS {
        app.clock.advance(TimeDelta::seconds(seconds));
        app.run_jobs().await;
    }
}

/// Two process types for the firm: one task that waits for a process of the other, which has one task too.
pub(crate) fn parent_and_child() -> [Value; 2] {
    let mine = serde_json::json!([{ "is": "initiator" }]);
    let only = serde_json::json!({ "key": "only", "title": "Do it", "owner": mine });
    let wait = serde_json::json!({
        "key": "wait",
        "title": "Have it done",
        "kind": "subprocess",
        "owner": mine,
        "starts": { "type": "child" },
    });
    let thank = serde_json::json!({
        "key": "thank", "title": "Say thanks", "owner": mine, "after": [{ "task": "wait" }],
    });
    [
        for_firm("child", &[only]),
        for_firm("parent", &[wait, thank]),
    ]
}
