//! The grid of permissions, in a sample that covers it: what the explanation says, who is listed as able, and what happens.

mod acting;
mod setting;
mod tables;

use serde_json::json;
use tests::{TestApp, on_both};

use self::{
    acting::{act, cell, executors, lists},
    setting::{Grid, Subject},
    tables::{ACTIONS, EXECUTION, OF_THE_FIRM, OPEN, RESTRICTED, Row, rows},
};

impl Grid {
    /// Whoever the row is about does everything; what is told beforehand is what happens.
    async fn holds(&self, row: &Row, subject: Subject) {
        let who = &self.people[row.who];
        for (place, execution) in EXECUTION.into_iter().enumerate() {
            let mut task = self.opened(execution, subject).await;
            let at = |column: usize| row.cells[column * 3 + place];
            let name = format!("{} with execution {execution}", row.who);
            let sees = match at(0) {
                "404" => 404,
                "401" => 401,
                _ => 200,
            };
            if place == 0 {
                assert_eq!(row.cells[12], sees.to_string(), "{name}");
            }
            assert_eq!(
                who.get(&format!("/v1/tasks/{task}")).await.status,
                sees,
                "{name} reads"
            );
            let explained = who.get(&format!("/v1/tasks/{task}/permissions")).await;
            assert_eq!(explained.status, sees, "{name}: {}", explained.text);
            let able = at(0).starts_with('+');
            let listed = executors(&self.people["auditor"], &task).await;
            assert_eq!(
                listed.contains(&who.id().to_string()),
                able,
                "{name} among the executors"
            );
            if sees != 401 {
                for path in ["/v1/tasks?executable_by=me&limit=200", "/v1/work?limit=200"] {
                    assert_eq!(lists(who, path, &task).await, able, "{name}: {path}");
                }
            }
            for (action, word, column) in ACTIONS {
                let expected = at(column);
                // Past the gate it is the engine that keeps the steps of a process together (E23).
                let by_state = expected.starts_with('+') && action == "cancel";
                if sees == 200 {
                    let told = &explained["actions"][word];
                    let sign = if told["allowed"] == true { '+' } else { '-' };
                    let told = format!("{sign}{}", told["rule"].as_str().unwrap());
                    let expected = if by_state { "-E23" } else { expected };
                    assert_eq!(told, expected, "{name}: what is told of {action}");
                }
                let done = act(who, &task, action).await;
                let happened = cell(&done);
                if by_state {
                    let _ = done.problem(409, "task-not-cancellable");
                } else if expected.starts_with('+') {
                    assert_eq!(happened, "+", "{name}: {action}: {}", done.text);
                    task = self.opened(execution, subject).await;
                } else {
                    assert_eq!(happened, expected, "{name}: {action}: {}", done.text);
                }
            }
        }
    }

    async fn all_hold(&self, table: &'static str, subject: Subject) {
        for row in rows(table) {
            self.holds(&row, subject).await;
        }
    }
}

on_both! {
    /// X1–X7, X11–X14, X16, X17
    async fn on_an_open_task_of_a_client_everyone_may_what_the_grid_says(app: TestApp) {
        Grid::open(&app).await.all_hold(OPEN, Subject::Client).await;
    }

    /// X14, X17
    async fn on_work_of_the_firm_everyone_may_what_the_grid_says(app: TestApp) {
        Grid::open(&app).await.all_hold(OF_THE_FIRM, Subject::Firm).await;
    }

    /// X18
    async fn on_a_restricted_client_everyone_may_what_the_grid_says(app: TestApp) {
        Grid::open(&app).await.all_hold(RESTRICTED, Subject::Restricted).await;
    }

    /// X8: who comes too early or too late is told so, whoever they are; a task on hold takes drafts, ticks and completion.
    async fn whether_a_task_can_be_executed_depends_on_its_status_first(app: TestApp) {
        let grid = Grid::open(&app).await;
        let owner = &grid.people["owner"];
        let (_, waiting) = grid.waiting("on", Subject::Client).await;
        let in_progress = grid.opened("on", Subject::Client).await;
        act(owner, &in_progress, "form").await.ok(200);
        let on_hold = grid.opened("on", Subject::Client).await;
        let hold = json!({ "reason": "client" });
        owner.if_match("*").post(&format!("/v1/tasks/{on_hold}/hold"), hold).await.ok(200);
        let completed = grid.opened("on", Subject::Client).await;
        act(owner, &completed, "complete").await.ok(200);
        for (status, task, open) in [
            ("in_progress", &in_progress, true),
            ("on_hold", &on_hold, true),
            ("waiting", &waiting, false),
            ("completed", &completed, false),
        ] {
            let listed = executors(&grid.people["auditor"], task).await;
            for (who, rule) in [("owner", "+X1"), ("servicing_match", "+X2"), ("unlisted_role", "-X2"), ("admin", "-X2")] {
                if (who, status) == ("owner", "waiting") {
                    // Nobody owns it before it opens (E9).
                    grid.people[who].get(&format!("/v1/tasks/{task}")).await.problem(404, "not-found");
                    continue;
                }
                let expected = if open { rule } else { "-X8" };
                let who = &grid.people[who];
                let read = who.get(&format!("/v1/tasks/{task}")).await.ok(200);
                assert_eq!(read["status"], status);
                let told = who.get(&format!("/v1/tasks/{task}/permissions")).await.ok(200);
                let told = &told["actions"]["complete"];
                let sign = if told["allowed"] == true { '+' } else { '-' };
                assert_eq!(format!("{sign}{}", told["rule"].as_str().unwrap()), expected, "{status}");
                let able = expected.starts_with('+');
                assert_eq!(listed.contains(&who.id().to_string()), able, "{status}");
                assert_eq!(lists(who, "/v1/tasks?executable_by=me&limit=200", task).await, able);
                for action in ["form", "checklist", "complete"] {
                    if action == "complete" && able {
                        continue;
                    }
                    let done = act(who, task, action).await;
                    match (able, open) {
                        (true, _) => assert_eq!(done.status, 200, "{status}: {}", done.text),
                        (false, true) => assert_eq!(cell(&done), expected, "{status}: {}", done.text),
                        (false, false) => assert_eq!(done.status, 409, "{status}: {}", done.text),
                    }
                }
            }
        }
        act(&grid.people["servicing_match"], &on_hold, "complete").await.ok(200);
    }

    /// X12: with a reason an admin, and a manager for their teams' work, complete what they may not execute; nobody else.
    async fn an_override_takes_a_reason_and_lifts_neither_segregation_nor_status(app: TestApp) {
        let grid = Grid::open(&app).await;
        let body = json!({ "override": { "reason": "The owner is away." } });
        for (who, expected) in [
            ("admin", "+"),
            ("manager", "+"),
            ("unlisted_role", "-X2"),
            ("auditor", "-X2"),
            ("preparer", "-X11"),
            ("designer", "404"),
            ("owner", "+"),
        ] {
            let task = grid.opened("on", Subject::Client).await;
            let path = format!("/v1/tasks/{task}/complete");
            let who = &grid.people[who];
            let done = who.if_match("*").post(&path, body.clone()).await;
            assert_eq!(cell(&done), expected, "{}", done.text);
            if expected == "+" {
                let via = if who.id() == grid.people["owner"].id() { "owner" } else { "override" };
                assert_eq!(done["task"]["completed_via"], via);
            }
        }
        let trail = app.admin().get("/v1/audit?action=task.completed&limit=200").await.ok(200);
        assert!(trail.text.contains("The owner is away."), "the reason is kept");
    }
}
