//! Firms full of work: a model made over the API, multiplied in SQL, and held against what the server itself makes.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Value, json};

use crate::{
    Failure,
    database::Database,
    http::{Ask, Connection},
    layout::{Kind, Layout, TASKS, TEAM, task, whole},
    model::{self, Made, Process},
    multiply::{Model, Names, Numbers, multiply, parts, remove},
    server::{PASSWORD, Program, Server},
    settings,
};

/// A firm with its rows.
#[derive(Debug)]
pub(crate) struct Firm {
    pub(crate) slug: String,
    pub(crate) layout: Layout,
    pub(crate) made: Made,
    /// Of its workers, by number.
    pub(crate) tokens: Vec<Arc<str>>,
}

/// The text of an answer's member.
pub(crate) fn text(value: &Value) -> Result<String, Failure> {
    let text = value.as_str().ok_or_else(|| format!("no text: {value}"))?;
    Ok(text.to_owned())
}

/// What signs somebody in.
pub(crate) fn credentials(slug: &str, email: &str) -> Ask {
    let body = json!({ "firm": slug, "email": email, "password": PASSWORD });
    Ask::post("/v1/sessions", &body, 201)
}

/// Signs somebody in; their access token.
pub(crate) async fn sign_in(
    connection: &mut Connection,
    slug: &str,
    email: &str,
) -> Result<Arc<str>, Failure> {
    let tokens = connection.json(&credentials(slug, email)).await?;
    Ok(text(&tokens["access_token"])?.into())
}

/// Founds an empty firm; an embedded database allows it only while no server runs.
pub(crate) fn found(program: &Program, layout: &Layout) -> Result<(), Failure> {
    let slug = slug(layout);
    let email = format!("admin@{slug}.example");
    let arguments = [
        "firm",
        "create",
        "--slug",
        &slug,
        "--name",
        &slug,
        "--time-zone",
        "America/New_York",
        "--admin-email",
        &email,
    ];
    program.run(&arguments, PASSWORD)
}

fn slug(layout: &Layout) -> String {
    format!("firm{}", layout.firm)
}

/// Fills a firm.
pub(crate) async fn fill(
    database: &Database,
    server: &Server,
    layout: Layout,
) -> Result<Firm, Failure> {
    let slug = slug(&layout);
    let mut connection = Connection::open(server.address).await?;
    let made = model::make(database, &mut connection, &slug).await?;
    people_and_records(database, &layout, &made).await?;
    processes(database, &layout, &made, true, &layout.under_way()).await?;
    let others = format!("NOT ({})", layout.under_way());
    processes(database, &layout, &made, false, &others).await?;
    // The server has closed the first one, if that took long.
    let mut connection = Connection::open(server.address).await?;
    let mut tokens = Vec::new();
    for number in 0..layout.workers() {
        let email = format!("user{number}@{slug}.example");
        tokens.push(sign_in(&mut connection, &slug, &email).await?);
    }
    let firm = Firm {
        slug,
        layout,
        made,
        tokens,
    };
    firm.check(&mut connection).await?;
    Ok(firm)
}

async fn people_and_records(
    database: &Database,
    layout: &Layout,
    made: &Made,
) -> Result<(), Failure> {
    let firm = key(database.kind, &made.firm_id);
    // A user by number is the first of the team of the record of that number.
    let names = Names::new(layout, made.names(&made.under_way));
    let email = format!("'user' || n || '@firm{}.example'", layout.firm);
    let users = Model {
        table: "app_user",
        rows: format!(
            "firm_id = {firm} AND id = {}",
            key(database.kind, &made.users[0])
        ),
        varied: &[("email", &email), ("full_name", "'User ' || n")],
    };
    let all = |end| Numbers {
        end,
        condition: "n >= 0".to_owned(),
    };
    multiply(database, &names, &users, &all(layout.users)).await?;
    let entity = key(database.kind, &made.entity);
    let entities = Model {
        table: "entity",
        rows: format!("firm_id = {firm} AND id = {entity}"),
        varied: &[("name", "{} || ' ' || n")],
    };
    multiply(database, &names, &entities, &all(layout.instances())).await?;
    let memberships = Model {
        table: "membership",
        rows: format!("firm_id = {firm} AND entity_id = {entity}"),
        varied: &[],
    };
    multiply(database, &names, &memberships, &all(layout.instances())).await
}

/// Copies of one of the model's processes, where `condition` holds of their numbers.
async fn processes(
    database: &Database,
    layout: &Layout,
    made: &Made,
    under_way: bool,
    condition: &str,
) -> Result<(), Failure> {
    let process: &Process = if under_way {
        &made.under_way
    } else {
        &made.ended
    };
    let names = Names::new(layout, made.names(process));
    let firm = key(database.kind, &made.firm_id);
    let id = key(database.kind, &process.id);
    let tasks: Vec<String> = process
        .tasks
        .iter()
        .map(|id| key(database.kind, id))
        .collect();
    let numbers = Numbers {
        end: layout.instances(),
        condition: condition.to_owned(),
    };
    // Due dates over some weeks, to the hour.
    let later = match database.kind {
        settings::Kind::Postgres => "({} + n % 1000 * interval '1 hour')",
        settings::Kind::Sqlite => "strftime('%Y-%m-%dT%H:%M:%f+00:00', {}, (n % 1000) || ' hours')",
    };
    let models = [
        Model {
            table: "process",
            rows: format!("firm_id = {firm} AND id = {id}"),
            varied: &[],
        },
        Model {
            table: "task",
            rows: format!("firm_id = {firm} AND process_id = {id} ORDER BY ordinal"),
            varied: &[("due_at", later), ("due_sort", later)],
        },
        Model {
            table: "task_executor",
            rows: format!("firm_id = {firm} AND task_id IN ({})", tasks.join(", ")),
            varied: &[("due_sort", later)],
        },
    ];
    // Nobody may execute anything of a process that has ended.
    let tables = if under_way { 3 } else { 2 };
    for model in &models[..tables] {
        multiply(database, &names, model, &numbers).await?;
    }
    Ok(())
}

/// An id as the literal of a key.
fn key(kind: settings::Kind, id: &str) -> String {
    match kind {
        settings::Kind::Postgres => format!("'{id}'"),
        settings::Kind::Sqlite => format!("unhex('{id}', '-')"),
    }
}

impl Firm {
    /// Makes the processes that are worked on as they were in the beginning.
    pub(crate) async fn renew(&self, database: &Database) -> Result<(), Failure> {
        let layout = &self.layout;
        let numbers = Numbers {
            end: layout.instances(),
            condition: layout.worked_on(),
        };
        let tasks: Vec<_> = parts(Kind::Task, TASKS).collect();
        let process = [whole(Kind::Process)];
        let firm = &self.made.firm_id;
        remove(
            database,
            layout,
            ("task_executor", "task_id"),
            &tasks,
            &numbers,
            firm,
        )
        .await?;
        remove(
            database,
            layout,
            ("task", "process_id"),
            &process,
            &numbers,
            firm,
        )
        .await?;
        remove(
            database,
            layout,
            ("process", "id"),
            &process,
            &numbers,
            firm,
        )
        .await?;
        processes(database, layout, &self.made, true, &numbers.condition).await
    }

    /// Holds a copy against what the server makes of the same record: its executors are those that the resolver writes.
    async fn check(&self, connection: &mut Connection) -> Result<(), Failure> {
        for target in [0, self.layout.targets() - 1] {
            let (n, user) = self.layout.target(target);
            let token = &self.tokens[user as usize];
            let body = json!({
                "process_type_id": self.made.process_type,
                "entity_id": self.layout.id(whole(Kind::Entity), n),
            });
            let started = connection
                .json(&Ask::post("/v1/processes", &body, 201).by(token))
                .await?;
            let path = format!("/v1/processes/{}/tasks", text(&started["id"])?);
            let tasks = connection.json(&Ask::get(path).by(token)).await?;
            let fresh = executors(connection, token, &text(&tasks["data"][0]["id"])?).await?;
            let seeded = executors(connection, token, &self.layout.id(task(0), n)).await?;
            if fresh != seeded || fresh.len() != 3 {
                return Err(format!("executors of record {n}: {seeded:?}, not {fresh:?}").into());
            }
            let roles: BTreeSet<String> = (0..TEAM)
                .map(|slot| {
                    self.layout.id(
                        crate::layout::Part {
                            kind: Kind::User,
                            slot,
                        },
                        n,
                    )
                })
                .collect();
            if !fresh.iter().all(|(user, _)| roles.contains(user)) {
                return Err(
                    format!("executors of record {n} are not on its team: {fresh:?}").into(),
                );
            }
        }
        Ok(())
    }
}

async fn executors(
    connection: &mut Connection,
    token: &Arc<str>,
    task: &str,
) -> Result<BTreeSet<(String, String)>, Failure> {
    let ask = Ask::get(format!("/v1/tasks/{task}/executors")).by(token);
    let page = connection.json(&ask).await?;
    let rows = page["data"].as_array().into_iter().flatten();
    rows.map(|row| {
        // The person stands there by id, or with their name.
        let user = row.get("user_id").unwrap_or(&row["user"]["id"]);
        Ok((text(user)?, text(&row["via"])?))
    })
    .collect()
}
