//! What is told of a task's actions is what happens: the right, and how the task stands.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use super::{act, complete, path_of};
use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// Each action with a sign and the rule that decided.
async fn told(who: &Client, path: &str) -> BTreeMap<String, String> {
    let told = who.get(&format!("{path}/permissions")).await.ok(200);
    let actions = told["actions"].as_object().unwrap().iter();
    actions
        .map(|(action, decision)| {
            let (allowed, rule) = (
                decision["allowed"] == true,
                decision["rule"].as_str().unwrap(),
            );
            let sign = if allowed { "allowed" } else { "refused" };
            let sentence = decision["reason"].as_str().unwrap();
            assert!(
                sentence.starts_with(&format!("{sign} by {rule}: ")),
                "{action}: {sentence}"
            );
            let sign = if allowed { '+' } else { '-' };
            (action.clone(), format!("{sign}{rule}"))
        })
        .collect()
}

/// The actions that a person with every right is refused, by rule.
async fn refused(who: &Client, path: &str) -> String {
    let told = told(who, path).await.into_iter();
    let refused: Vec<String> = told
        .filter(|(_, rule)| rule.starts_with('-'))
        .map(|(action, rule)| format!("{action} {rule}"))
        .collect();
    refused.join(", ")
}

/// Tries an action.
async fn tried(who: &Client, path: &str, action: &str) -> Option<Reply> {
    let why = json!({ "reason": "Not needed." });
    let body = match action {
        "complete" | "resume" | "retry" | "claim" | "release" | "reopen" => json!({}),
        "assign" => json!({ "owner_id": who.id() }),
        "reschedule" => json!({ "due_at": "2030-03-20T21:00:00Z" }),
        "hold" => json!({ "reason": "client" }),
        "skip" | "cancel" => why,
        "reprioritise" => return Some(patched(who, path, json!({ "priority": "high" })).await),
        "retitle" => return Some(patched(who, path, json!({ "title": "Another" })).await),
        "edit_form" => return Some(patched(who, &format!("{path}/form"), json!({})).await),
        // Nothing changes the lists of a task that is there, and what has no checklist has no item to tick.
        "change_lists" | "edit_checklist" => return None,
        other => panic!("{other}"),
    };
    Some(
        who.if_match("*")
            .post(&format!("{path}/{action}"), body)
            .await,
    )
}

async fn patched(who: &Client, path: &str, body: Value) -> Reply {
    who.if_match("*").patch(path, body).await
}

/// What is told to be refused is refused, by the state of the task.
async fn refused_as_told(who: &Client, path: &str) {
    for (action, rule) in told(who, path).await {
        let by_state = rule.starts_with("-E") || rule == "-X8" || rule == "-X20";
        if by_state && let Some(reply) = tried(who, path, &action).await {
            assert!(
                [403, 409].contains(&reply.status),
                "{action} {rule}: {}",
                reply.text
            );
        }
    }
}

on_both! {
    /// X8, E8, E15, E23, E25: an admin has every right but that of executing and of claiming; the rest is the task's.
    async fn what_the_state_of_a_task_refuses_is_told_to_whoever_has_the_right(app: TestApp) {
        let office = Office::open(&app).await;
        let first = task("first", "client_service_associate", &[]);
        let mut approve = task("approve", "partner", &["first"]);
        approve["kind"] = json!("approval");
        approve["outcomes"] = json!([{ "key": "yes", "label": "Yes" }]);
        let made = publish(&app, definition("told", &[first, approve])).await;
        let admin = app.admin();
        let process = start(&admin, &made, &office.client_id).await.id().to_owned();
        let first = path_of(&office, &process, "first").await;
        let approve = path_of(&office, &process, "approve").await;

        let open = "cancel -E23, claim -X20, complete -X4, edit_checklist -X4, edit_form -X4, reopen -E8, resume -X8, retry -E25";
        assert_eq!(refused(&admin, &first).await, open);
        refused_as_told(&admin, &first).await;
        let waiting = "cancel -X8, claim -X20, complete -X8, edit_checklist -X8, edit_form -X8, hold -X8, reopen -E8, resume -X8, retry -E25, skip -X8";
        assert_eq!(refused(&admin, &approve).await, waiting);
        refused_as_told(&admin, &approve).await;

        // Without the right, that is told first.
        let trader = office.holder("trader");
        let theirs = told(trader, &first).await;
        assert_eq!((theirs["cancel"].as_str(), theirs["resume"].as_str()), ("-X16", "-X16"));
        // The owner has some: of those the state speaks.
        let owner = office.holder("client_service_associate");
        let theirs = told(owner, &first).await;
        assert_eq!((theirs["hold"].as_str(), theirs["resume"].as_str()), ("+X16", "-X8"));

        act(&admin, &first, "hold", json!({ "reason": "client" })).await.ok(200);
        let held = "cancel -E23, claim -X20, complete -X4, edit_checklist -X4, edit_form -X4, hold -X8, reopen -E8, retry -E25";
        assert_eq!(refused(&admin, &first).await, held);
        refused_as_told(&admin, &first).await;

        let process_path = format!("/v1/processes/{process}");
        let stop = json!({ "reason": "Counsel." });
        admin.post(&format!("{process_path}/hold"), stop).await.ok(200);
        let stopped = "cancel -E15, claim -X20, complete -E15, edit_checklist -X4, edit_form -X4, hold -X8, reopen -E8, retry -E15, skip -E15";
        assert_eq!(refused(&admin, &first).await, stopped);
        refused_as_told(&admin, &first).await;
        let theirs = told(owner, &first).await;
        assert_eq!((theirs["complete"].as_str(), theirs["edit_form"].as_str()), ("-E15", "+X1"));
        admin.post(&format!("{process_path}/resume"), json!({})).await.ok(200);

        complete(&office, &process, "first", json!({})).await.ok(200);
        let done = "assign -X8, cancel -X8, change_lists -X8, claim -X20, complete -X8, edit_checklist -X8, edit_form -X8, hold -X8, \
                    release -X8, reprioritise -X8, reschedule -X8, resume -X8, retitle -X8, retry -E25, skip -X8";
        assert_eq!(refused(&admin, &first).await, done);
        refused_as_told(&admin, &first).await;
        let approval = "cancel -E23, claim -X20, complete -X4, edit_checklist -X4, edit_form -X4, reopen -E8, resume -X8, retry -E25, skip -E23";
        assert_eq!(refused(&admin, &approve).await, approval);
        refused_as_told(&admin, &approve).await;
    }

    /// E23, E25: a task made by hand may be cancelled, and no process stands behind it.
    async fn of_a_task_made_by_hand_the_same_is_told(app: TestApp) {
        let admin = app.admin();
        let made = admin.post("/v1/tasks", json!({ "title": "Ask", "owner_id": admin.id() })).await.ok(201);
        let path = format!("/v1/tasks/{}", made.id());
        assert_eq!(refused(&admin, &path).await, "claim -X20, reopen -E8, resume -X8, retry -E25");
        refused_as_told(&admin, &path).await;
        act(&admin, &path, "cancel", json!({ "reason": "Not needed." })).await.ok(200);
        let told = told(&admin, &path).await;
        assert_eq!((told["cancel"].as_str(), told["reopen"].as_str()), ("-X8", "-E8"));
        refused_as_told(&admin, &path).await;
    }
}
