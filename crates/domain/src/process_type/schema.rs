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

/// The same schema outside of an `OpenAPI` document: references point to its own definitions, and `example`, which only
/// `OpenAPI` knows, becomes `examples`. Names of members are left alone.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::process_type::soundness::{Report, sample};

    fn references<'a>(schema: &'a Value, found: &mut BTreeSet<&'a str>) {
        match schema {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref") {
                    found.insert(target);
                }
                members
                    .values()
                    .for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn the_schema_refers_only_to_itself_and_defines_nothing_in_vain() {
        let schema = json_schema();
        let mut used = BTreeSet::new();
        references(&schema, &mut used);
        let defined = schema["$defs"].as_object().unwrap().keys();
        let defined: BTreeSet<String> = defined.map(|name| format!("{IN_SCHEMA}{name}")).collect();
        assert_eq!(used, defined.iter().map(String::as_str).collect());
    }

    #[test]
    fn the_schema_takes_the_library_s_document_and_no_unknown_member() {
        let schema = jsonschema::draft202012::new(&json_schema()).unwrap();
        assert!(schema.is_valid(&sample::json()));
        for place in [
            "",
            "/tasks/0",
            "/tasks/0/owner/0",
            "/tasks/5/when",
            "/results/0/effects/1",
        ] {
            let mut document = sample::json();
            document.pointer_mut(place).unwrap()["surprise"] = json!(true);
            assert!(!schema.is_valid(&document), "{place}");
        }
    }

    #[test]
    fn the_example_is_a_sound_process_type() {
        let example = json_schema()["examples"][0].clone();
        let schema = jsonschema::draft202012::new(&json_schema()).unwrap();
        assert!(schema.is_valid(&example));
        assert_eq!(sample::report(example), Report::default());
    }

    #[test]
    fn the_schema_states_the_limits_that_are_not_checked_twice() {
        let schema = jsonschema::draft202012::new(&json_schema()).unwrap();
        for (place, value) in [
            ("/key", json!("New")),
            ("/name", json!("")),
            ("/tasks", json!([])),
            ("/tasks/0/due/amount", json!(9999)),
            ("/tasks/2/outcomes/1/max_rounds", json!(0)),
        ] {
            let mut document = sample::json();
            *document.pointer_mut(place).unwrap() = value;
            assert!(!schema.is_valid(&document), "{place}");
        }
    }
}
