//! People at work on a server that comes and goes, and what it has acknowledged to them.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::Client;

use crate::{
    chance::Chance,
    workflow::{for_firm, publish_as},
};

/// The role that whoever claims a task holds.
const ROLE: &str = "operations_specialist";
/// How long an answer may fail to come, by restarts and by a slow machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// What people were told, and so may rely on.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    /// Processes, by the key of their type.
    pub(super) started: BTreeMap<&'static str, BTreeSet<String>>,
    pub(super) completed: BTreeSet<String>,
    /// Tasks that somebody has given up, claimed and begun.
    pub(super) begun: BTreeSet<String>,
    /// The last mood of a task's form that was acknowledged.
    pub(super) moods: BTreeMap<String, String>,
    /// What was sent again because nobody knew what had become of it.
    pub(super) repeated: u32,
    writes: u32,
}

/// The office in which they work.
pub(super) struct Workplace {
    who: Client,
    types: BTreeMap<&'static str, String>,
    households: Vec<String>,
    account: RefCell<Account>,
    ended: Cell<bool>,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A task of whoever starts the process, reminded of at once.
fn mine(key: &str, after: &[&str]) -> Value {
    let after: Vec<_> = after.iter().map(|key| json!({ "task": key })).collect();
    json!({
        "key": key,
        "title": format!("Do {key}"),
        "owner": [{ "is": "initiator" }],
        "after": after,
        "due": { "amount": 5, "unit": "business_days", "from": "opened" },
        "reminders": [{ "amount": -20, "unit": "business_days" }],
    })
}

/// A task that waits for a child, one for each of some households, and one that nobody ever does.
fn types() -> [(&'static str, Value); 4] {
    let mut first = mine("first", &[]);
    first["form"] = json!([{ "key": "mood", "label": "Mood", "type": "text" }]);
    first["on_complete"] = json!([
        { "type": "create_task", "title": "Call them", "owner": [{ "is": "initiator" }] },
        { "type": "notify", "to": { "is": "initiator" }, "message": "It has begun." },
    ]);
    let mut wait = mine("wait", &["first"]);
    wait["kind"] = json!("subprocess");
    wait["starts"] = json!({ "type": "child" });
    let mut deliver = mine("deliver", &["write"]);
    deliver["kind"] = json!("fan_out");
    deliver["over"] = json!({ "field": "households" });
    deliver["outcomes"] = json!([{ "key": "delivered", "label": "Delivered" }]);
    let mail = [mine("write", &[]), deliver, mine("file", &["deliver"])];
    let mut mailing = for_firm("mailing", &mail);
    mailing["start_form"] = json!([{
        "key": "households", "label": "Households", "type": "entity",
        "entity_kind": "household", "multiple": true,
    }]);
    let mut watched = mine("only", &[]);
    watched["owner"] = json!([{ "role": ROLE }]);
    [
        ("child", for_firm("child", &[mine("only", &[])])),
        (
            "parent",
            for_firm("parent", &[first, wait, mine("thank", &["wait"])]),
        ),
        ("mailing", mailing),
        ("watched", for_firm("watched", &[watched])),
    ]
}

impl Workplace {
    pub(super) async fn open(who: Client) -> Self {
        let me = who.get("/v1/me").await.ok(200);
        let roles = who.get("/v1/roles?limit=200").await.ok(200);
        let mut roles = roles["data"].as_array().unwrap().iter();
        let role = roles.find(|role| role["key"] == ROLE).unwrap();
        let team = format!("/v1/entities/{}/team", text(&me["firm"]["id"]));
        let body = json!({ "user_id": me["user"]["id"], "role_id": role["id"] });
        who.post(&team, body).await.ok(201);
        let mut ids = BTreeMap::new();
        for (key, definition) in types() {
            ids.insert(key, publish_as(&who, definition).await);
        }
        let mut households = Vec::new();
        for name in ["Abel", "Baker", "Charlie"] {
            let body = json!({ "name": name, "kind": "household" });
            let made = who.post("/v1/entities", body).await.ok(201);
            households.push(made.id().to_owned());
        }
        Self {
            who,
            types: ids,
            households,
            account: RefCell::default(),
            ended: Cell::new(false),
        }
    }

    pub(super) const fn who(&self) -> &Client {
        &self.who
    }

    /// What it has come to until now.
    pub(super) fn account(&self) -> Account {
        self.account.borrow().clone()
    }

    /// How many writes were acknowledged.
    pub(super) fn acknowledged(&self) -> usize {
        let account = self.account.borrow();
        let started: usize = account.started.values().map(BTreeSet::len).sum();
        started + account.completed.len() + account.begun.len()
    }

    /// Whoever works ends what is in hand and goes home.
    pub(super) fn end(&self) {
        self.ended.set(true);
    }

    /// One person at work until the end of the day.
    pub(super) async fn work(&self, mut chance: Chance) {
        while !self.ended.get() {
            match chance.below(8) {
                0..4 => self.begin_and_have_it_done(&mut chance).await,
                4..6 => self.mail().await,
                _ => {
                    let watched = self.start("watched", json!({})).await;
                    self.take_up(&watched).await;
                }
            }
        }
    }

    async fn begin_and_have_it_done(&self, chance: &mut Chance) {
        let process = self.start("parent", json!({})).await;
        let first = self.task(&process, "first").await;
        for _ in 0..chance.below(3) {
            self.fill_in(text(&first["id"]), &format!("Mood {}", chance.below(1_000)))
                .await;
        }
        self.complete(text(&first["id"]), json!({})).await;
        if chance.below(2) == 0 {
            return;
        }
        let child = loop {
            let wait = self.task(&process, "wait").await;
            if let Some(child) = wait["child_process_id"].as_str() {
                break child.to_owned();
            }
            if self.ended.get() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let only = self.task(&child, "only").await;
        self.complete(text(&only["id"]), json!({})).await;
    }

    /// The three households are served at the same moment, so that the last of them is not known before.
    async fn mail(&self) {
        let process = self
            .start("mailing", json!({ "households": self.households }))
            .await;
        let write = self.task(&process, "write").await;
        self.complete(text(&write["id"]), json!({})).await;
        let deliver = self.task(&process, "deliver").await;
        let path = format!("/v1/tasks?parent_task_id={}", text(&deliver["id"]));
        let items = self.read(&path).await;
        let items = items["data"].as_array().unwrap();
        assert_eq!(items.len(), 3, "{items:?}");
        let delivered = json!({ "outcome": "delivered" });
        let served = items
            .iter()
            .map(|item| self.complete(text(&item["id"]), delivered.clone()));
        futures_util::future::join_all(served).await;
    }

    async fn start(&self, key: &'static str, fields: Value) -> String {
        let body = json!({ "process_type_id": self.types[key], "fields": fields });
        let process = self.write("/v1/processes", body).await;
        let id = text(&process["id"]).to_owned();
        self.account
            .borrow_mut()
            .started
            .entry(key)
            .or_default()
            .insert(id.clone());
        id
    }

    async fn complete(&self, task: &str, body: Value) {
        let done = self
            .write(&format!("/v1/tasks/{task}/complete"), body)
            .await;
        assert_eq!(done["task"]["status"], "completed");
        self.account.borrow_mut().completed.insert(task.to_owned());
    }

    async fn take_up(&self, process: &str) {
        let only = self.task(process, "only").await;
        let path = format!("/v1/tasks/{}", text(&only["id"]));
        let released = self.write(&format!("{path}/release"), json!({})).await;
        assert_eq!(released["owner_id"], Value::Null, "{released}");
        let claimed = self.write(&format!("{path}/claim"), json!({})).await;
        assert_eq!(claimed["owner_id"], only["owner_id"], "{claimed}");
        let begun = self.write(&format!("{path}/start"), json!({})).await;
        assert_eq!(begun["status"], "in_progress", "{begun}");
        self.account
            .borrow_mut()
            .begun
            .insert(text(&only["id"]).to_owned());
    }

    /// A change without a key: whoever does not hear of it looks whether it has come, and sends it again if not.
    async fn fill_in(&self, task: &str, mood: &str) {
        let path = format!("/v1/tasks/{task}/form");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let who = self.who.if_match("*");
            let request = who
                .request(Method::PATCH, &path)
                .json(&json!({ "mood": mood }));
            if let Some((status, body)) = answer(request).await {
                assert!(
                    status.is_success() || status.is_server_error(),
                    "{path}: {body}"
                );
                if status.is_success() {
                    self.account
                        .borrow_mut()
                        .moods
                        .insert(task.to_owned(), mood.to_owned());
                    return;
                }
            }
            assert!(Instant::now() < deadline, "{path} is not answered");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn task(&self, process: &str, key: &str) -> Value {
        let page = self
            .read(&format!("/v1/processes/{process}/tasks?limit=200"))
            .await;
        let mut tasks = page["data"].as_array().unwrap().iter();
        let found = tasks.find(|task| task["key"] == key && task["parent_task_id"].is_null());
        found
            .unwrap_or_else(|| panic!("{key} of {process}"))
            .clone()
    }

    async fn read(&self, path: &str) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some((status, body)) = answer(self.who.request(Method::GET, path)).await {
                assert!(
                    status.is_success() || status.is_server_error(),
                    "{path}: {body}"
                );
                if status.is_success() {
                    return body;
                }
            }
            assert!(Instant::now() < deadline, "{path} is not answered");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Sends a write under a key of its own until it is acknowledged.
    async fn write(&self, path: &str, body: Value) -> Value {
        let key = {
            let mut account = self.account.borrow_mut();
            account.writes += 1;
            format!("write-{}", account.writes)
        };
        // Whatever version there is: a reminder may come in between.
        let who = self.who.key(&key).if_match("*");
        let deadline = Instant::now() + PATIENCE;
        loop {
            let request = who.request(Method::POST, path).json(&body);
            if let Some((status, answer)) = answer(request).await {
                if status.is_success() {
                    return answer;
                }
                let later = status.is_server_error() || answer["code"] == "request-in-progress";
                assert!(later, "{path} under {key}: {answer}");
            }
            assert!(
                Instant::now() < deadline,
                "{path} under {key} is not answered"
            );
            self.account.borrow_mut().repeated += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The answer to a request, if a whole one comes.
async fn answer(request: reqwest::RequestBuilder) -> Option<(StatusCode, Value)> {
    let answer = request.send().await.ok()?;
    let status = answer.status();
    Some((status, answer.json().await.ok()?))
}
