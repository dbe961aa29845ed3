//! The program is killed in the middle of its work, and has lost nothing that it had acknowledged.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{ADMIN_EMAIL, Client, Database, FIRM, PASSWORD, Program, run_program};

use crate::workflow::{for_firm, publish_as};

/// A write, as it can be sent again.
#[derive(Debug, Clone)]
struct Write {
    key: String,
    path: String,
    tag: Option<String>,
    body: Value,
}

/// What clients know of their writes.
#[derive(Debug, Default)]
struct Account {
    started: BTreeSet<String>,
    completed: BTreeSet<String>,
    /// Sent, and never answered.
    unknown: Vec<Write>,
    keys: u32,
}

impl Account {
    fn write(&mut self, path: &str, tag: Option<String>, body: Value) -> Write {
        self.keys += 1;
        Write {
            key: format!("write-{}", self.keys),
            path: path.to_owned(),
            tag,
            body,
        }
    }

    /// Notes what an acknowledgement says.
    fn enter(&mut self, answer: &Value) {
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        if answer["task"].is_object() {
            assert_eq!(answer["task"]["status"], "completed");
            self.completed.insert(id(&answer["task"]));
        } else {
            self.started.insert(id(answer));
        }
    }
}

/// A process of two tasks: the first is the initiator's, the second waits for a process of another type.
async fn process_type(admin: &Client) -> String {
    let mine = json!([{ "is": "initiator" }]);
    let only = json!({ "key": "only", "title": "Do it", "owner": mine });
    publish_as(admin, for_firm("child", &[only])).await;
    let first = json!({ "key": "first", "title": "Begin", "owner": mine });
    let second = json!({
        "key": "second",
        "title": "Have it done",
        "kind": "subprocess",
        "after": [{ "task": "first" }],
        "starts": { "type": "child" },
    });
    publish_as(admin, for_firm("parent", &[first, second])).await
}

pub(crate) async fn sign_in(program: &Program) -> Client {
    let body = json!({ "firm": FIRM, "email": ADMIN_EMAIL, "password": PASSWORD });
    let tokens = program.stranger().post("/v1/sessions", body).await.ok(201);
    let token = tokens["access_token"].as_str().unwrap();
    program.stranger().with_token(token)
}

/// Sends a write; its answer, if one comes.
async fn send(who: &Client, write: &Write) -> Option<Value> {
    let mut who = who.key(&write.key);
    if let Some(tag) = &write.tag {
        who = who.if_match(tag);
    }
    let request = who.request(Method::POST, &write.path).json(&write.body);
    let answer = request.send().await.ok()?;
    let status = answer.status();
    let body: Value = answer.json().await.ok()?;
    assert!(status.is_success(), "{write:?}: {body}");
    Some(body)
}

async fn acknowledged(who: &Client, account: &RefCell<Account>, write: Write) -> Option<Value> {
    let answer = send(who, &write).await;
    let mut account = account.borrow_mut();
    match &answer {
        Some(answer) => account.enter(answer),
        None => account.unknown.push(write),
    }
    answer
}

/// Starts processes and completes their first tasks until no answer comes any more.
async fn work(who: &Client, process_type: &str, account: &RefCell<Account>) {
    loop {
        let body = json!({ "process_type_id": process_type });
        let write = account.borrow_mut().write("/v1/processes", None, body);
        let Some(process) = acknowledged(who, account, write).await else {
            return;
        };
        let path = format!("/v1/processes/{}/tasks", process["id"].as_str().unwrap());
        let Ok(answer) = who.request(Method::GET, &path).send().await else {
            return;
        };
        let Ok(tasks) = answer.json::<Value>().await else {
            return;
        };
        let tasks = tasks["data"].as_array().unwrap();
        let first = tasks.iter().find(|task| task["key"] == "first").unwrap();
        let path = format!("/v1/tasks/{}/complete", first["id"].as_str().unwrap());
        let tag = Some(format!("\"{}\"", first["version"]));
        let write = account.borrow_mut().write(&path, tag, json!({}));
        if acknowledged(who, account, write).await.is_none() {
            return;
        }
    }
}

/// Everything of a list.
pub(crate) async fn all(who: &Client, list: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut path = list.to_owned();
    loop {
        let page = who.get(&path).await.ok(200);
        items.extend(page["data"].as_array().unwrap().iter().cloned());
        match page["page"]["next_cursor"].as_str() {
            Some(cursor) if page["page"]["has_more"] == true => {
                path = format!("{list}&cursor={cursor}");
            }
            _ => return items,
        }
    }
}

fn ids(items: &[Value]) -> BTreeSet<String> {
    let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
    items.iter().map(id).collect()
}

/// Nothing acknowledged is missing, nothing half done is there, and the trail is whole.
async fn nothing_is_lost(who: &Client, process_type: &str, account: &RefCell<Account>) {
    let list = format!("/v1/processes?process_type_id={process_type}&limit=200");
    let there = ids(&all(who, &list).await);
    let missing: Vec<_> = account
        .borrow()
        .started
        .difference(&there)
        .cloned()
        .collect();
    assert!(
        missing.is_empty(),
        "processes acknowledged and lost: {missing:?}"
    );
    let list = "/v1/tasks?status=completed&limit=200";
    let done = ids(&all(who, list).await);
    let missing: Vec<_> = account
        .borrow()
        .completed
        .difference(&done)
        .cloned()
        .collect();
    assert!(
        missing.is_empty(),
        "completions acknowledged and lost: {missing:?}"
    );

    // What was never answered is asked again under its key, and then has been done once.
    let unknown = std::mem::take(&mut account.borrow_mut().unknown);
    for write in unknown {
        let answer = send(who, &write).await.unwrap();
        account.borrow_mut().enter(&answer);
    }
    let list = format!("/v1/processes?process_type_id={process_type}&limit=200");
    assert_eq!(ids(&all(who, &list).await), account.borrow().started);
    let list = "/v1/tasks?status=completed&limit=200";
    assert_eq!(ids(&all(who, list).await), account.borrow().completed);
    let verdict = who.get("/v1/audit/verify").await.ok(200);
    assert_eq!(verdict["valid"], true, "{}", verdict.text);
}

/// E25: each process whose first task is completed gets its child, and one only.
async fn every_child_is_started_once(who: &Client, account: &RefCell<Account>, within: Duration) {
    let expected = account.borrow().completed.len();
    let deadline = Instant::now() + within;
    loop {
        let all = all(who, "/v1/processes?limit=200").await;
        let parents: Vec<_> = all
            .iter()
            .filter_map(|process| process["parent"]["process_id"].as_str())
            .collect();
        let distinct: BTreeSet<_> = parents.iter().collect();
        assert_eq!(parents.len(), distinct.len(), "a child was started twice");
        if distinct.len() == expected {
            return;
        }
        let found = distinct.len();
        assert!(Instant::now() < deadline, "{found} children of {expected}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Waits until some work has been acknowledged, however slow the machine is.
async fn well_under_way(account: &RefCell<Account>) {
    let deadline = Instant::now() + Duration::from_mins(1);
    while account.borrow().completed.len() <= 8 {
        assert!(Instant::now() < deadline, "no work gets done");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn killed(program: Program) {
    let mut program = program;
    // No worker at first: all children are pending when the kill comes.
    program.start(&["serve", "--no-worker"]).await;
    let admin = sign_in(&program).await;
    let process_type = process_type(&admin).await;
    let account = RefCell::new(Account::default());
    let clients = join_all((0..4).map(|_| work(&admin, &process_type, &account)));
    let kill = async {
        well_under_way(&account).await;
        program.kill();
    };
    futures_util::future::join(clients, kill).await;

    program.start(&["serve"]).await;
    nothing_is_lost(&admin, &process_type, &account).await;
    every_child_is_started_once(&admin, &account, Duration::from_secs(30)).await;

    // The same once more, now with the worker in the middle of its own work.
    let clients = join_all((0..4).map(|_| work(&admin, &process_type, &account)));
    let kill = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        program.kill();
    };
    futures_util::future::join(clients, kill).await;
    program.start(&["serve"]).await;
    nothing_is_lost(&admin, &process_type, &account).await;
    // Jobs that the killed worker held wait for the end of their leases, or are taken back at once where nobody else can
    // have them.
    every_child_is_started_once(&admin, &account, Duration::from_secs(30)).await;
}

/// As a supervisor stops it: it gives back what it has not begun, long before its leases would end.
async fn stopped(mut program: Program) {
    program.start(&["serve"]).await;
    let admin = sign_in(&program).await;
    let process_type = process_type(&admin).await;
    let account = RefCell::new(Account::default());
    for _ in 0..3 {
        let clients = join_all((0..4).map(|_| work(&admin, &process_type, &account)));
        let stop = async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            program.stop().await;
        };
        futures_util::future::join(clients, stop).await;
        program.start(&["serve"]).await;
    }
    nothing_is_lost(&admin, &process_type, &account).await;
    every_child_is_started_once(&admin, &account, Duration::from_secs(30)).await;
}

/// On PostgreSQL, beside servers that do no jobs themselves.
async fn working_apart(mut program: Program) {
    program.start(&["serve", "--no-worker"]).await;
    let admin = sign_in(&program).await;
    let process_type = process_type(&admin).await;
    let account = RefCell::new(Account::default());
    let clients = join_all((0..2).map(|_| work(&admin, &process_type, &account)));
    let workers = async {
        well_under_way(&account).await;
        let jobs = admin.get("/v1/jobs?state=due&limit=200").await.ok(200);
        assert_ne!(jobs["data"], json!([]), "somebody did the jobs");
        let [one, other] = [program.beside(&["worker"]), program.beside(&["worker"])];
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        drop(one);
        program.kill();
        other
    };
    let ((), other) = futures_util::future::join(async { drop(clients.await) }, workers).await;
    program.start(&["serve", "--no-worker"]).await;
    nothing_is_lost(&admin, &process_type, &account).await;
    every_child_is_started_once(&admin, &account, Duration::from_secs(30)).await;
    drop(other);
}

#[test]
fn a_kill_loses_nothing_on_sqlite() {
    run_program(Database::Sqlite, killed);
}

#[test]
fn a_stop_gives_jobs_back_on_sqlite() {
    run_program(Database::Sqlite, stopped);
}

#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn a_stop_gives_jobs_back_on_postgres() {
    run_program(Database::Postgres, stopped);
}

#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn workers_of_their_own_do_the_jobs_of_servers_without() {
    run_program(Database::Postgres, async |mut program: Program| {
        program.set("BATON_JOB_LEASE", "3");
        working_apart(program).await;
    });
}

/// Two processes never write to one file.
#[test]
fn a_worker_of_its_own_is_refused_beside_a_server_on_a_file() {
    run_program(Database::Sqlite, async |mut program: Program| {
        program.start(&["serve", "--no-worker"]).await;
        let (success, told) = program.run(&["worker"]);
        assert!(!success);
        assert!(
            told.contains("another process has this database open"),
            "{told}"
        );
        assert_eq!(told.trim().lines().count(), 1, "{told}");
        program.stop().await;
        let worker = program.beside(&["worker"]);
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(worker.is_running(), "alone it may");
    });
}

#[test]
#[ignore = "asks for PostgreSQL: scripts/with-postgres.sh cargo test … -- --include-ignored"]
fn a_kill_loses_nothing_on_postgres() {
    run_program(Database::Postgres, async |mut program: Program| {
        program.set("BATON_JOB_LEASE", "3");
        killed(program).await;
    });
}
