//! The OpenAPI document at work: what a request may look like is decided by the text that clients read.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use self::addresses::Addresses;

mod addresses;

/// One parameter in a path or a query.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Whether it has to be there.
    pub required: bool,
    /// Its schema, references resolved one level.
    pub schema: Value,
    validator: OnceLock<Option<Arc<Validator>>>,
}

/// One operation of the document.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, not a state in disguise"
)]
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// Upper-case method.
    pub method: String,
    /// The path as the router knows it.
    pub path: String,
    /// Whether it asks for no token.
    pub public: bool,
    /// Whether its body is a file, which may take its time.
    pub takes_file: bool,
    /// Whether its answers carry a secret, such as a token.
    pub answers_secret: bool,
    /// Whether it can be asked for once under an idempotency key.
    pub keyed: bool,
    /// What may stand in its path.
    pub path_parameters: Vec<Parameter>,
    /// What may stand in its query.
    pub query: Vec<Parameter>,
}

/// The document as the server uses it; built once, shared by all workers.
#[derive(Debug)]
pub struct Spec {
    /// The document as it is served.
    pub text: String,
    operations: Vec<Operation>,
    addresses: Addresses,
    schemas: Map<String, Value>,
    bodies: HashMap<String, OnceLock<Option<Arc<Validator>>>>,
}

impl Spec {
    /// Reads the document that the routes have made.
    #[must_use]
    pub fn new(text: String) -> Self {
        let document: Value = serde_json::from_str(&text).unwrap_or_default();
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let mut operations = Vec::new();
        let mut addresses = Addresses::default();
        for (path, item) in members(&document, "/paths") {
            for (method, operation) in members(item, "") {
                addresses.insert(path, operations.len());
                operations.push(Operation {
                    id: text_at(operation, "operationId"),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    public: operation["security"].as_array().is_some_and(Vec::is_empty),
                    takes_file: operation["requestBody"]["content"]
                        .as_object()
                        .is_some_and(|content| !content.contains_key("application/json")),
                    answers_secret: path.starts_with("/v1/sessions")
                        || answers(operation, &schemas).any(|schema| has_secret(&schema)),
                    keyed: parameters(operation, "header", &schemas)
                        .iter()
                        .any(|parameter| parameter.name == "Idempotency-Key"),
                    path_parameters: parameters(operation, "path", &schemas),
                    query: parameters(operation, "query", &schemas),
                });
            }
        }
        let bodies = schemas
            .keys()
            .map(|name| (name.clone(), OnceLock::new()))
            .collect();
        Self {
            text,
            operations,
            addresses,
            schemas,
            bodies,
        }
    }

    /// Every operation.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation that a request is for.
    #[must_use]
    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.at(path).find(|operation| operation.method == method)
    }

    /// The methods that an address knows; none when there is no such address.
    #[must_use]
    pub fn methods(&self, path: &str) -> BTreeSet<&str> {
        self.at(path)
            .map(|operation| operation.method.as_str())
            .collect()
    }

    fn at(&self, path: &str) -> impl Iterator<Item = &Operation> {
        let found = self.addresses.at(path).iter();
        found.filter_map(|place| self.operations.get(*place))
    }

    /// Checks values against a named schema; compiled at first use.
    #[must_use]
    pub fn body(&self, name: &str) -> Option<Arc<Validator>> {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        self.bodies
            .get(name)?
            .get_or_init(|| compile(&schema, &self.schemas))
            .clone()
    }

    /// Checks one parameter's value; compiled at first use.
    #[must_use]
    pub fn parameter(&self, parameter: &Parameter) -> Option<Arc<Validator>> {
        parameter
            .validator
            .get_or_init(|| compile(&parameter.schema, &self.schemas))
            .clone()
    }
}

/// The schemas of an operation's successful answers.
fn answers(operation: &Value, schemas: &Map<String, Value>) -> impl Iterator<Item = Value> {
    members(operation, "/responses")
        .filter(|(status, _)| status.starts_with('2'))
        .flat_map(|(_, response)| members(response, "/content"))
        .map(|(_, content)| resolved(&content["schema"], schemas))
}

/// Whether a schema has a member that nobody else may know.
fn has_secret(schema: &Value) -> bool {
    members(schema, "/properties").any(|(name, _)| {
        ["token", "secret", "password", "ticket"]
            .iter()
            .any(|word| name.contains(word))
    })
}

fn text_at(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn members<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value
        .pointer(pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn parameters(operation: &Value, place: &str, schemas: &Map<String, Value>) -> Vec<Parameter> {
    operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == place)
        .map(|parameter| Parameter {
            name: text_at(parameter, "name"),
            required: parameter["required"] == true,
            schema: resolved(&parameter["schema"], schemas),
            validator: OnceLock::new(),
        })
        .collect()
}

fn resolved(schema: &Value, schemas: &Map<String, Value>) -> Value {
    referenced(schema)
        .and_then(|name| schemas.get(name))
        .unwrap_or(schema)
        .clone()
}

fn referenced(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

/// Compiles a schema with only those components that it reaches, so that many small validators stay small.
fn compile(schema: &Value, schemas: &Map<String, Value>) -> Option<Arc<Validator>> {
    let mut reached = BTreeMap::new();
    let mut waiting = vec![schema];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(object) => {
                waiting.extend(object.values());
                if let Some((name, found)) =
                    referenced(value).and_then(|name| schemas.get_key_value(name))
                    && reached.insert(name, found).is_none()
                {
                    waiting.push(found);
                }
            }
            Value::Array(items) => waiting.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut root = schema.clone();
    root["components"] = json!({ "schemas": reached });
    let compiled = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&root);
    match compiled {
        Ok(validator) => Some(Arc::new(validator)),
        Err(err) => {
            tracing::error!(error = %err, "a schema of the document does not compile");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_literal_operation_is_meant() {
        let document = json!({ "paths": {
            "/v1/tasks/{id}": { "post": { "operationId": "one" }, "delete": { "operationId": "two" } },
            "/v1/tasks/bulk": { "post": { "operationId": "three" } },
        }});
        let spec = Spec::new(document.to_string());
        let id = |method| {
            spec.operation(method, "/v1/tasks/bulk")
                .map(|found| found.id.as_str())
        };
        assert_eq!(id("POST"), Some("three"));
        assert_eq!(id("DELETE"), None);
        assert_eq!(spec.methods("/v1/tasks/bulk"), BTreeSet::from(["POST"]));
        let other = spec.operation("DELETE", "/v1/tasks/7");
        assert_eq!(other.map(|found| found.id.as_str()), Some("two"));
    }

    #[test]
    fn a_body_that_is_no_json_is_a_file() {
        let document = json!({ "paths": { "/v1/documents": {
            "get": {},
            "post": { "requestBody": { "content": { "application/octet-stream": {} } } },
            "put": { "requestBody": { "content": { "application/json": {} } } },
        } } });
        let spec = Spec::new(document.to_string());
        let takes_file = |method| {
            spec.operation(method, "/v1/documents")
                .map(|found| found.takes_file)
        };
        assert_eq!(takes_file("POST"), Some(true));
        assert_eq!(takes_file("PUT"), Some(false));
        assert_eq!(takes_file("GET"), Some(false));
    }

    #[test]
    fn an_address_knows_its_methods() {
        let document = json!({ "paths": {
            "/v1/tasks": { "get": {}, "post": {} },
            "/v1/tasks/{id}": { "get": {}, "patch": {} },
        }});
        let spec = Spec::new(document.to_string());
        assert_eq!(
            spec.methods("/v1/tasks/7"),
            BTreeSet::from(["GET", "PATCH"])
        );
        assert_eq!(spec.methods("/v1/tasks"), BTreeSet::from(["GET", "POST"]));
        assert!(spec.operation("PATCH", "/v1/tasks").is_none());
        for unknown in ["/v1/tasks/", "/v1", "/v1/tasks/7/x"] {
            assert!(spec.methods(unknown).is_empty(), "{unknown}");
        }
    }
}
