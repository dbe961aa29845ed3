//! An office with everybody that the library's workflows need, and the way its people do a task.

use std::collections::BTreeMap;

use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{Client, Reply, TestApp};

/// Who works at the firm: full name, the role that they hold, and whether they hold it on the firm.
const STAFF: [(&str, &str, bool); 9] = [
    ("Lena Brandt", "lead_advisor", false),
    ("Piet Partner", "partner", false),
    ("Maya Okonkwo", "client_service_associate", false),
    ("Amir Haddad", "associate_advisor", false),
    ("Olga Petrova", "operations_specialist", false),
    ("Paul Planner", "paraplanner", false),
    ("Tess Trader", "trader", false),
    ("Bill Ramos", "billing_specialist", false),
    ("Cora Compliance", "compliance_officer", true),
];

/// The office of a test: its people by role, and one client that they all serve.
pub(crate) struct Office {
    pub(crate) app: TestApp,
    pub(crate) client_id: String,
    pub(crate) document_id: String,
    people: BTreeMap<&'static str, Client>,
    roles: BTreeMap<String, String>,
}

impl Office {
    /// Staffs the firm and gives everybody their role on a new client, or on the firm.
    pub(crate) async fn open(app: &TestApp) -> Self {
        let admin = app.admin();
        let roles = admin.get("/v1/roles?limit=200").await.ok(200);
        let roles = roles["data"].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let roles = roles
            .map(|role| (text(&role["key"]), text(&role["id"])))
            .collect();
        let body = json!({ "name": "Okafor Household", "kind": "household", "status": "client" });
        let client = admin.post("/v1/entities", body).await.ok(201);
        let path = format!("/v1/documents?name=papers.pdf&entity_id={}", client.id());
        let file = admin
            .request(reqwest::Method::POST, &path)
            .header("content-type", "application/pdf")
            .body("%PDF-1.7 papers");
        let document = admin.send(file).await.ok(201);
        let mut office = Self {
            app: app.clone(),
            client_id: client.id().to_owned(),
            document_id: document.id().to_owned(),
            people: BTreeMap::new(),
            roles,
        };
        for (name, role, on_firm) in STAFF {
            let person = app.user(name, PermissionLevel::Member).await;
            let firm = app.firm.to_string();
            let place = if on_firm { &firm } else { &office.client_id };
            office.join(place, &person, role).await;
            office.people.insert(role, person);
        }
        office
    }

    /// Gives somebody a role on a record.
    pub(crate) async fn join(&self, entity: &str, person: &Client, role: &str) -> Reply {
        let body = json!({ "user_id": person.id(), "role_id": self.role(role) });
        let team = format!("/v1/entities/{entity}/team");
        self.app.admin().post(&team, body).await.ok(201)
    }

    /// The id of a standard role.
    pub(crate) fn role(&self, key: &str) -> &str {
        &self.roles[key]
    }

    /// Who holds a role.
    pub(crate) fn holder(&self, role: &str) -> &Client {
        &self.people[role]
    }

    /// Installs a workflow of the library; the id of its process type.
    pub(crate) async fn install(&self, slug: &str) -> String {
        let path = format!("/v1/library/{slug}/install");
        let installed = self.app.admin().post(&path, json!({})).await.ok(201);
        installed.id().to_owned()
    }

    /// All tasks of a process, by key.
    pub(crate) async fn tasks(&self, process: &str) -> BTreeMap<String, Value> {
        let path = format!("/v1/processes/{process}/tasks?limit=200");
        let page = self.app.admin().get(&path).await.ok(200);
        let tasks = page["data"].as_array().into_iter().flatten();
        tasks
            .map(|task| {
                (
                    task["key"].as_str().unwrap_or_default().to_owned(),
                    task.clone(),
                )
            })
            .collect()
    }

    /// Ticks everything, fills in everything and completes a task, with an outcome where it is given one.
    pub(crate) async fn complete(
        &self,
        who: &Client,
        task: &Value,
        outcome: Option<&str>,
    ) -> Reply {
        let path = format!("/v1/tasks/{}", task["id"].as_str().unwrap_or_default());
        let now = who.get(&path).await.ok(200);
        let checklist: BTreeMap<&str, bool> = members(&now["checklist"])
            .map(|item| (item["key"].as_str().unwrap_or_default(), true))
            .collect();
        let form: BTreeMap<&str, Value> = members(&now["form"])
            .filter(|field| field["required"] == true && field["value"].is_null())
            .map(|field| {
                (
                    field["key"].as_str().unwrap_or_default(),
                    self.answer(field),
                )
            })
            .collect();
        let body = json!({ "outcome": outcome, "checklist": checklist, "form": form });
        who.if_match(now.etag())
            .post(&format!("{path}/complete"), body)
            .await
    }

    /// A valid answer to a field.
    fn answer(&self, field: &Value) -> Value {
        let one = match field["type"].as_str().unwrap_or_default() {
            "boolean" => json!(true),
            "number" => json!(3),
            "money" => json!({ "amount": "25000.00", "currency": "USD" }),
            "date" => json!("2030-03-05"),
            "datetime" => json!("2030-03-05T15:00:00Z"),
            "choice" => field["options"][0].clone(),
            "file" => json!(self.document_id),
            "user" => json!(self.holder("lead_advisor").id()),
            "entity" => json!(self.client_id),
            _ => json!("As agreed with the client"),
        };
        if field["multiple"] == true {
            json!([one])
        } else {
            one
        }
    }

    /// Whoever owns a task.
    pub(crate) fn owner_of(&self, task: &Value) -> Client {
        let owner = task["owner_id"].as_str().unwrap_or_default();
        let mut people = self.people.values();
        people
            .find(|person| person.id().to_string() == owner)
            .unwrap_or_else(|| panic!("nobody of the office owns {task}"))
            .clone()
    }

    /// Works on a process, each task by its owner with its first outcome, until nothing is left to do or `until` holds.
    pub(crate) async fn carry_on(
        &self,
        process: &str,
        until: impl Fn(&BTreeMap<String, Value>) -> bool,
    ) {
        for _ in 0..100 {
            self.app.run_jobs().await;
            let tasks = self.tasks(process).await;
            if until(&tasks) {
                return;
            }
            let Some(next) = tasks.values().find(|task| {
                task["kind"] != "subprocess"
                    && matches!(task["status"].as_str(), Some("open" | "in_progress"))
            }) else {
                return;
            };
            let outcome = next["outcomes"][0]["key"].as_str();
            self.complete(&self.owner_of(next), next, outcome)
                .await
                .ok(200);
        }
        panic!("the process does not come to an end");
    }
}

fn members(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}
