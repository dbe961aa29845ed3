//! Covers: who acts for an absent person, and when (X10).

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use domain::{ambient::Ambient as _, user::PermissionLevel};
use serde_json::{Value, json};
use tests::{Client, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

fn at(app: &TestApp, minutes: i64) -> String {
    let now: DateTime<Utc> = app.clock.now();
    (now + TimeDelta::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// An absence from one minute to another, counted from now.
fn away(app: &TestApp, from: i64, until: i64, by: &[&Client]) -> Value {
    let by: Vec<String> = by.iter().map(|client| client.id().to_string()).collect();
    json!({ "from": at(app, from), "until": at(app, until), "cover_user_ids": by, "reason": "On leave" })
}

/// How many tasks somebody has to do, by cover or in their own right.
async fn work(who: &Client) -> Vec<String> {
    let page = who.get("/v1/work").await.ok(200);
    let items = page["data"].as_array().into_iter().flatten();
    items
        .map(|item| item["via"].as_str().unwrap().to_owned())
        .collect()
}

/// One task of the lead advisor, who is about to leave, and a colleague who serves nobody.
async fn scene(app: &TestApp) -> (Office, Client, Client, String, String) {
    let office = Office::open(app).await;
    let process_type = publish(
        app,
        definition(
            "one",
            &[
                task("only", "lead_advisor", &[]),
                task("next", "lead_advisor", &["only"]),
            ],
        ),
    )
    .await;
    let process = start(&app.admin(), &process_type, &office.client_id).await;
    let process = process.id().to_owned();
    let tasks = office.tasks(&process).await;
    let only = tasks["only"]["id"].as_str().unwrap().to_owned();
    let lead = office.holder("lead_advisor").clone();
    let colleague = app.user("Noor Newcomer", PermissionLevel::Member).await;
    (office, lead, colleague, process, only)
}

on_both! {
    /// X10, X9: a cover begins and ends with the clock; what is done meanwhile is marked.
    async fn a_cover_acts_for_the_absent_person_in_its_time_only(app: TestApp) {
        let (office, lead, colleague, process, only) = scene(&app).await;
        let path = format!("/v1/tasks/{only}");
        lead.post("/v1/covers", away(&app, 1, 3, &[&colleague])).await.ok(201);
        assert!(work(&colleague).await.is_empty(), "not yet");
        colleague.get(&path).await.problem(404, "not-found");

        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(work(&colleague).await, ["cover"]);
        assert_eq!(work(&lead).await, ["owner"], "the owner stays owner");
        let listed = colleague.get("/v1/tasks?executable_by=me").await.ok(200);
        assert_eq!(listed["data"].as_array().unwrap().len(), 1);
        let may = colleague.get(&format!("{path}/permissions")).await.ok(200);
        assert_eq!(may["actions"]["complete"]["rule"], "X10");
        assert_eq!(may["actions"]["assign"]["rule"], "X10");
        assert_eq!(may["actions"]["skip"]["allowed"], false);
        let executors = lead.get(&format!("{path}/executors")).await.ok(200);
        assert_eq!(executors["data"].as_array().unwrap().len(), 2);

        let now = colleague.get(&path).await.ok(200);
        let done = colleague.if_match(now.etag()).post(&format!("{path}/complete"), json!({})).await.ok(200);
        assert_eq!(done["task"]["completed_via"], "cover");
        assert_eq!(done["task"]["completed_by"], colleague.id().to_string());
        assert_eq!(done["task"]["on_behalf_of"], lead.id().to_string());
        let trail = app.admin().get(&format!("/v1/audit?subject_id={only}&action=task.completed")).await.ok(200);
        assert_eq!(trail["data"][0]["on_behalf_of"], lead.id().to_string());
        let next = office.tasks(&process).await["next"].clone();
        assert_eq!(next["owner_id"], colleague.id().to_string(), "E9: the absent are replaced");

        app.clock.advance(TimeDelta::minutes(2));
        assert_eq!(work(&colleague).await, ["owner"], "only what became theirs");
        colleague.get(&path).await.problem(404, "not-found");
    }

    /// X10: ended early, over at once; withdrawn before it begins, gone; both told in the trail.
    async fn a_cover_that_is_ended_gives_nothing_any_more(app: TestApp) {
        let (_, lead, colleague, _, only) = scene(&app).await;
        let made = lead.post("/v1/covers", away(&app, 0, 48, &[&colleague])).await.ok(201);
        let later = lead.post("/v1/covers", away(&app, 50, 60, &[&colleague])).await.ok(201);
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(work(&colleague).await, ["cover"]);
        let path = format!("/v1/covers/{}", made.id());
        colleague.if_match(made.etag()).delete(&path).await.problem(403, "forbidden");
        let _ = lead.delete(&path).await.problem(428, "precondition-required");
        let _ = lead.if_match("\"99\"").delete(&path).await.problem(412, "version-conflict");
        lead.if_match(made.etag()).delete(&path).await.ok(204);
        lead.if_match(later.etag()).delete(&format!("/v1/covers/{}", later.id())).await.ok(204);
        assert!(work(&colleague).await.is_empty());
        let task = format!("/v1/tasks/{only}/complete");
        colleague.if_match("*").post(&task, json!({})).await.problem(404, "not-found");

        let over = lead.get(&path).await.ok(200);
        assert_eq!(over["until"], at(&app, 0));
        lead.if_match(over.etag()).delete(&path).await.problem(409, "conflict");
        assert!(lead.get("/v1/covers").await.ok(200)["data"].as_array().unwrap().is_empty());
        let all = lead.get("/v1/covers?over=true").await.ok(200);
        assert_eq!(all["data"].as_array().unwrap().len(), 1);
        let trail = app.admin().get("/v1/audit?action=cover.ended,cover.deleted").await.ok(200);
        assert_eq!(trail["data"].as_array().unwrap().len(), 2);
    }

    /// X10: for some roles or records only; never what a cover covers for another.
    async fn a_cover_keeps_to_its_part_and_does_not_chain(app: TestApp) {
        let (office, lead, colleague, ..) = scene(&app).await;
        let third = app.user("Theo Third", PermissionLevel::Member).await;
        let body = json!({ "name": "Vance Household", "kind": "household", "status": "client" });
        let other = app.admin().post("/v1/entities", body).await.ok(201);
        office.join(other.id(), &lead, "lead_advisor").await;
        let mut elsewhere = away(&app, 0, 9, &[&colleague]);
        elsewhere["entity_ids"] = json!([other.id()]);
        lead.post("/v1/covers", elsewhere).await.ok(201);
        let mut by_role = away(&app, 0, 9, &[&colleague]);
        by_role["role_ids"] = json!([office.role("partner")]);
        lead.post("/v1/covers", by_role).await.ok(201);
        assert!(work(&colleague).await.is_empty());

        lead.post("/v1/covers", away(&app, 0, 9, &[&colleague])).await.ok(201);
        colleague.post("/v1/covers", away(&app, 0, 9, &[&third])).await.ok(201);
        assert_eq!(work(&colleague).await, ["cover"]);
        assert!(work(&third).await.is_empty());
    }

    /// X10, X18: a restricted record stays closed to a cover who is not named on it.
    async fn a_restricted_record_stays_closed_to_a_cover(app: TestApp) {
        let (office, lead, colleague, _, only) = scene(&app).await;
        lead.post("/v1/covers", away(&app, 0, 9, &[&colleague])).await.ok(201);
        assert_eq!(work(&colleague).await, ["cover"]);
        office.join(&office.client_id, &app.admin(), "partner").await;
        let path = format!("/v1/entities/{}", office.client_id);
        let admin = app.admin();
        let client = admin.get(&path).await.ok(200);
        admin.if_match(client.etag()).patch(&path, json!({ "restricted": true })).await.ok(200);
        assert!(work(&colleague).await.is_empty());
        colleague.get(&format!("/v1/tasks/{only}")).await.problem(404, "not-found");
    }

    /// X13: whoever leaves is no longer covered for; what they own stays theirs.
    async fn covers_end_with_the_absent_persons_account(app: TestApp) {
        let (office, lead, colleague, process, _) = scene(&app).await;
        lead.post("/v1/covers", away(&app, 0, 9, &[&colleague])).await.ok(201);
        lead.post("/v1/covers", away(&app, 20, 30, &[&colleague])).await.ok(201);
        let path = format!("/v1/users/{}", lead.id());
        let admin = app.admin();
        let set = async |status: &str| {
            let user = admin.get(&path).await.ok(200);
            admin.if_match(user.etag()).patch(&path, json!({ "status": status })).await.ok(200);
        };
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(work(&colleague).await, ["cover"]);
        set("inactive").await;
        assert!(work(&colleague).await.is_empty());
        assert!(admin.get("/v1/covers").await.ok(200)["data"].as_array().unwrap().is_empty());
        let only = office.tasks(&process).await["only"].clone();
        assert_eq!(only["owner_id"], lead.id().to_string());
        set("active").await;
        assert!(work(&colleague).await.is_empty(), "an ended cover stays ended");
    }

    /// X10: the absent person, their managers, admins; whoever stands in reads it; for others it is not there.
    async fn covers_are_named_by_the_absent_person_their_managers_and_admins(app: TestApp) {
        let (_, lead, colleague, ..) = scene(&app).await;
        let manager = app.user("Mona Manager", PermissionLevel::Manager).await;
        let team = app.admin().post("/v1/teams", json!({ "name": "East" })).await.ok(201);
        for (who, manages) in [(&manager, true), (&lead, false)] {
            let body = json!({ "user_id": who.id(), "manager": manages });
            app.admin().post(&format!("/v1/teams/{}/members", team.id()), body).await.ok(201);
        }
        let auditor = app.user("Arno Auditor", PermissionLevel::Auditor).await;
        let stranger = app.user("Sven Stranger", PermissionLevel::Member).await;
        let mut body = away(&app, 0, 9, &[&colleague]);
        body["absent_id"] = json!(lead.id());
        let made = manager.post("/v1/covers", body.clone()).await.ok(201);
        app.admin().post("/v1/covers", body.clone()).await.ok(201);
        for who in [&colleague, &stranger, &auditor] {
            let refused = who.post("/v1/covers", body.clone()).await.problem(403, "forbidden");
            assert_eq!(refused["rule"], "X10");
        }
        let path = format!("/v1/covers/{}", made.id());
        for (who, seen) in [(&lead, 2), (&colleague, 2), (&manager, 2), (&auditor, 2), (&stranger, 0)] {
            let status = if seen > 0 { 200 } else { 404 };
            who.get(&path).await.ok(status);
            let list = who.get("/v1/covers").await.ok(200);
            assert_eq!(list["data"].as_array().unwrap().len(), seen);
        }
        stranger.if_match("*").delete(&path).await.problem(404, "not-found");
    }

    async fn a_cover_that_makes_no_sense_is_refused_with_all_of_its_faults(app: TestApp) {
        let (office, lead, colleague, ..) = scene(&app).await;
        let auditor = app.user("Arno Auditor", PermissionLevel::Auditor).await;
        let mut body = away(&app, 2, 1, &[&lead, &auditor, &colleague]);
        body["role_ids"] = json!([office.client_id]);
        body["entity_ids"] = json!([office.role("partner")]);
        let refused = lead.post("/v1/covers", body).await.problem(422, "validation-failed");
        assert_eq!(
            refused.faults(),
            [
                ("/until", "before-begin"),
                ("/cover_user_ids/0", "absent-themselves"),
                ("/cover_user_ids/1", "unknown-user"),
                ("/role_ids/0", "unknown-role"),
                ("/entity_ids/0", "unknown-entity"),
            ]
        );
    }
}
