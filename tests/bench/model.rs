//! The model of a firm, made over the API: one record with its team, one process under way and one that has ended.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    Failure,
    database::Database,
    http::{Ask, Connection},
    layout::{Kind, Part, TASKS, whole},
    multiply::parts,
    seed::{sign_in, text},
    settings,
};

/// The roles on a record's team. Of the holders of one role, the first is its primary holder.
const TEAM_ROLES: [&str; 10] = [
    OWNER,
    EXECUTORS[0],
    "lead_advisor",
    EXECUTORS[1],
    "partner",
    "paraplanner",
    "trader",
    "billing_specialist",
    "paraplanner",
    "trader",
];
const OWNER: &str = "client_service_associate";
const EXECUTORS: [&str; 2] = ["associate_advisor", "operations_specialist"];

/// Ids of what was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) firm_id: String,
    pub(crate) process_type: String,
    pub(crate) users: Vec<String>,
    pub(crate) entity: String,
    memberships: Vec<String>,
    pub(crate) under_way: Process,
    pub(crate) ended: Process,
}

/// A process and its tasks, in their order.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) id: String,
    pub(crate) tasks: Vec<String>,
}

impl Made {
    /// What stands for which part of a copy, with one of the processes.
    pub(crate) fn names(&self, process: &Process) -> Vec<(String, Part)> {
        let list = |kind, ids: &[String]| -> Vec<(String, Part)> {
            let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            ids.iter().cloned().zip(parts(kind, count)).collect()
        };
        [
            list(Kind::User, &self.users),
            list(Kind::Membership, &self.memberships),
            list(Kind::Task, &process.tasks),
            vec![
                (self.entity.clone(), whole(Kind::Entity)),
                (process.id.clone(), whole(Kind::Process)),
            ],
        ]
        .concat()
    }
}

/// Ten tasks, each after the one before; whoever serves the client may do them.
fn definition() -> Value {
    let tasks: Vec<Value> = (0..TASKS)
        .map(|number| {
            let after: Vec<Value> = number
                .checked_sub(1)
                .map(|before| json!({ "task": format!("step_{before}") }))
                .into_iter()
                .collect();
            json!({
                "key": format!("step_{number}"),
                "title": format!("Do step {number} for the client"),
                "owner": [{ "role": OWNER }],
                "execution": { "enabled": true, "servicing_team_roles": EXECUTORS },
                "due": { "amount": 3, "unit": "business_days", "from": "opened" },
                "checklist": [{ "key": "called", "text": "Call the client", "required": false }],
                "form": [{ "key": format!("remark_{number}"), "label": "Remark", "type": "text" }],
                "after": after,
            })
        })
        .collect();
    json!({
        "key": "ten_steps",
        "name": "Ten steps",
        "category": "service_requests",
        "summary": "Made to be measured.",
        "trigger": { "kind": "as_needed", "description": "Somebody asks for it." },
        "initiators": ["anyone"],
        "owner": [{ "role": "lead_advisor" }],
        "subject": { "kinds": ["client"] },
        "tasks": tasks,
    })
}

/// Makes the model in the firm of this slug.
pub(crate) async fn make(
    database: &Database,
    connection: &mut Connection,
    slug: &str,
) -> Result<Made, Failure> {
    let admin = sign_in(connection, slug, &format!("admin@{slug}.example")).await?;
    let me = connection.json(&Ask::get("/v1/me").by(&admin)).await?;
    let firm_id = text(&me["firm"]["id"])?;
    let mut post = async |path: &str, body: Value, status| {
        connection
            .json(&Ask::post(path, &body, status).by(&admin).any_version())
            .await
    };

    let made = post("/v1/process-types", definition(), 201).await?;
    let process_type = text(&made["id"])?;
    let publish = format!("/v1/process-types/{process_type}/publish");
    post(&publish, json!({}), 200).await?;

    let mut users = Vec::new();
    for place in 0..TEAM_ROLES.len() {
        let body = json!({
            "email": format!("model{place}@{slug}.example"),
            "full_name": format!("Model {place}"),
            "permission_level": "member",
        });
        users.push(text(&post("/v1/users", body, 201).await?["id"])?);
    }
    let client = json!({ "name": "Model Household", "kind": "household", "status": "client" });
    let entity = text(&post("/v1/entities", client, 201).await?["id"])?;
    let page = connection
        .json(&Ask::get("/v1/roles?limit=200").by(&admin))
        .await?;
    let roles: BTreeMap<&str, &Value> = page["data"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|role| Some((role["key"].as_str()?, &role["id"])))
        .collect();
    let mut memberships = Vec::new();
    for (user, role) in users.iter().zip(TEAM_ROLES) {
        let body = json!({ "user_id": user, "role_id": roles.get(role).ok_or(role)? });
        let ask = Ask::post(format!("/v1/entities/{entity}/team"), &body, 201).by(&admin);
        memberships.push(text(&connection.json(&ask).await?["id"])?);
    }
    know_the_password(database, &firm_id, slug).await?;

    let under_way = start(connection, slug, &process_type, &entity).await?;
    let ended = start(connection, slug, &process_type, &entity).await?;
    let owner = sign_in(connection, slug, &format!("model0@{slug}.example")).await?;
    for task in &ended.tasks {
        let path = format!("/v1/tasks/{task}/complete");
        let ask = Ask::post(path, &json!({}), 200).by(&owner).any_version();
        connection.send(&ask).await?;
    }
    Ok(Made {
        firm_id,
        process_type,
        users,
        entity,
        memberships,
        under_way,
        ended,
    })
}

/// Gives the model's users the admin's password: it is hashed once.
async fn know_the_password(database: &Database, firm: &str, slug: &str) -> Result<(), Failure> {
    let firm = match database.kind {
        settings::Kind::Postgres => format!("'{firm}'"),
        settings::Kind::Sqlite => format!("unhex('{firm}', '-')"),
    };
    let admin = format!(
        "SELECT password_hash FROM app_user WHERE firm_id = {firm} AND email = 'admin@{slug}.example'"
    );
    let sql = format!("UPDATE app_user SET password_hash = ({admin}) WHERE firm_id = {firm}");
    database.run(&sql).await
}

/// Starts a process for a record; with its tasks.
async fn start(
    connection: &mut Connection,
    slug: &str,
    process_type: &str,
    entity: &str,
) -> Result<Process, Failure> {
    let admin = sign_in(connection, slug, &format!("admin@{slug}.example")).await?;
    let body = json!({ "process_type_id": process_type, "entity_id": entity });
    let ask = Ask::post("/v1/processes", &body, 201).by(&admin);
    let id = text(&connection.json(&ask).await?["id"])?;
    let path = format!("/v1/processes/{id}/tasks?limit=200");
    let page = connection.json(&Ask::get(path).by(&admin)).await?;
    let mut tasks: Vec<(String, String)> = page["data"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|task| Ok((text(&task["key"])?, text(&task["id"])?)))
        .collect::<Result<_, Failure>>()?;
    tasks.sort();
    Ok(Process {
        id,
        tasks: tasks.into_iter().map(|(_, id)| id).collect(),
    })
}
