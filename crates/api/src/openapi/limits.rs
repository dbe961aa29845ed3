//! What holds of every text that a request may hold: a length, and no control characters. Most schemas state a length of their
//! own; the others get the usual one.

use std::collections::BTreeSet;

use utoipa::openapi::{
    Components, OpenApi, RefOr,
    path::ParameterIn,
    schema::{
        AdditionalProperties, ArrayItems, KnownFormat, Schema, SchemaFormat, SchemaType, Type,
    },
};

use crate::http::faults::{NOT_BLANK, TEXT};

/// Characters of a text whose schema names no limit.
const USUAL: usize = 10_000;

/// The same in an address.
const USUAL_IN_ADDRESS: usize = 200;

/// Gives every text of every parameter and request body its limits.
pub(super) fn limit_texts(document: &mut OpenApi) {
    let mut names = BTreeSet::new();
    for item in document.paths.paths.values_mut() {
        for (_, operation) in super::decorate::operations(item) {
            let parameters = operation.parameters.iter_mut().flatten();
            for parameter in parameters {
                let RefOr::T(parameter) = parameter else {
                    continue;
                };
                let usual = match parameter.parameter_in {
                    ParameterIn::Path | ParameterIn::Query | ParameterIn::QueryString => {
                        USUAL_IN_ADDRESS
                    }
                    ParameterIn::Header | ParameterIn::Cookie => USUAL,
                };
                if let Some(schema) = &mut parameter.schema {
                    limit(schema, usual, &mut names);
                }
            }
            let Some(RefOr::T(body)) = &mut operation.request_body else {
                continue;
            };
            let contents = body
                .content
                .values_mut()
                .filter_map(|content| match content {
                    RefOr::T(content) => content.schema.as_mut(),
                    RefOr::Ref(_) => None,
                });
            for schema in contents {
                limit(schema, USUAL, &mut names);
            }
        }
    }
    let components = document.components.get_or_insert_default();
    reach(components, names);
}

/// The same for everything that those bodies refer to.
fn reach(components: &mut Components, mut waiting: BTreeSet<String>) {
    let mut done = BTreeSet::new();
    while let Some(name) = waiting.pop_first() {
        if !done.insert(name.clone()) {
            continue;
        }
        let mut named = BTreeSet::new();
        if let Some(schema) = components.schemas.get_mut(&name) {
            limit(schema, USUAL, &mut named);
        }
        waiting.extend(named);
    }
}

fn limit(schema: &mut RefOr<Schema>, usual: usize, named: &mut BTreeSet<String>) {
    let schema = match schema {
        RefOr::Ref(reference) => {
            named.extend(reference.ref_location.rsplit('/').next().map(str::to_owned));
            return;
        }
        RefOr::T(schema) => schema,
    };
    match schema {
        Schema::Object(object) => {
            if is_text(&object.schema_type)
                && object.enum_values.is_none()
                && !has_its_own_form(object.format.as_ref())
            {
                object.max_length.get_or_insert(usual);
                match object.pattern.as_deref() {
                    None => object.pattern = Some(TEXT.to_owned()),
                    Some(r"\S") => object.pattern = Some(NOT_BLANK.to_owned()),
                    Some(_) => {}
                }
            }
            for member in object.properties.values_mut() {
                limit(member, usual, named);
            }
            if let Some(AdditionalProperties::RefOr(values)) =
                object.additional_properties.as_deref_mut()
            {
                limit(values, usual, named);
            }
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                limit(items, usual, named);
            }
        }
        Schema::OneOf(several) => several
            .items
            .iter_mut()
            .for_each(|one| limit(one, usual, named)),
        Schema::AllOf(several) => several
            .items
            .iter_mut()
            .for_each(|one| limit(one, usual, named)),
        Schema::AnyOf(several) => several
            .items
            .iter_mut()
            .for_each(|one| limit(one, usual, named)),
        _ => {}
    }
}

fn is_text(kind: &SchemaType) -> bool {
    match kind {
        SchemaType::Type(Type::String) => true,
        SchemaType::Array(kinds) => kinds.contains(&Type::String),
        SchemaType::Type(_) | SchemaType::AnyValue => false,
    }
}

fn has_its_own_form(format: Option<&SchemaFormat>) -> bool {
    matches!(
        format,
        Some(SchemaFormat::KnownFormat(
            KnownFormat::Uuid | KnownFormat::Date | KnownFormat::DateTime | KnownFormat::Binary
        ))
    )
}
