//! Lists against the resolver, on firms that chance has made (permissions.md): whatever the state of teams, covers, accounts
//! and tasks, `executable_by` lists exactly the tasks that the permission check lets somebody execute.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{SecondsFormat, TimeDelta};
use domain::{ambient::Ambient as _, user::PermissionLevel};
use serde_json::{Value, json};
use tests::{Client, TestApp, on_both};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// Numbers that look random and are the same each time (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn one_of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

const ROLES: [&str; 5] = [
    "client_service_associate",
    "operations_specialist",
    "partner",
    "lead_advisor",
    "compliance_officer",
];

/// A firm with three clients, one of them restricted, and eight people who may do anything to its work.
struct Firm {
    app: TestApp,
    office: Office,
    clients: Vec<String>,
    people: Vec<Client>,
    auditor: Client,
}

impl Firm {
    async fn open(app: &TestApp) -> Self {
        let office = Office::open(app).await;
        let mut people = Vec::new();
        for number in 0..8 {
            let level = match number {
                0 => PermissionLevel::Manager,
                1 => PermissionLevel::Designer,
                2 => PermissionLevel::Auditor,
                _ => PermissionLevel::Member,
            };
            people.push(app.user(&format!("Person N{number}"), level).await);
        }
        let mut clients = Vec::new();
        for name in ["Abara", "Brandt", "Castro"] {
            let body = json!({ "name": name, "kind": "household", "status": "client" });
            let made = app.admin().post("/v1/entities", body).await.ok(201);
            // Whoever is named on it can still work on it once it is restricted.
            office.join(made.id(), &app.admin(), "partner").await;
            clients.push(made.id().to_owned());
        }
        Self {
            app: app.clone(),
            office,
            clients,
            people,
            auditor: app.user("Arno Auditor", PermissionLevel::Auditor).await,
        }
    }

    /// A workflow that has every way to execute in it.
    async fn work(&self) {
        let mut open = task("open", "client_service_associate", &[]);
        open["execution"] = json!({
            "enabled": true,
            "servicing_team_roles": ["client_service_associate", "operations_specialist"],
            "business_roles": ["partner"],
            "firm_roles": ["compliance_officer"],
        });
        let mut check = task("check", "compliance_officer", &["open"]);
        check["separate_from"] = json!(["open"]);
        check["execution"] = open["execution"].clone();
        let own = task("own", "lead_advisor", &[]);
        let workflow = publish(&self.app, definition("any", &[open, check, own])).await;
        for client in &self.clients {
            for _ in 0..2 {
                start(&self.app.admin(), &workflow, client).await;
            }
        }
    }

    /// Somebody does something, or is not allowed to: both are fine.
    async fn anything(&self, chance: &mut Chance) {
        let admin = self.app.admin();
        let person = chance.one_of(&self.people);
        match chance.below(12) {
            0..=3 => self.join_or_leave(chance, person).await,
            4..=6 => self.cover(chance, person).await,
            7 => {
                let path = format!("/v1/users/{}", person.id());
                let status = *chance.one_of(&["active", "active", "inactive"]);
                let body = json!({ "status": status });
                admin.if_match("*").patch(&path, body).await.ok(200);
            }
            8 => {
                let path = format!("/v1/entities/{}", chance.one_of(&self.clients));
                let body = json!({ "restricted": chance.below(2) == 0 });
                admin.if_match("*").patch(&path, body).await.ok(200);
            }
            9 => {
                let covers = admin.get("/v1/covers").await.ok(200);
                if let Some(cover) = covers["data"].as_array().and_then(|all| all.first()) {
                    let path = format!("/v1/covers/{}", cover["id"].as_str().unwrap());
                    admin.if_match("*").delete(&path).await.ok(204);
                }
            }
            _ => self.execute(chance).await,
        }
    }

    async fn join_or_leave(&self, chance: &mut Chance, person: &Client) {
        let admin = self.app.admin();
        let firm = self.app.firm.to_string();
        let role = *chance.one_of(&ROLES);
        let place = if role == "compliance_officer" || chance.below(5) == 0 {
            &firm
        } else {
            chance.one_of(&self.clients)
        };
        let team = format!("/v1/entities/{place}/team");
        let body = json!({ "user_id": person.id(), "role_id": self.office.role(role) });
        if admin.post(&team, body).await.status == 201 {
            return;
        }
        let members = admin.get(&format!("{team}?limit=200")).await.ok(200);
        let theirs = members["data"].as_array().into_iter().flatten();
        let id = person.id().to_string();
        for held in theirs.filter(|held| held["user_id"] == id) {
            let path = format!("{team}/{}", held["id"].as_str().unwrap());
            admin.if_match("*").delete(&path).await.ok(204);
        }
    }

    async fn cover(&self, chance: &mut Chance, absent: &Client) {
        let now = self.app.clock.now();
        let time = |minutes: usize| {
            let minutes = TimeDelta::minutes(i64::try_from(minutes).unwrap());
            (now + minutes).to_rfc3339_opts(SecondsFormat::Secs, true)
        };
        let from = chance.below(4);
        let mut body = json!({
            "absent_id": absent.id(),
            "cover_user_ids": [chance.one_of(&self.people).id()],
            "from": time(from),
            "until": time(from + 1 + chance.below(4)),
        });
        if chance.below(3) == 0 {
            let role: &&str = chance.one_of(&ROLES);
            body["role_ids"] = json!([self.office.role(role)]);
        }
        if chance.below(3) == 0 {
            body["entity_ids"] = json!([chance.one_of(&self.clients)]);
        }
        self.app.admin().post("/v1/covers", body).await;
    }

    /// Somebody who may completes a task, or it is given to somebody.
    async fn execute(&self, chance: &mut Chance) {
        let tasks = self.active().await;
        if tasks.is_empty() {
            return;
        }
        let id = chance.one_of(&tasks);
        let person = chance.one_of(&self.people);
        let path = format!("/v1/tasks/{id}");
        if chance.below(2) == 0 {
            let body = json!({ "owner_id": person.id() });
            let admin = self.app.admin();
            admin
                .if_match("*")
                .post(&format!("{path}/assign"), body)
                .await;
        } else {
            let body = json!({});
            person
                .if_match("*")
                .post(&format!("{path}/complete"), body)
                .await;
        }
        self.app.run_jobs().await;
    }

    async fn active(&self) -> Vec<String> {
        let path = "/v1/tasks?status=open,in_progress,on_hold&limit=200";
        ids(&self.auditor.get(path).await.ok(200).body)
    }

    /// What the list says of everybody, and what the check says of everybody and every task.
    async fn compare(&self, when: &str) -> usize {
        let tasks = self.active().await;
        let mut allowed = 0;
        for person in &self.people {
            let path = format!("/v1/tasks?executable_by={}&limit=200", person.id());
            let listed: BTreeSet<String> = ids(&self.auditor.get(&path).await.ok(200).body)
                .into_iter()
                .collect();
            let mut able = BTreeMap::new();
            for task in &tasks {
                let path = format!("/v1/tasks/{task}/permissions?user_id={}", person.id());
                let decision = self.auditor.get(&path).await.ok(200);
                let decision = &decision["actions"]["complete"];
                if decision["allowed"] == true {
                    able.insert(task.clone(), decision["reason"].to_string());
                }
            }
            let checked: BTreeSet<String> = able.keys().cloned().collect();
            assert_eq!(listed, checked, "{when}, {}: {able:?}", person.id());
            allowed += able.len();
        }
        allowed
    }
}

fn ids(page: &Value) -> Vec<String> {
    let items = page["data"].as_array().into_iter().flatten();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn held_against_the_resolver(app: &TestApp, seed: u64) {
    let firm = Firm::open(app).await;
    let mut chance = Chance(seed);
    for _ in 0..10 {
        let person = chance.one_of(&firm.people);
        firm.join_or_leave(&mut chance, person).await;
    }
    firm.work().await;
    let mut allowed = 0;
    for round in 0..4 {
        for _ in 0..10 {
            firm.anything(&mut chance).await;
        }
        allowed += firm.compare(&format!("seed {seed}, round {round}")).await;
        // Covers begin and end without anybody writing.
        app.clock.advance(TimeDelta::minutes(1));
        allowed += firm
            .compare(&format!("seed {seed}, after round {round}"))
            .await;
    }
    assert!(allowed > 20, "only {allowed} cases of somebody who may");
}

on_both! {
    /// X1–X5, X8, X10, X11, X13, X14, X18
    async fn whatever_happens_lists_say_what_the_check_says(app: TestApp) {
        held_against_the_resolver(&app, 1).await;
    }

    /// X1–X5, X8, X10, X11, X13, X14, X18
    async fn in_another_firm_lists_say_what_the_check_says(app: TestApp) {
        held_against_the_resolver(&app, 2).await;
    }
}
