//! The published JSON Schema of the definition document.

use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use super::document::ProcessTypeDocument;

const IN_SPEC: &str = "#/components/schemas/";
const IN_SCHEMA: &str = "#/$defs/";

/// The schema of a process type document (JSON Schema 2020-12), complete in itself.
#[must_use]
pub fn json_schema() -> Value {
    let mut parts = Vec::new();
    ProcessTypeDocument::schemas(&mut parts);
    let defs: Map<String, Value> = parts
        .into_iter()
        .map(|(name, part)| (name, standalone(json!(part))))
        .collect();
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!("Baton process type"));
    if let Value::Object(root) = standalone(json!(ProcessTypeDocument::schema())) {
        schema.extend(root);
    }
    schema.insert("$defs".to_owned(), Value::Object(defs));
    Value::Object(schema)
}

/// The same schema outside of an OpenAPI document: references point to its own definitions, and `example`, which only
/// OpenAPI knows, becomes `examples`. Names of members are left alone.
fn standalone(schema: Value) -> Value {
    match schema {
        Value::Object(members) => Value::Object(members.into_iter().map(member).collect()),
        Value::Array(items) => Value::Array(items.into_iter().map(standalone).collect()),
        other => other,
    }
}

fn member((name, value): (String, Value)) -> (String, Value) {
    match (name.as_str(), value) {
        ("properties", Value::Object(properties)) => {
            let each = |(name, schema)| (name, standalone(schema));
            (
                name,
                Value::Object(properties.into_iter().map(each).collect()),
            )
        }
        ("$ref", Value::String(target)) => {
            let target = match target.strip_prefix(IN_SPEC) {
                Some(part) => format!("{IN_SCHEMA}{part}"),
                None => target,
            };
            (name, Value::String(target))
        }
        ("example", example) => ("examples".to_owned(), Value::Array(vec![example])),
        (_, value) => (name, standalone(value)),
    }
}
