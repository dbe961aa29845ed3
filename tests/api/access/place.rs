//! A firm in which there is one of everything that an operation can be asked about.

use std::{cell::RefCell, collections::BTreeMap};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Client, Reply, TestApp,
    document::{NO_SUCH_ID, Operation, kind, resolved, sample},
};

use crate::{
    office::Office,
    workflow::{definition, publish, start, task},
};

/// The client's name, which nobody may read who may not see the client.
pub(super) const SECRET_NAME: &str = "Zanzibar Household";

/// What the parameters of paths, and the members that hold ids, stand for here.
#[derive(Clone)]
pub(crate) struct Place {
    ids: BTreeMap<&'static str, String>,
}

impl Place {
    /// Makes one of everything.
    pub(crate) async fn open(app: &TestApp) -> Self {
        let admin = app.admin();
        let office = Office::open(app).await;
        let mut ids = BTreeMap::new();
        let body = json!({ "name": SECRET_NAME, "kind": "household" });
        let entity = admin
            .post("/v1/entities", body)
            .await
            .ok(201)
            .id()
            .to_owned();
        for person in ["lead_advisor", "client_service_associate"] {
            let joined = office.join(&entity, office.holder(person), person).await;
            ids.insert("membership_id", joined.id().to_owned());
        }
        let relation = json!({ "to_entity_id": office.client_id, "kind": "related_to" });
        let relation = made(
            &admin,
            &format!("/v1/entities/{entity}/relations"),
            relation,
        )
        .await;
        ids.insert("relation_id", relation);
        let holiday = json!({ "on": "2030-07-05", "name": "Summer party" });
        ids.insert(
            "holiday_id",
            made(&admin, "/v1/firm/holidays", holiday).await,
        );
        let attribute = json!({ "key": "mood", "label": "Mood", "entity_kind": "client", "value_type": "text" });
        ids.insert(
            "attribute_id",
            made(&admin, "/v1/attributes", attribute).await,
        );

        let team = made(&admin, "/v1/teams", json!({ "name": "East" })).await;
        let member = office.holder("lead_advisor").id().to_string();
        let body = json!({ "user_id": member });
        admin
            .post(&format!("/v1/teams/{team}/members"), body)
            .await
            .ok(201);
        let cover = json!({
            "absent_id": member,
            "cover_user_ids": [office.holder("client_service_associate").id()],
            "from": "2030-04-04T00:00:00Z",
            "until": "2030-04-05T00:00:00Z",
        });
        ids.insert("cover_id", made(&admin, "/v1/covers", cover).await);
        ids.insert("team_id", team);
        ids.insert("user_id", member);
        ids.insert(
            "role_id",
            office.role("client_service_associate").to_owned(),
        );

        place_work(app, &office, &entity, &mut ids).await;
        place_contact(&admin, entity, &mut ids).await;
        let sessions = admin.get("/v1/sessions").await.ok(200);
        ids.insert(
            "session_id",
            sessions["data"][0]["id"].as_str().unwrap().to_owned(),
        );
        ids.insert("slug", "new-account-opening".to_owned());
        office.install("fee-management").await;
        ids.insert("installed_slug", "fee-management".to_owned());
        ids.insert("code", "not-found".to_owned());
        Self { ids }
    }

    /// What a parameter or member stands for; one that is not known here has to be made known, so that no operation goes
    /// untried.
    pub(super) fn id(&self, operation: &Operation, name: &str) -> &str {
        let meant = match name {
            "to_entity_id" | "from_entity_id" => "entity_id",
            "owner_id" | "actor_id" | "executable_by" | "absent_id" | "cover_user_id"
            | "to_user_id" => "user_id",
            "subject_id" | "parent_task_id" => "task_id",
            "parent_id" => "id",
            "slug" if operation.id == "getLibraryUpgrade" => "installed_slug",
            other => other,
        };
        let known = self.ids.get(meant);
        known
            .unwrap_or_else(|| panic!("{}: say in place.rs what `{name}` stands for", operation.id))
    }

    /// The id that a name stands for.
    pub(crate) fn known(&self, name: &str) -> &str {
        &self.ids[name]
    }

    /// The same place, in which a name stands for something else.
    pub(crate) fn with(&self, name: &'static str, id: &str) -> Self {
        let mut place = self.clone();
        place.ids.insert(name, id.to_owned());
        place
    }

    /// All ids.
    pub(super) fn all(&self) -> Vec<&str> {
        self.ids.values().map(String::as_str).collect()
    }

    /// The ids of what only those may know who may see the client, and of the admin's session.
    pub(super) fn hidden(&self) -> Vec<&str> {
        let names = [
            "entity_id",
            "relation_id",
            "membership_id",
            "id",
            "task_id",
            "document_id",
            "touchpoint_id",
            "session_id",
            "submission_id",
            "notification_id",
            "cover_id",
            "migration_id",
            "schedule_id",
            "batch_id",
        ];
        names
            .into_iter()
            .map(|name| self.ids[name].as_str())
            .collect()
    }

    /// Whether an operation's request names any of these.
    pub(super) fn names(
        &self,
        operation: &'static Operation,
        named: Option<&str>,
        any_of: &[&str],
    ) -> bool {
        let seen = RefCell::new(Vec::new());
        let id = |name: &str| {
            seen.borrow_mut().push(self.id(operation, name).to_owned());
            NO_SUCH_ID.to_owned()
        };
        let _ = (
            self.path(operation, named, &id),
            body(operation, named, &id),
        );
        seen.into_inner()
            .iter()
            .any(|id| any_of.contains(&id.as_str()))
    }

    /// An operation's request, with ids in its path and body, and in the parameter or member that is named; in place of
    /// those of `without` stands an id of nothing.
    pub(crate) async fn ask(
        &self,
        client: &Client,
        operation: &'static Operation,
        named: Option<&str>,
        without: &[&str],
    ) -> Reply {
        let id = |name: &str| {
            let id = self.id(operation, name);
            if without.contains(&id) {
                NO_SUCH_ID
            } else {
                id
            }
            .to_owned()
        };
        let path = self.path(operation, named, &id);
        send(client, operation, &path, body(operation, named, &id)).await
    }

    /// An operation's request with this body instead of an example.
    pub(crate) async fn ask_with(
        &self,
        client: &Client,
        operation: &'static Operation,
        body: &Value,
    ) -> Reply {
        let path = self.path(operation, None, &|name| self.id(operation, name).to_owned());
        let body = Some(("application/json", body.to_string()));
        send(client, operation, &path, body).await
    }

    fn path(
        &self,
        operation: &'static Operation,
        named: Option<&str>,
        id: &impl Fn(&str) -> String,
    ) -> String {
        let path = operation.path_with(|parameter| {
            let name = parameter["name"].as_str().unwrap();
            if is_id(&parameter["schema"]) {
                id(name)
            } else {
                self.id(operation, name).to_owned()
            }
        });
        let asked = operation.parameters("query").filter(|parameter| {
            parameter["required"] == true || named.is_some_and(|named| parameter["name"] == named)
        });
        let query: Vec<String> = asked
            .map(|parameter| {
                let name = parameter["name"].as_str().unwrap();
                let value = if holds_id(parameter) {
                    id(name)
                } else {
                    text_of(sample(&parameter["schema"]))
                };
                format!("{name}={value}")
            })
            .collect();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }
}

/// Sends a request, whatever version of the thing is there.
async fn send(
    client: &Client,
    operation: &Operation,
    path: &str,
    body: Option<(&str, String)>,
) -> Reply {
    let client = match operation.if_match() {
        Some(_) => client.if_match("*"),
        None => client.clone(),
    };
    let request = client.request(operation.method.parse().unwrap(), path);
    client
        .send(match body {
            Some((kind, text)) => request.header("content-type", kind).body(text),
            None => request,
        })
        .await
}

/// An operation's body with its media type: an example of it, with ids.
fn body(
    operation: &'static Operation,
    named: Option<&str>,
    id: &impl Fn(&str) -> String,
) -> Option<(&'static str, String)> {
    if let Some(schema) = operation.body() {
        let mut body = sample(schema);
        if let Some(named) = named.filter(|named| schema["properties"][*named].is_object()) {
            body[named] = json!(NO_SUCH_ID);
        }
        fill(&mut body, "", id);
        return Some(("application/json", body.to_string()));
    }
    let contents = operation.value["requestBody"]["content"].as_object()?;
    let (kind, content) = contents.iter().next()?;
    Some((kind, text_of(sample(&content["schema"]))))
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The parameters of the query, and the members of the body, that may name something by its id.
pub(super) fn optional_ids(operation: &'static Operation) -> Vec<&'static str> {
    let of_query = operation
        .parameters("query")
        .filter(|parameter| holds_id(parameter))
        .filter_map(|parameter| parameter["name"].as_str());
    let members = operation
        .body()
        .and_then(|body| body["properties"].as_object());
    let of_body = members
        .into_iter()
        .flatten()
        .filter(|(_, schema)| is_id(schema))
        .map(|(name, _)| name.as_str());
    of_query.chain(of_body).collect()
}

/// Whether a value of this schema is an id; null may stand beside it.
fn is_id(schema: &'static Value) -> bool {
    let schema = resolved(schema);
    let branches = schema["oneOf"].as_array().into_iter().flatten();
    kind(schema) == "string" && schema["format"] == "uuid"
        || branches
            .map(resolved)
            .any(|branch| branch["format"] == "uuid")
}

fn holds_id(parameter: &'static Value) -> bool {
    is_id(&parameter["schema"])
        || parameter["example"] == "me"
        || parameter["schema"]["example"] == "me"
}

/// Replaces every id in a body by what its member stands for.
fn fill(value: &mut Value, member: &str, id: &impl Fn(&str) -> String) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                let name = if member == "related" {
                    "entity_id"
                } else {
                    name
                };
                fill(inner, name, id);
            }
        }
        Value::Array(items) => {
            let one = member.strip_suffix('s').unwrap_or(member);
            for item in items {
                fill(item, one, id);
            }
        }
        Value::String(text) if text.len() == 36 && text.parse::<uuid::Uuid>().is_ok() => {
            *text = id(member);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

async fn made(admin: &Client, path: &str, body: Value) -> String {
    admin.post(path, body).await.ok(201).id().to_owned()
}

type Ids = BTreeMap<&'static str, String>;

/// A process about the record with a wait that has been sent out, one that is done, and a subprocess that waits to be started.
async fn place_work(app: &TestApp, office: &Office, entity: &str, ids: &mut Ids) {
    let admin = app.admin();
    let mut only = task("only", "lead_advisor", &[]);
    only["form"] = json!([{ "key": "mood", "label": "Mood", "type": "text" }]);
    only["checklist"] = json!([{ "key": "call", "text": "Call the client" }]);
    only["kind"] = json!("wait");
    only["waiting_on"] = json!("custodian");
    only["on_complete"] = json!([
        { "type": "notify", "to": { "role": "lead_advisor" }, "message": "{{ entity.name }} is done." },
    ]);
    let mut draft = definition("short", &[only]);
    let process_type = publish(app, draft.clone()).await;
    draft["name"] = json!("Shorter");
    let path = format!("/v1/process-types/{process_type}");
    let head = admin.get(&path).await.ok(200);
    admin
        .if_match(head.etag())
        .put(&format!("{path}/draft"), draft)
        .await
        .ok(200);
    let process = start(&admin, &process_type, entity).await;
    let tasks = office.tasks(process.id()).await;
    ids.insert("task_id", tasks["only"]["id"].as_str().unwrap().to_owned());
    let sent = &tasks["only"]["submissions"][0]["id"];
    ids.insert("submission_id", sent.as_str().unwrap().to_owned());
    let lead = office.holder("lead_advisor");
    let done = start(&admin, &process_type, entity).await;
    let tasks = office.tasks(done.id()).await;
    office.complete(lead, &tasks["only"], None).await.ok(200);
    let told = lead.get("/v1/notifications").await.ok(200);
    let told = told["data"][0]["id"].as_str().unwrap();
    ids.insert("notification_id", told.to_owned());
    ids.insert("id", process.id().to_owned());
    ids.insert("process_id", process.id().to_owned());
    ids.insert("process_type_id", process_type);
    ids.insert("key", "call".to_owned());
    ids.insert("number", "1".to_owned());

    // Nobody works here: what is to be started waits in the queue.
    let mut whole = task("whole", "lead_advisor", &[]);
    whole["kind"] = json!("subprocess");
    whole["starts"] = json!({ "type": "short" });
    let waiting = publish(app, definition("long", &[whole])).await;
    start(&admin, &waiting, &office.client_id).await;
    let jobs = admin.get("/v1/jobs").await.ok(200);
    ids.insert("job_id", jobs["data"][0]["id"].as_str().unwrap().to_owned());
    let schedule = json!({
        "process_type_id": ids["process_type_id"],
        "name": SECRET_NAME,
        "entity_id": entity,
        "timing": { "rule": "FREQ=DAILY" },
    });
    ids.insert("schedule_id", made(&admin, "/v1/schedules", schedule).await);
    let batch = json!({ "process_type_id": ids["process_type_id"], "entity_ids": [entity] });
    let batch = admin.post("/v1/batches", batch).await.ok(202);
    ids.insert("batch_id", batch.id().to_owned());
    let dry = json!({ "dry_run": true });
    let path = format!("/v1/process-types/{}/migrate", ids["process_type_id"]);
    let migration = admin.post(&path, dry).await.ok(202);
    ids.insert("migration_id", migration.id().to_owned());
}

/// A file and a touchpoint of the record.
async fn place_contact(admin: &Client, entity: String, ids: &mut Ids) {
    let file = admin.request(
        Method::POST,
        &format!("/v1/documents?name=a.txt&entity_id={entity}"),
    );
    let file = admin
        .send(file.header("content-type", "text/plain").body("a"))
        .await;
    ids.insert("document_id", file.ok(201).id().to_owned());
    let contact = json!({ "entity_id": entity, "touchpoint_type": "call", "subject": SECRET_NAME });
    ids.insert(
        "touchpoint_id",
        made(admin, "/v1/touchpoints", contact).await,
    );
    ids.insert("entity_id", entity);
}
