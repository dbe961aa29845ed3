//! `/v1/reports`

mod performance;
mod seen;
mod stretches;

use serde_json::{Value, json};
use tests::{Client, Reply, TestApp};

use crate::workflow::{definition, task};

/// Where process performance is reported, about a type.
pub(crate) fn about(process_type: &str) -> String {
    format!("/v1/reports/process-performance?process_type_id={process_type}")
}

/// The report about a type, as somebody sees it.
async fn report(who: &Client, process_type: &str) -> Reply {
    who.get(&about(process_type)).await.ok(200)
}

/// Lets so many times ten seconds pass.
fn pass(app: &TestApp, tens: i64) {
    app.clock.advance(chrono::TimeDelta::seconds(10 * tens));
}

/// Prepared, then reviewed, which may send it back, then filed.
fn reviewed() -> Value {
    let mut review = task("review", "lead_advisor", &["prepare"]);
    review["kind"] = json!("decision");
    review["outcomes"] = json!([
        { "key": "fine", "label": "Fine" },
        { "key": "again", "label": "Once more", "reopens": "prepare" },
    ]);
    let mut file = task("file", "associate_advisor", &[]);
    file["after"] = json!([{ "task": "review", "outcome": "fine" }]);
    let prepare = task("prepare", "client_service_associate", &[]);
    definition("reviewed", &[prepare, review, file])
}

/// The same without the review.
fn unreviewed() -> Value {
    let prepare = task("prepare", "client_service_associate", &[]);
    let file = task("file", "associate_advisor", &["prepare"]);
    definition("reviewed", &[prepare, file])
}
