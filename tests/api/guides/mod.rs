//! What `docs/engine.md` and `docs/permissions.md` show is what happens: every exchange in them is run, from the top to the
//! bottom of the page.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::user::PermissionLevel;
use serde_json::{Value, json};
use tests::{TestApp, on_both};

use self::page::{Exchange, Step, steps};
use crate::office::Office;

mod page;

/// What the names in braces stand for so far.
type Names = BTreeMap<String, String>;

on_both! {
    async fn the_guide_to_the_engine_is_true(app: TestApp) {
        follow(&app, "engine.md").await;
    }

    async fn the_guide_to_permissions_is_true(app: TestApp) {
        follow(&app, "permissions.md").await;
    }
}

async fn follow(app: &TestApp, name: &str) {
    let mut names = cast(app).await;
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/").to_owned() + name;
    let steps = steps(&std::fs::read_to_string(page).unwrap());
    assert!(steps.len() > 10, "a guide without examples");
    for step in steps {
        match step {
            Step::Wait(minutes) => app.clock.advance(TimeDelta::minutes(minutes)),
            Step::Exchange(exchange) => run(app, &exchange, &mut names).await,
        }
        app.run_jobs().await;
    }
}

/// The people of the guides: their tokens by first name, their ids, the roles' ids, and the client.
async fn cast(app: &TestApp) -> Names {
    let office = Office::open(app).await;
    let noor = app.user("Noor Jansen", PermissionLevel::Member).await;
    let mut names = Names::from([("client".to_owned(), office.client_id.clone())]);
    let mut enter = |name: &str, who: &tests::Client| {
        names.insert(name.to_owned(), who.token().to_owned());
        names.insert(format!("{name}_id"), who.id().to_string());
    };
    enter("ada", &app.admin());
    enter("noor", &noor);
    enter("maya", office.holder("client_service_associate"));
    enter("lena", office.holder("lead_advisor"));
    enter("piet", office.holder("partner"));
    enter("tess", office.holder("trader"));
    for role in ["client_service_associate", "lead_advisor", "trader"] {
        names.insert(role.to_owned(), office.role(role).to_owned());
    }
    names
}

async fn run(app: &TestApp, exchange: &Exchange, names: &mut Names) {
    let place = format!("line {}", exchange.line);
    let method = exchange.method.parse().unwrap();
    let path = filled(&exchange.path, names);
    let mut request = app.stranger().request(method, &path);
    for (name, value) in &exchange.headers {
        request = request.header(name, filled(value, names));
    }
    if let Some(body) = &exchange.body {
        let body = filled(body, names);
        let body: Value = serde_json::from_str(&body).unwrap_or_else(|e| panic!("{place}: {e}"));
        request = request.json(&body);
    }
    let reply = app.stranger().send(request).await;
    assert_eq!(reply.status, exchange.status, "{place}: {}", reply.text);
    for (name, value) in &exchange.answer_headers {
        let told = json!(reply.header(name).unwrap_or_default());
        fits(&json!(value), &told, names).unwrap_or_else(|at| panic!("{place}: {name}: {at}"));
    }
    if let Some(answer) = &exchange.answer {
        let shown: Value = serde_json::from_str(answer).unwrap_or_else(|e| panic!("{place}: {e}"));
        fits(&shown, &reply.body, names)
            .unwrap_or_else(|at| panic!("{place}: {at}\n{:#}", reply.body));
    }
}

/// The text with the names that are known in place of themselves in braces.
fn filled(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// Whether an answer is what is shown of it: `…` is anything, `{name}` what the name stands for, or from now on does; members
/// that are not shown do not matter, nor what comes after a `…` at the end of a list.
fn fits(shown: &Value, told: &Value, names: &mut Names) -> Result<(), String> {
    let differs = || Err(format!("{told} is not {shown}"));
    match (shown, told) {
        (Value::String(any), _) if any == "…" => Ok(()),
        (Value::String(shown), told) => {
            let Some(told) = told.as_str() else {
                return differs();
            };
            match name_in(shown) {
                Some(name) if !names.contains_key(name) => {
                    names.insert(name.to_owned(), told.to_owned());
                    Ok(())
                }
                Some(_) | None if filled(shown, names) == told => Ok(()),
                Some(_) | None => differs(),
            }
        }
        (Value::Object(shown), Value::Object(told)) => shown.iter().try_for_each(|(key, shown)| {
            let told = told
                .get(key)
                .ok_or_else(|| format!("there is no `{key}`"))?;
            fits(shown, told, names).map_err(|at| format!("{key}: {at}"))
        }),
        (Value::Array(shown), Value::Array(told)) => {
            let (shown, open) = match shown.split_last() {
                Some((last, rest)) if last == "…" => (rest, true),
                Some(_) | None => (shown.as_slice(), false),
            };
            if told.len() < shown.len() || (!open && told.len() > shown.len()) {
                return differs();
            }
            let mut pairs = shown.iter().zip(told);
            pairs.try_for_each(|(shown, told)| fits(shown, told, names))
        }
        (shown, told) if shown == told => Ok(()),
        _ => differs(),
    }
}

fn name_in(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    plain.then_some(name)
}
