//! The grid of permissions, in a sample that covers it: what the explanation says, who is listed as able, and what happens.

use std::collections::{BTreeMap, BTreeSet};

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, task},
};

/// Who may what on an open task that lists a Client Service Associate on the servicing team, a Partner on the team and a
/// Compliance Officer on the firm. `+` allows, `-` refuses, and the rule that decides stands behind; where the task is not
/// there for somebody, all is `404`, and whoever cannot sign in gets `401`. Three columns for an action are advanced
/// execution on, off, and on with empty lists. Executing is form, checklist and completing; ending is to skip and to cancel.
const OPEN: &str = "
    who                 executes        assigns         moves the date  ends            sees
    owner               +X1  +X1  +X1   +X16 +X16 +X16  -X7  -X7  -X7   -X7  -X7  -X7   200
    servicing_match     +X2  -X4  -X4   -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    business_match      +X3  -X4  -X4   -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    firm_match          +X14 404  404   -X7  404  404   -X7  404  404   -X7  404  404   200
    elsewhere           404  404  404   404  404  404   404  404  404   404  404  404   404
    elsewhere_but_seen  -X5  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    same_name           -X5  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    unlisted_role       -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    none                404  404  404   404  404  404   404  404  404   404  404  404   404
    preparer            -X11 -X11 -X11  -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    manager             -X2  -X4  -X4   +X16 +X16 +X16  +X16 +X16 +X16  +X16 +X16 +X16  200
    admin               -X2  -X4  -X4   +X16 +X16 +X16  +X16 +X16 +X16  +X16 +X16 +X16  200
    designer            404  404  404   404  404  404   404  404  404   404  404  404   404
    auditor             -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
    inactive            401  401  401   401  401  401   401  401  401   401  401  401   401
    other_firm          404  404  404   404  404  404   404  404  404   404  404  404   404
";

/// The same for the firm's own work, whose roles are held on the firm, with advanced execution on.
const OF_THE_FIRM: &str = "
    who                 executes        assigns         moves the date  ends            sees
    owner               +X1  +X1  +X1   +X16 +X16 +X16  -X7  -X7  -X7   -X7  -X7  -X7   200
    servicing_match     +X2  404  404   -X7  404  404   -X7  404  404   -X7  404  404   200
    firm_match          +X14 404  404   -X7  404  404   -X7  404  404   -X7  404  404   200
    unlisted_role       404  404  404   404  404  404   404  404  404   404  404  404   404
    admin               -X2  -X4  -X4   +X16 +X16 +X16  +X16 +X16 +X16  +X16 +X16 +X16  200
    auditor             -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
";

/// The same for a restricted client (X18): whoever is not named on it finds nothing, owner and admin too.
const RESTRICTED: &str = "
    who                 executes        assigns         moves the date  ends            sees
    servicing_match     +X2  -X4  -X4   -X7  -X16 -X16  -X7  -X16 -X16  -X7  -X16 -X16  200
    firm_match          404  404  404   404  404  404   404  404  404   404  404  404   404
    owner               404  404  404   404  404  404   404  404  404   404  404  404   404
    manager             404  404  404   404  404  404   404  404  404   404  404  404   404
    admin               404  404  404   404  404  404   404  404  404   404  404  404   404
    auditor             -X2  -X4  -X4   -X16 -X16 -X16  -X16 -X16 -X16  -X16 -X16 -X16  200
";

const EXECUTION: [&str; 3] = ["on", "off", "empty"];

/// What is done to the task, with the name of it in the explanation and the column of the tables that decides it.
const ACTIONS: [(&str, &str, usize); 7] = [
    ("form", "edit_form", 0),
    ("checklist", "edit_checklist", 0),
    ("complete", "complete", 0),
    ("assign", "assign", 1),
    ("date", "reschedule", 2),
    ("skip", "skip", 3),
    ("cancel", "cancel", 3),
];

/// One row: the cells of the four columns, three each, and whether the task is seen while advanced execution is on.
struct Row {
    who: &'static str,
    cells: Vec<&'static str>,
}

fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    table
        .lines()
        .filter(|line| !line.trim().is_empty())
        .skip(1)
        .map(|line| {
            let mut words = line.split_whitespace();
            let who = words.next().unwrap();
            let cells: Vec<&str> = words.collect();
            assert_eq!(cells.len(), 13, "{line}");
            Row { who, cells }
        })
}

/// Where the work is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Client,
    Firm,
    Restricted,
}

impl Subject {
    /// Who does the task that comes before; on a restricted client somebody who is named there.
    const fn preparer(self) -> &'static str {
        match self {
            Self::Client | Self::Firm => "preparer",
            Self::Restricted => "restricted_preparer",
        }
    }
}

struct Grid {
    office: Office,
    people: BTreeMap<&'static str, Client>,
    types: BTreeMap<(&'static str, Subject), String>,
    restricted: String,
}

fn on_task(execution: &str, owner: &Client, preparer: &Client) -> [Value; 2] {
    let mut prepare = task("prepare", "trader", &[]);
    prepare["owner"] = json!([{ "user": preparer.id() }]);
    let mut check = task("check", "trader", &["prepare"]);
    check["owner"] = json!([{ "user": owner.id() }]);
    check["separate_from"] = json!(["prepare"]);
    check["skippable"] = json!(true);
    check["form"] = json!([{ "key": "mood", "label": "Mood", "type": "text" }]);
    check["checklist"] = json!([{ "key": "call", "text": "Call the client", "required": false }]);
    let listed = |role: &str| {
        if execution == "empty" {
            json!([])
        } else {
            json!([role])
        }
    };
    check["execution"] = json!({
        "enabled": execution != "off",
        "servicing_team_roles": listed("client_service_associate"),
        "business_roles": listed("partner"),
        "firm_roles": listed("compliance_officer"),
    });
    [prepare, check]
}

/// Everyone whom the tables name, without any role yet.
async fn people(app: &TestApp) -> BTreeMap<&'static str, Client> {
    let mut people = BTreeMap::new();
    for (who, name, level) in [
        ("owner", "Olga Owner", PermissionLevel::Member),
        ("servicing_match", "Sam Service", PermissionLevel::Member),
        ("business_match", "Bea Business", PermissionLevel::Member),
        ("firm_match", "Finn Firm", PermissionLevel::Member),
        ("elsewhere", "Elsa Elsewhere", PermissionLevel::Member),
        (
            "elsewhere_but_seen",
            "Edda Elsewhere",
            PermissionLevel::Member,
        ),
        ("same_name", "Nick Namesake", PermissionLevel::Member),
        ("unlisted_role", "Una Unlisted", PermissionLevel::Member),
        ("none", "Ida Idle", PermissionLevel::Member),
        ("preparer", "Pia Prepare", PermissionLevel::Member),
        ("manager", "Mona Manager", PermissionLevel::Manager),
        ("designer", "Dora Design", PermissionLevel::Designer),
        ("auditor", "Abe Auditor", PermissionLevel::Auditor),
        ("inactive", "Ines Inactive", PermissionLevel::Member),
        ("restricted_lead", "Rita Lead", PermissionLevel::Member),
        (
            "restricted_preparer",
            "Rob Prepare",
            PermissionLevel::Member,
        ),
    ] {
        people.insert(who, app.user(name, level).await);
    }
    people.insert("admin", app.admin());
    people.insert("other_firm", app.other_firm("southwind").await);
    people
}

/// The process types of each setting and subject.
async fn types(
    app: &TestApp,
    people: &BTreeMap<&'static str, Client>,
) -> BTreeMap<(&'static str, Subject), String> {
    let mut types = BTreeMap::new();
    for execution in EXECUTION {
        for subject in [Subject::Client, Subject::Firm, Subject::Restricted] {
            let tasks = on_task(execution, &people["owner"], &people[subject.preparer()]);
            let mut whole = definition(&format!("{execution}_{}", subject.preparer()), &tasks);
            if subject == Subject::Firm {
                whole["key"] = json!(format!("{execution}_of_firm"));
                whole["subject"] = json!({ "kinds": ["firm"] });
            }
            types.insert((execution, subject), publish(app, whole).await);
        }
    }
    types
}

impl Grid {
    async fn open(app: &TestApp) -> Self {
        let office = Office::open(app).await;
        let (admin, firm) = (app.admin(), app.firm.to_string());
        let body = json!({ "name": "Lindqvist Trust", "kind": "trust" });
        let other = admin
            .post("/v1/entities", body)
            .await
            .ok(201)
            .id()
            .to_owned();
        let body = json!({
            "key": "namesake", "name": "Client Service Associate", "kind": "business",
        });
        let namesake = admin.post("/v1/roles", body).await.ok(201).id().to_owned();
        let people = people(app).await;
        let lead = &people["restricted_lead"];
        let role = office.role("lead_advisor");
        let body = json!({ "name": "Vance Household", "kind": "household", "restricted": true, "role_id": role });
        let restricted = lead
            .post("/v1/entities", body)
            .await
            .ok(201)
            .id()
            .to_owned();
        let team = format!("/v1/entities/{restricted}/team");
        for (who, role) in [
            ("servicing_match", "client_service_associate"),
            ("restricted_preparer", "trader"),
        ] {
            let body = json!({ "user_id": people[who].id(), "role_id": office.role(role) });
            lead.post(&team, body).await.ok(201);
        }
        for (who, role, place) in [
            (
                "servicing_match",
                "client_service_associate",
                &office.client_id,
            ),
            ("servicing_match", "client_service_associate", &firm),
            ("business_match", "partner", &office.client_id),
            ("firm_match", "compliance_officer", &firm),
            ("elsewhere", "client_service_associate", &other),
            ("elsewhere_but_seen", "client_service_associate", &other),
            ("elsewhere_but_seen", "trader", &office.client_id),
            ("unlisted_role", "trader", &office.client_id),
            ("unlisted_role", "trader", &firm),
            ("preparer", "client_service_associate", &office.client_id),
            ("inactive", "client_service_associate", &office.client_id),
        ] {
            office.join(place, &people[who], role).await;
        }
        let body = json!({ "user_id": people["same_name"].id(), "role_id": namesake });
        let team = format!("/v1/entities/{}/team", office.client_id);
        admin.post(&team, body).await.ok(201);
        let east = admin
            .post("/v1/teams", json!({ "name": "East" }))
            .await
            .ok(201);
        for (who, manager) in [("manager", true), ("owner", false)] {
            let body = json!({ "user_id": people[who].id(), "manager": manager });
            admin
                .post(&format!("/v1/teams/{}/members", east.id()), body)
                .await
                .ok(201);
        }
        let inactive = format!("/v1/users/{}", people["inactive"].id());
        admin
            .if_match("*")
            .patch(&inactive, json!({ "status": "inactive" }))
            .await
            .ok(200);
        let types = types(app, &people).await;
        Self {
            office,
            people,
            types,
            restricted,
        }
    }

    /// A new run; the task that is asked about waits.
    async fn waiting(&self, execution: &'static str, subject: Subject) -> (String, String) {
        let process_type = &self.types[&(execution, subject)];
        let mut body = json!({ "process_type_id": process_type });
        let starter = match subject {
            Subject::Client => {
                body["entity_id"] = json!(self.office.client_id);
                "admin"
            }
            Subject::Firm => "admin",
            Subject::Restricted => {
                body["entity_id"] = json!(self.restricted);
                "restricted_lead"
            }
        };
        let run = self.people[starter]
            .post("/v1/processes", body)
            .await
            .ok(201);
        let path = format!("/v1/processes/{}/tasks", run.id());
        let tasks = self.people["auditor"].get(&path).await.ok(200);
        let id = |place: usize| tasks["data"][place]["id"].as_str().unwrap().to_owned();
        (id(0), id(1))
    }

    /// A new run whose task is open, once the preparer has prepared it; on a restricted client that is somebody named there.
    async fn opened(&self, execution: &'static str, subject: Subject) -> String {
        let (prepare, check) = self.waiting(execution, subject).await;
        let path = format!("/v1/tasks/{prepare}");
        self.people[subject.preparer()]
            .if_match("*")
            .post(&format!("{path}/complete"), json!({}))
            .await
            .ok(200);
        check
    }
}

async fn act(who: &Client, task: &str, action: &str) -> Reply {
    let path = format!("/v1/tasks/{task}");
    let who = who.if_match("*");
    let reason = json!({ "reason": "Not needed." });
    match action {
        "form" => {
            who.patch(&format!("{path}/form"), json!({ "mood": "Calm" }))
                .await
        }
        "checklist" => {
            who.patch(&format!("{path}/checklist/call"), json!({ "done": true }))
                .await
        }
        "complete" => who.post(&format!("{path}/complete"), json!({})).await,
        "assign" => {
            who.post(&format!("{path}/assign"), json!({ "owner_id": who.id() }))
                .await
        }
        "date" => {
            who.patch(&path, json!({ "due_at": "2030-03-08T22:00:00Z" }))
                .await
        }
        "skip" => who.post(&format!("{path}/skip"), reason).await,
        "cancel" => who.post(&format!("{path}/cancel"), reason).await,
        other => panic!("{other}"),
    }
}

/// What an answer says, as a cell of the tables says it.
fn cell(reply: &Reply) -> String {
    match reply.status {
        200 => "+".to_owned(),
        403 => format!("-{}", reply["rule"].as_str().unwrap_or_default()),
        other => other.to_string(),
    }
}

/// The users who are listed as able to execute a task.
async fn executors(auditor: &Client, task: &str) -> BTreeSet<String> {
    let page = auditor
        .get(&format!("/v1/tasks/{task}/executors?limit=200"))
        .await
        .ok(200);
    let people = page["data"].as_array().into_iter().flatten();
    people
        .map(|person| person["user_id"].as_str().unwrap().to_owned())
        .collect()
}

async fn lists(who: &Client, path: &str, task: &str) -> bool {
    let page = who.get(path).await.ok(200);
    assert!(
        page["page"]["next_cursor"].is_null(),
        "the list has a second page"
    );
    let mut tasks = page["data"].as_array().into_iter().flatten();
    tasks.any(|listed| listed["id"] == task)
}

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
                if sees == 200 {
                    let told = &explained["actions"][word];
                    let sign = if told["allowed"] == true { '+' } else { '-' };
                    let told = format!("{sign}{}", told["rule"].as_str().unwrap());
                    assert_eq!(told, expected, "{name}: what is told of {action}");
                }
                let done = act(who, &task, action).await;
                let happened = cell(&done);
                if expected.starts_with('+') && action == "cancel" {
                    // Past the gate it is the engine that keeps the steps of a process together (E23).
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
