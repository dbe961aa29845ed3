//! Changes of something that has been changed since: they are refused with the version that it has now.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, document::operation, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

async fn send(client: &Client, id: &str, path: &str, body: Option<&Value>) -> Reply {
    let method: Method = operation(id).method.parse().unwrap();
    let mut request = client.request(method, path);
    if let Some(body) = body {
        request = request.json(body);
    }
    client.send(request).await
}

/// Tries an operation without a version where it has to have one, and with old ones; the answers tell the current one,
/// and with that it succeeds.
pub(crate) async fn tried(who: &Client, id: &str, path: &str, body: Option<Value>) -> Reply {
    let body = body.as_ref();
    let required = operation(id).if_match().unwrap();
    if required {
        let bare = send(who, id, path, body).await;
        let _ = bare.problem(428, "precondition-required");
    }
    let mut tags = Vec::new();
    for stale in ["\"999999\"", "W/\"1\"", "\"x\", \"0\""] {
        let refused = send(&who.if_match(stale), id, path, body).await;
        let refused = refused.problem(412, "version-conflict");
        tags.push(refused.etag().to_owned());
    }
    assert!(tags.iter().all(|tag| *tag == tags[0]), "{id}: {tags:?}");
    let done = send(&who.if_match(&tags[0]), id, path, body).await;
    assert!((200..300).contains(&done.status), "{id}: {}", done.text);
    let again = send(&who.if_match(&tags[0]), id, path, body).await;
    assert!(
        again.status >= 400,
        "{id}: a version is used up by its change"
    );
    done
}

/// A task made by hand, the admin's own, with something to tick.
async fn own_task(app: &TestApp) -> String {
    let admin = app.admin();
    let item = json!({ "key": "call", "text": "Call the client" });
    let body = json!({ "title": "Ask", "owner_id": admin.id(), "checklist": [item] });
    let made = admin.post("/v1/tasks", body).await.ok(201);
    format!("/v1/tasks/{}", made.id())
}

on_both! {
    async fn a_team_is_changed_in_its_current_version_only(app: TestApp) {
        let admin = app.admin();
        let team = admin.post("/v1/teams", json!({ "name": "East" })).await.ok(201);
        let path = format!("/v1/teams/{}", team.id());
        let body = json!({ "user_id": admin.id() });
        admin.post(&format!("{path}/members"), body).await.ok(201);
        tried(&admin, "updateTeam", &path, Some(json!({ "name": "West" }))).await;
        let member = format!("{path}/members/{}", admin.id());
        tried(&admin, "removeTeamMember", &member, None).await;
        tried(&admin, "deleteTeam", &path, None).await;
    }

    async fn a_membership_of_a_record_is_changed_in_its_current_version_only(app: TestApp) {
        let office = Office::open(&app).await;
        let role = office.role("client_service_associate");
        let body = json!({ "user_id": office.holder("trader").id(), "role_id": role });
        let team = format!("/v1/entities/{}/team", office.client_id);
        let joined = app.admin().post(&team, body).await.ok(201);
        let path = format!("{team}/{}", joined.id());
        let primary = json!({ "is_primary": true });
        tried(&app.admin(), "updateEntityTeamMember", &path, Some(primary)).await;
        tried(&app.admin(), "removeEntityTeamMember", &path, None).await;
    }

    async fn what_the_firm_sets_up_is_changed_in_its_current_version_only(app: TestApp) {
        let admin = app.admin();
        let body = json!({ "key": "mood", "label": "Mood", "entity_kind": "client", "value_type": "text" });
        let attribute = admin.post("/v1/attributes", body).await.ok(201);
        let path = format!("/v1/attributes/{}", attribute.id());
        tried(&admin, "updateAttribute", &path, Some(json!({ "label": "Temper" }))).await;
        let body = json!({ "on": "2030-07-05", "name": "Summer party" });
        let holiday = admin.post("/v1/firm/holidays", body).await.ok(201);
        let path = format!("/v1/firm/holidays/{}", holiday.id());
        tried(&admin, "deleteHoliday", &path, None).await;
    }

    async fn a_process_type_is_changed_in_its_current_version_only(app: TestApp) {
        let admin = app.admin();
        let tasks = [task("only", "lead_advisor", &[])];
        let mut draft = definition("short", &tasks);
        let made = admin.post("/v1/process-types", draft.clone()).await.ok(201);
        let path = format!("/v1/process-types/{}", made.id());
        draft["name"] = json!("Shorter");
        tried(&admin, "putProcessTypeDraft", &format!("{path}/draft"), Some(draft)).await;
        tried(&admin, "publishProcessType", &format!("{path}/publish"), Some(json!({}))).await;
        tried(&admin, "archiveProcessType", &format!("{path}/archive"), None).await;
    }

    async fn a_process_is_changed_in_its_current_version_only(app: TestApp) {
        let office = Office::open(&app).await;
        let admin = app.admin();
        let tasks = [task("only", "lead_advisor", &[])];
        let process_type = publish(&app, definition("short", &tasks)).await;
        let process = start(&admin, &process_type, &office.client_id).await;
        let path = format!("/v1/processes/{}", process.id());
        let reason = json!({ "reason": "The client is abroad." });
        tried(&admin, "holdProcess", &format!("{path}/hold"), Some(reason.clone())).await;
        tried(&admin, "resumeProcess", &format!("{path}/resume"), None).await;
        tried(&admin, "cancelProcess", &format!("{path}/cancel"), Some(reason)).await;
    }

    async fn a_task_is_worked_on_in_its_current_version_only(app: TestApp) {
        let (admin, path) = (app.admin(), own_task(&app).await);
        let at = |verb: &str| format!("{path}/{verb}");
        tried(&admin, "updateTask", &path, Some(json!({ "title": "Ask again" }))).await;
        tried(&admin, "startTask", &at("start"), None).await;
        let item = at("checklist/call");
        tried(&admin, "setChecklistItem", &item, Some(json!({ "done": true }))).await;
        let hold = json!({ "reason": "client" });
        tried(&admin, "holdTask", &at("hold"), Some(hold)).await;
        tried(&admin, "resumeTask", &at("resume"), None).await;
        let wish = json!({ "due_at": "2030-07-05T21:00:00Z" });
        tried(&admin, "rescheduleTask", &at("reschedule"), Some(wish)).await;
        tried(&admin, "completeTask", &at("complete"), Some(json!({}))).await;
        tried(&admin, "reopenTask", &at("reopen"), Some(json!({}))).await;
    }

    async fn a_task_is_given_away_and_ended_in_its_current_version_only(app: TestApp) {
        let (admin, path) = (app.admin(), own_task(&app).await);
        let colleague = app.user("Maya Okafor", domain::user::PermissionLevel::Member).await;
        let assign = json!({ "owner_id": colleague.id() });
        tried(&admin, "assignTask", &format!("{path}/assign"), Some(assign)).await;
        let reason = json!({ "reason": "Not needed any more." });
        tried(&admin, "cancelTask", &format!("{path}/cancel"), Some(reason)).await;
    }

    async fn a_step_is_claimed_filled_in_and_skipped_in_its_current_version_only(app: TestApp) {
        let office = Office::open(&app).await;
        let mut only = task("only", "lead_advisor", &[]);
        only["form"] = json!([{ "key": "mood", "label": "Mood", "type": "text" }]);
        let process_type = publish(&app, definition("short", &[only])).await;
        let process = start(&app.admin(), &process_type, &office.client_id).await;
        let tasks = office.tasks(process.id()).await;
        let path = format!("/v1/tasks/{}", tasks["only"]["id"].as_str().unwrap());
        let lead = office.holder("lead_advisor");
        tried(lead, "releaseTask", &format!("{path}/release"), None).await;
        tried(lead, "claimTask", &format!("{path}/claim"), None).await;
        tried(lead, "editTaskForm", &format!("{path}/form"), Some(json!({ "mood": "Calm" }))).await;
        let reason = json!({ "reason": "Done at the branch." });
        tried(&app.admin(), "skipTask", &format!("{path}/skip"), Some(reason)).await;
    }
}
