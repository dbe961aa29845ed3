//! Where a creation leads: the id that it answers with is the parameter of the operations on what was made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use utoipa::openapi::{
    Components, OpenApi, Ref, RefOr,
    link::Link,
    path::{Operation, ParameterIn},
    response::Response,
    schema::Schema,
};

use super::decorate::operations;

/// An operation on one thing, seen from the collection that the thing is in.
struct Target {
    collection: String,
    parameter: String,
    operation_id: String,
    takes_if_match: bool,
}

/// Gives each creation a link to every operation on what it makes.
pub(super) fn link_creations(document: &mut OpenApi) {
    let with_id = document.components.as_ref().map(schemas_with_id);
    let with_id = with_id.unwrap_or_default();
    let targets = targets(document);
    for (path, item) in &mut document.paths.paths {
        for (_, operation) in operations(item) {
            let Some(RefOr::T(created)) = operation.responses.responses.get_mut("201") else {
                continue;
            };
            if answers_with(created, &with_id) {
                let tagged = created.headers.contains_key("ETag");
                for target in targets.iter().filter(|target| target.collection == *path) {
                    let link = target.link(tagged);
                    created
                        .links
                        .insert(target.operation_id.clone(), link.into());
                }
            }
        }
    }
}

impl Target {
    /// `tagged` when the creation answers with the tag of what it made.
    fn link(&self, tagged: bool) -> Link {
        let mut parameters: BTreeMap<String, Value> = variables(&self.collection)
            .map(|name| (name.to_owned(), format!("$request.path.{name}").into()))
            .collect();
        parameters.insert(self.parameter.clone(), "$response.body#/id".into());
        if self.takes_if_match && tagged {
            parameters.insert("header.If-Match".to_owned(), "$response.header.ETag".into());
        }
        let mut link = Link::default();
        link.operation_id.clone_from(&self.operation_id);
        link.parameters = parameters;
        link
    }
}

fn targets(document: &mut OpenApi) -> Vec<Target> {
    let mut found = Vec::new();
    for (path, item) in &mut document.paths.paths {
        // `/v1/tasks/{task_id}/complete` is about an item of `/v1/tasks`.
        let Some((rest, parameter)) = path
            .rsplit_once('}')
            .and_then(|(before, _)| before.rsplit_once("/{"))
        else {
            continue;
        };
        for (_, operation) in operations(item) {
            found.push(Target {
                collection: rest.to_owned(),
                parameter: parameter.to_owned(),
                operation_id: operation.operation_id.clone().unwrap_or_default(),
                takes_if_match: takes_if_match(operation),
            });
        }
    }
    found
}

fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn takes_if_match(operation: &Operation) -> bool {
    operation.parameters.iter().flatten().any(|parameter| {
        matches!(parameter, RefOr::T(parameter)
            if parameter.parameter_in == ParameterIn::Header && parameter.name == "If-Match")
    })
}

fn schemas_with_id(components: &Components) -> BTreeSet<String> {
    let has_id = |schema: &RefOr<Schema>| matches!(schema, RefOr::T(Schema::Object(object)) if object.properties.contains_key("id"));
    components
        .schemas
        .iter()
        .filter(|(_, schema)| has_id(schema))
        .map(|(name, _)| Ref::from_schema_name(name.as_str()).ref_location)
        .collect()
}

fn answers_with(response: &Response, schemas: &BTreeSet<String>) -> bool {
    response.content.values().any(|content| {
        matches!(content, RefOr::T(content)
            if matches!(&content.schema, Some(RefOr::Ref(schema)) if schemas.contains(&schema.ref_location)))
    })
}
