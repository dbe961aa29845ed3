//! The OpenAPI document as tests walk it.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// The document of this build.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let spec = api::openapi::spec().expect("the document");
    serde_json::from_str(&spec.text).expect("the document is JSON")
});

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for (method, value) in item.as_object().expect("a path's operations") {
            operations.push(Operation {
                id: value["operationId"].as_str().expect("an operationId"),
                method: method.to_uppercase(),
                path,
                value,
            });
        }
    }
    operations
});

/// An id that nothing has.
pub const NO_SUCH_ID: &str = "01900000-0000-7000-8000-00000000dead";

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`
    pub id: &'static str,
    /// In capitals.
    pub method: String,
    /// With its parameters in braces.
    pub path: &'static str,
    /// All that the document says of it.
    pub value: &'static Value,
}

/// Every operation.
#[must_use]
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// An operation by its id.
#[must_use]
pub fn operation(id: &str) -> &'static Operation {
    let found = OPERATIONS.iter().find(|operation| operation.id == id);
    found.unwrap_or_else(|| panic!("the document has no operation {id}"))
}

impl Operation {
    /// Whether it asks for no token.
    #[must_use]
    pub fn public(&self) -> bool {
        self.value["security"].as_array().is_some_and(Vec::is_empty)
    }

    /// Its parameters in a place (`path`, `query`, `header`).
    pub fn parameters(&self, place: &str) -> impl Iterator<Item = &'static Value> {
        self.value["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(resolved)
            .filter(move |parameter| parameter["in"] == place)
    }

    /// Its `If-Match` header: whether it has one, and whether it is required.
    #[must_use]
    pub fn if_match(&self) -> Option<bool> {
        self.parameters("header")
            .find(|parameter| parameter["name"] == "If-Match")
            .map(|parameter| parameter["required"] == true)
    }

    /// The schema of its JSON body.
    #[must_use]
    pub fn body(&self) -> Option<&'static Value> {
        let schema = &self.value["requestBody"]["content"]["application/json"]["schema"];
        (!schema.is_null()).then(|| resolved(schema))
    }

    /// Its path with a value for each parameter; ids of nothing, and examples for the rest.
    #[must_use]
    pub fn some_path(&self) -> String {
        self.path_with(|parameter| match sample(&parameter["schema"]) {
            _ if parameter["schema"]["format"] == "uuid" => NO_SUCH_ID.to_owned(),
            Value::String(text) => text,
            other => other.to_string(),
        })
    }

    /// Its path with an id of nothing, and with the query parameters that it asks for.
    pub fn some_address(&self) -> String {
        let asked = self
            .parameters("query")
            .filter(|parameter| parameter["required"] == true)
            .map(|parameter| {
                let name = parameter["name"].as_str().expect("a name");
                let value = match sample(&parameter["schema"]) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                format!("{name}={value}")
            });
        let query: Vec<String> = asked.collect();
        let path = self.some_path();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }

    /// Its path with these values.
    pub fn path_with(&self, value: impl Fn(&'static Value) -> String) -> String {
        self.parameters("path")
            .fold(self.path.to_owned(), |path, parameter| {
                let name = parameter["name"].as_str().expect("a name");
                path.replace(&format!("{{{name}}}"), &value(parameter))
            })
    }
}

/// What a value with `$ref` stands for.
#[must_use]
pub fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let found = DOCUMENT.pointer(reference.trim_start_matches('#'));
            resolved(found.unwrap_or_else(|| panic!("{reference} leads nowhere")))
        }
        None => value,
    }
}

/// What a schema has against a value.
#[must_use]
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let validator = compiled.entry(schema.to_string()).or_insert_with(|| {
        let mut root = schema.clone();
        root["components"] = json!({ "schemas": DOCUMENT["components"]["schemas"] });
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .should_validate_formats(true)
            .build(&root);
        Arc::new(validator.expect("a schema that compiles"))
    });
    let validator = Arc::clone(validator);
    drop(compiled);
    validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// A value that a schema allows: its example where it has one, else the least of its kind.
#[must_use]
pub fn sample(schema: &'static Value) -> Value {
    let schema = resolved(schema);
    if let Some(given) = example(schema) {
        return given.clone();
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(branches) = schema[several].as_array() {
            let branch = branches.iter().find(|branch| branch["type"] != "null");
            return branch.map_or(Value::Null, sample);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = Map::new();
        for part in parts {
            if let Value::Object(members) = sample(part) {
                whole.extend(members);
            }
        }
        return Value::Object(whole);
    }
    match kind(schema) {
        "object" => {
            let required = schema["required"].as_array();
            let members = required.into_iter().flatten().filter_map(Value::as_str);
            members
                .map(|name| (name.to_owned(), sample(&schema["properties"][name])))
                .collect::<Map<_, _>>()
                .into()
        }
        "array" => match schema["minItems"].as_u64() {
            Some(1..) => json!([sample(&schema["items"])]),
            _ => json!([]),
        },
        "integer" | "number" => schema["minimum"].as_i64().unwrap_or(1).into(),
        "boolean" => true.into(),
        "string" => text(schema).into(),
        _ => Value::Null,
    }
}

fn example(schema: &'static Value) -> Option<&'static Value> {
    let first = |list: &'static Value| list.as_array().and_then(|list| list.first());
    schema
        .get("example")
        .or_else(|| first(&schema["examples"]))
        .or_else(|| schema.get("const"))
        .or_else(|| first(&schema["enum"]))
}

/// The type of a schema, `null` left aside.
#[must_use]
pub fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(only) => only,
        Value::Array(several) => several
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or_default(),
        _ => "",
    }
}

fn text(schema: &Value) -> String {
    match schema["format"].as_str() {
        Some("uuid") => NO_SUCH_ID.to_owned(),
        Some("date") => "2030-03-04".to_owned(),
        Some("date-time") => "2030-03-04T15:00:00Z".to_owned(),
        Some("email") => "somebody@northwind.example".to_owned(),
        _ => {
            let least = schema["minLength"].as_u64().unwrap_or(1).max(1);
            "x".repeat(usize::try_from(least).expect("a length"))
        }
    }
}
