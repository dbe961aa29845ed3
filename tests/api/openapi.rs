//! What the OpenAPI document owes its readers.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use domain::access::operations::{Audience, OPERATIONS, Operation};
use serde_json::Value;
use tests::document::{DOCUMENT, faults, operations, resolved, sample};

/// Rows of the table of permissions whose operations are not built yet. It may only shrink.
const NOT_BUILT: &[&str] = &[];

/// Where any JSON at all is meant.
const ANYTHING: &[&str] = &[
    "/paths/~1openapi.json/get/responses/200/content/application~1json/schema",
    // A JSON Schema.
    "/paths/~1v1~1process-types~1schema/get/responses/200/content/application~1schema+json/schema",
    // A record of whatever kind the event or entry is about.
    "/components/schemas/AuditEntryView/properties/after",
    "/components/schemas/AuditEntryView/properties/before",
    "/components/schemas/EventView/properties/data",
    // A member of a definition, whichever.
    "/components/schemas/LibraryMemberDifference/properties/base",
    "/components/schemas/LibraryMemberDifference/properties/present",
    "/components/schemas/LibraryMemberDifference/properties/release",
];

#[test]
fn the_checked_in_document_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let stored = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        stored == api::openapi::text().unwrap(),
        "openapi/openapi.json is not what the code says: run `make openapi` and commit it"
    );
}

#[test]
fn every_operation_says_what_it_is_and_who_may() {
    let tags: BTreeSet<&str> = texts(&DOCUMENT["tags"], "name").collect();
    let mut ids = BTreeSet::new();
    for operation in operations() {
        let id = operation.id;
        assert!(ids.insert(id), "{id} stands twice");
        let text = |name: &str| operation.value[name].as_str().unwrap_or_default();
        assert!(text("summary").ends_with('.'), "{id}: no summary");
        assert!(text("description").ends_with('.'), "{id}: no description");
        let own: Vec<&str> = operation.value["tags"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        assert!(
            matches!(own.as_slice(), [only] if tags.contains(only)),
            "{id}: tags {own:?}"
        );
        for parameter in ["path", "query", "header"]
            .iter()
            .flat_map(|place| operation.parameters(place))
        {
            let described = parameter["description"].as_str().unwrap_or_default();
            assert!(!described.is_empty(), "{id}: {}", parameter["name"]);
        }
    }
}

#[test]
fn every_operation_has_a_row_in_the_table_of_permissions() {
    for operation in operations() {
        let row = Operation::find(operation.id);
        let row = row.unwrap_or_else(|| panic!("{} has no row", operation.id));
        assert_eq!(
            operation.public(),
            row.audience == Audience::Anyone,
            "{}",
            operation.id
        );
        assert_eq!(
            operation.value["x-required-permission"],
            row.required_permission()
        );
    }
}

#[test]
fn every_row_in_the_table_of_permissions_has_an_operation() {
    let built: BTreeSet<&str> = operations().iter().map(|operation| operation.id).collect();
    let missing: Vec<&str> = OPERATIONS
        .iter()
        .map(|row| row.id)
        .filter(|id| !built.contains(id) && !NOT_BUILT.contains(id))
        .collect();
    assert!(missing.is_empty(), "rows without an operation: {missing:?}");
    let done: Vec<&&str> = NOT_BUILT.iter().filter(|id| built.contains(*id)).collect();
    assert!(
        done.is_empty(),
        "built, so take them out of NOT_BUILT: {done:?}"
    );
}

#[test]
fn an_example_of_every_body_can_be_put_together_and_fits() {
    for (place, schema) in bodies() {
        let example = sample(schema);
        let found = faults(schema, &example);
        assert!(found.is_empty(), "{place}: {found:?} in {example}");
    }
}

#[test]
fn every_text_of_a_request_has_a_limit() {
    let mut unlimited = BTreeSet::new();
    for operation in operations() {
        if let Some(body) = operation.body() {
            texts_without_limit(body, operation.id, &mut BTreeSet::new(), &mut unlimited);
        }
        for parameter in operation.parameters("query") {
            let at = format!("{} {}", operation.id, parameter["name"]);
            let schema = &parameter["schema"];
            texts_without_limit(schema, &at, &mut BTreeSet::new(), &mut unlimited);
        }
    }
    assert!(unlimited.is_empty(), "{unlimited:#?}");
}

#[test]
fn every_refusal_is_a_problem() {
    for operation in operations() {
        let responses = operation.value["responses"].as_object().unwrap();
        assert!(responses.contains_key("400"), "{}", operation.id);
        assert!(responses.contains_key("500"), "{}", operation.id);
        assert_eq!(
            operation.public(),
            !responses.contains_key("403"),
            "{}",
            operation.id
        );
        for (status, response) in responses {
            if !status.starts_with(['4', '5']) {
                continue;
            }
            let response = resolved(response);
            let contents = response["content"].as_object().unwrap();
            let kinds: Vec<&String> = contents.keys().collect();
            assert_eq!(
                kinds,
                ["application/problem+json"],
                "{} {status}",
                operation.id
            );
            let schema = &contents["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{}", operation.id);
        }
    }
}

#[test]
fn no_schema_leaves_open_what_is_known() {
    let mut open = Vec::new();
    walk(&DOCUMENT, &mut String::new(), &mut |at, value| {
        let is_schema = at.ends_with("/schema")
            || at.ends_with("/items")
            || at.ends_with("/additionalProperties")
            || at.rsplit('/').nth(1) == Some("properties")
            || at.rsplit('/').nth(1) == Some("schemas");
        if is_schema && value.is_object() && is_open(value) && !ANYTHING.contains(&at) {
            open.push(at.to_owned());
        }
    });
    assert!(open.is_empty(), "{open:#?}");
}

#[test]
fn one_name_has_one_meaning_among_the_members_of_times_and_ids() {
    let mut wrong = Vec::new();
    walk(
        &DOCUMENT["components"]["schemas"],
        &mut String::new(),
        &mut |at, value| {
            let Some((parent, name)) = at.rsplit_once('/') else {
                return;
            };
            if !parent.ends_with("/properties") {
                return;
            }
            let format = value["format"].as_str();
            let text = tests::document::kind(value) == "string";
            if name.ends_with("_at") && text && format != Some("date-time")
                || name.ends_with("_on") && text && format != Some("date")
                || (name == "id"
                    || name.ends_with("_id") && name != "external_id" && name != "request_id")
                    && text
                    && format != Some("uuid")
            {
                wrong.push(at.to_owned());
            }
        },
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every body that is described, with its place.
fn bodies() -> BTreeMap<String, &'static Value> {
    let mut bodies = BTreeMap::new();
    for operation in operations() {
        if let Some(schema) = operation.body() {
            bodies.insert(format!("{} request", operation.id), schema);
        }
        for (status, response) in operation.value["responses"].as_object().unwrap() {
            let schema = &resolved(response)["content"]["application/json"]["schema"];
            if !schema.is_null() {
                bodies.insert(format!("{} {status}", operation.id), schema);
            }
        }
    }
    bodies
}

fn texts<'v>(list: &'v Value, name: &'static str) -> impl Iterator<Item = &'v str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(move |item| item[name].as_str())
}

fn texts_without_limit(
    schema: &'static Value,
    at: &str,
    seen: &mut BTreeSet<String>,
    found: &mut BTreeSet<String>,
) {
    if let Some(reference) = schema["$ref"].as_str()
        && !seen.insert(reference.to_owned())
    {
        return;
    }
    let schema = resolved(schema);
    for several in ["oneOf", "anyOf", "allOf"] {
        for branch in schema[several].as_array().into_iter().flatten() {
            texts_without_limit(branch, at, seen, found);
        }
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        texts_without_limit(member, &format!("{at}/{name}"), seen, found);
    }
    for inner in ["items", "additionalProperties"] {
        if schema[inner].is_object() {
            texts_without_limit(&schema[inner], &format!("{at}/*"), seen, found);
        }
    }
    let closed = ["enum", "const", "maxLength"]
        .iter()
        .any(|word| !schema[*word].is_null())
        || matches!(
            schema["format"].as_str(),
            Some("uuid" | "date" | "date-time")
        );
    if tests::document::kind(schema) == "string" && !closed {
        found.insert(at.to_owned());
    }
}

fn is_open(schema: &Value) -> bool {
    let object = tests::document::kind(schema) == "object";
    let says = |word: &str| !schema[word].is_null();
    let bare = object && !says("properties") && !schema["additionalProperties"].is_object();
    let nothing = !["type", "$ref", "oneOf", "anyOf", "allOf", "enum", "const"]
        .iter()
        .any(|word| says(word));
    (bare && !says("oneOf") && !says("allOf")) || nothing
}

fn walk(value: &Value, at: &mut String, visit: &mut impl FnMut(&str, &Value)) {
    visit(at, value);
    let mut below = |name: &str, inner: &Value, at: &mut String| {
        let length = at.len();
        at.push('/');
        at.push_str(&name.replace('~', "~0").replace('/', "~1"));
        walk(inner, at, visit);
        at.truncate(length);
    };
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                if !matches!(
                    name.as_str(),
                    "example" | "examples" | "x-required-permission"
                ) {
                    below(name, inner, at);
                }
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                below(&index.to_string(), inner, at);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
