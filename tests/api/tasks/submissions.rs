use chrono::TimeDelta;
use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Reply, TestApp, on_both};

use super::{act, complete, path_of};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// Papers are prepared and sent; then a custodian is waited for, who may send them back.
async fn sent(office: &Office) -> String {
    let mut wait = task("wait", "client_service_associate", &["prepare"]);
    wait["kind"] = json!("wait");
    wait["waiting_on"] = json!("custodian");
    wait["outcomes"] = json!([
        { "key": "open", "label": "Opened" },
        { "key": "nigo", "label": "Not in good order", "reopens": "prepare", "reason_codes": ["signature"] },
    ]);
    let tasks = [task("prepare", "client_service_associate", &[]), wait];
    let process_type = publish(&office.app, definition("account", &tasks)).await;
    let started = start(&office.app.admin(), &process_type, &office.client_id).await;
    let process = started.id().to_owned();
    complete(office, &process, "prepare", json!({}))
        .await
        .ok(200);
    process
}

fn answers(list: &Reply) -> Vec<Value> {
    let submissions = list["data"].as_array().unwrap().iter();
    submissions.map(|it| it["answer"].clone()).collect()
}

on_both! {
    /// E22, E6: each sending is kept with its answer, over all attempts, and linked to the one before.
    async fn what_a_custodian_sends_back_is_kept_and_linked(app: TestApp) {
        let office = Office::open(&app).await;
        let process = sent(&office).await;
        let path = path_of(&office, &process, "wait").await;
        let csa = office.holder("client_service_associate");
        let list = csa.get(&format!("{path}/submissions")).await.ok(200);
        assert_eq!(answers(&list), [Value::Null]);
        assert_eq!(list["data"][0]["sent_at"], "2030-03-04T15:00:00Z");

        let back = json!({ "outcome": "nigo", "reason_code": "signature", "note": "Page 4." });
        complete(&office, &process, "wait", back).await.ok(200);
        complete(&office, &process, "prepare", json!({})).await.ok(200);
        let list = csa.get(&format!("{path}/submissions?include_total=true")).await.ok(200);
        assert_eq!(answers(&list), [json!("nigo"), Value::Null]);
        assert_eq!(list["page"]["total"], 2);
        let [first, second] = &list["data"].as_array().unwrap()[..] else {
            panic!("two were sent");
        };
        assert_eq!(first["reason_codes"], json!(["signature"]));
        assert_eq!((&first["reopened"], &first["note"]), (&json!("prepare"), &json!("Page 4.")));
        assert_eq!(first["cured_by"], "firm");
        assert_eq!((&first["attempt"], &second["attempt"]), (&json!(1), &json!(2)));
        assert_eq!(second["resubmission_of"], first["id"]);
        complete(&office, &process, "wait", json!({ "outcome": "open" })).await.ok(200);
        let task = csa.get(&path).await.ok(200);
        assert_eq!(task["submissions"][0], *first);
        assert_eq!(task["submissions"][1]["answer"], "in_good_order");

        let page = csa.get(&format!("{path}/submissions?limit=1")).await.ok(200);
        assert_eq!(page["data"], json!([first]));
        let cursor = page["page"]["next_cursor"].as_str().unwrap();
        let rest = csa.get(&format!("{path}/submissions?limit=1&cursor={cursor}")).await.ok(200);
        assert_eq!(rest["data"][0]["id"], second["id"]);
        assert_eq!(rest["page"]["has_more"], false);
    }

    /// E22: what the chaser cures is a hold; going on sends it again.
    async fn a_hold_over_what_is_not_in_good_order_keeps_the_answer(app: TestApp) {
        let office = Office::open(&app).await;
        let process = sent(&office).await;
        let path = path_of(&office, &process, "wait").await;
        let csa = office.holder("client_service_associate");
        let hold = json!({
            "reason": "nigo", "reason_codes": ["ink"], "cured_by": "client", "note": "They want ink.",
        });
        let held = act(csa, &path, "hold", hold).await.ok(200);
        assert_eq!(held["submissions"][0]["answer"], "nigo");
        assert_eq!(held["submissions"][0]["cured_by"], "client");
        app.clock.advance(TimeDelta::minutes(10));
        let resumed = act(csa, &path, "resume", json!({})).await.ok(200);
        let again = &resumed["submissions"][1];
        assert_eq!(again["resubmission_of"], resumed["submissions"][0]["id"]);
        assert_eq!((&again["sent_at"], &again["answer"]), (&json!("2030-03-04T15:10:00Z"), &Value::Null));

        let elsewhere = json!({ "reason": "client", "reason_codes": ["ink"] });
        let refused = act(csa, &path, "hold", elsewhere).await.problem(422, "validation-failed");
        assert_eq!(refused.faults(), [("/reason_codes", "not-allowed")]);
    }

    /// E22
    async fn answers_and_sendings_are_noted_in_their_order_by_those_who_chase(app: TestApp) {
        let office = Office::open(&app).await;
        let process = sent(&office).await;
        let path = path_of(&office, &process, "wait").await;
        let csa = office.holder("client_service_associate");
        let list = format!("{path}/submissions");
        let pending = csa.post(&list, json!({})).await;
        let _ = pending.problem(409, "conflict");
        let first = csa.get(&list).await.ok(200)["data"][0]["id"].as_str().unwrap().to_owned();
        let answer = format!("{list}/{first}/answer");
        let nigo = json!({ "answer": "nigo", "reason_codes": ["date"], "cured_by": "custodian" });

        let refused = office.holder("trader").post(&answer, nigo.clone()).await;
        let _ = refused.problem(403, "forbidden");
        let stranger = app.user("Noor Jansen", PermissionLevel::Member).await;
        for (way, body) in [(&answer, nigo.clone()), (&list, json!({}))] {
            let _ = stranger.post(way, body).await.problem(404, "not-found");
        }
        let _ = stranger.get(&list).await.problem(404, "not-found");
        let bare = csa.post(&answer, json!({ "answer": "nigo" })).await;
        assert_eq!(bare.problem(422, "validation-failed").faults(), [("/reason_codes", "required")]);
        let ahead = json!({ "answer": "in_good_order", "answered_at": "2031-01-01T00:00:00Z" });
        let ahead = csa.post(&answer, ahead).await.problem(422, "validation-failed");
        assert_eq!(ahead.faults(), [("/answered_at", "in-future")]);

        let before = csa.get(&path).await.ok(200);
        let answered = csa.if_match(before.etag()).post(&answer, nigo.clone()).await.ok(200);
        assert_eq!(answered["submissions"][0]["reason_codes"], json!(["date"]));
        assert_eq!(answered["status"], "open");
        let stale = csa.if_match(before.etag()).post(&list, json!({})).await;
        let _ = stale.problem(412, "version-conflict");
        let _ = csa.post(&answer, nigo).await.problem(409, "conflict");
        let unknown = format!("{list}/{}/answer", tests::document::NO_SUCH_ID);
        let unknown = csa.post(&unknown, json!({ "answer": "withdrawn" })).await;
        let _ = unknown.problem(404, "not-found");

        let keyed = csa.key("again");
        let sent_again = json!({ "reference": "SR-20418" });
        let again = keyed.post(&list, sent_again.clone()).await.ok(201);
        assert_eq!((&again["resubmission_of"], &again["reference"]), (&json!(first), &json!("SR-20418")));
        assert_eq!(keyed.post(&list, sent_again).await.ok(201).id(), again.id(), "a replay");
        let prepare = path_of(&office, &process, "prepare").await;
        let done = csa.post(&format!("{prepare}/submissions"), json!({})).await;
        let _ = done.problem(409, "task-not-executable");
        let trail = app.admin().get("/v1/audit?action=task.submitted,task.submission_answered").await;
        assert_eq!(trail.status, 200, "{}", trail.text);
    }
}
