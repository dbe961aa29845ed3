use std::collections::BTreeMap;

use domain::value::FieldValue;
use serde::Deserialize;
use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Object, OneOf, Ref, RefOr, Schema,
        schema::{AdditionalProperties, Type},
    },
};

/// Answers to a form by the keys of its fields; null clears.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct FormAnswers(pub(crate) BTreeMap<String, Option<FieldValue>>);

// By hand, because the derive knows no maps whose values may be null.
impl PartialSchema for FormAnswers {
    fn schema() -> RefOr<Schema> {
        let value = OneOf::builder()
            .item(Object::with_type(Type::Null))
            .item(Ref::from_schema_name("FieldValue"))
            .build();
        Object::builder()
            .schema_type(Type::Object)
            .description(Some(
                "Answers to a form by the keys of its fields; null clears.",
            ))
            .additional_properties(Some(AdditionalProperties::RefOr(RefOr::T(Schema::OneOf(
                value,
            )))))
            .examples([json!({ "account_number": "4471-2200", "opened_on": null })])
            .into()
    }
}

impl ToSchema for FormAnswers {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((FieldValue::name().into_owned(), FieldValue::schema()));
        FieldValue::schemas(schemas);
    }
}
