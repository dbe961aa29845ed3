//! Form fields: which members each type takes.

use rust_decimal::Decimal;

use super::Parser;
use crate::{
    process_type::{
        definition::{AttributeLink, Field},
        document::{FieldDocument, ValidateDocument},
    },
    value::{FieldType, FieldValue},
};

impl Parser<'_> {
    pub(super) fn form(&mut self, documents: &[FieldDocument], at: &str) -> Vec<Field> {
        documents
            .iter()
            .enumerate()
            .map(|(index, document)| self.field(document, &format!("{at}/{index}")))
            .collect()
    }

    fn field(&mut self, document: &FieldDocument, at: &str) -> Field {
        self.key(&format!("{at}/key"), &document.key);
        self.options(document, at);
        self.entity_kind(document, at);
        if document.multiple && !takes_several(document.r#type) {
            self.unexpected(at, "multiple", "only textual values may be several");
        }
        let validate = document.validate.clone().unwrap_or_default();
        self.limits(document.r#type, &validate, &format!("{at}/validate"));
        Field {
            key: document.key.clone(),
            label: document.label.clone(),
            field_type: document.r#type,
            required: document.required,
            options: document.options.clone(),
            multiple: document.multiple,
            entity_kind: document.entity_kind.clone(),
            visible_when: document
                .visible_when
                .as_ref()
                .and_then(|when| self.condition(when, &format!("{at}/visible_when"))),
            min: validate.min,
            max: validate.max,
            min_length: validate.min_length,
            max_length: validate.max_length,
            attribute: self.attribute_link(document, at),
        }
    }

    fn options(&mut self, document: &FieldDocument, at: &str) {
        let choice = document.r#type == FieldType::Choice;
        if choice && document.options.is_empty() {
            self.missing(at, "options", "a `choice` field lists what may be chosen");
        } else if !choice && !document.options.is_empty() {
            self.unexpected(at, "options", "only a `choice` field has options");
        }
    }

    fn entity_kind(&mut self, document: &FieldDocument, at: &str) {
        let entity = document.r#type == FieldType::Entity;
        if entity && document.entity_kind.is_none() {
            self.missing(
                at,
                "entity_kind",
                "an `entity` field says which kind it takes",
            );
        } else if !entity && document.entity_kind.is_some() {
            self.unexpected(at, "entity_kind", "only an `entity` field has one");
        }
    }

    fn attribute_link(&mut self, document: &FieldDocument, at: &str) -> Option<AttributeLink> {
        let Some(key) = &document.attribute else {
            if document.of.is_some() {
                self.unexpected(
                    at,
                    "of",
                    "it says whose attribute is meant: name one in `attribute`",
                );
            }
            return None;
        };
        self.target(document.of.as_deref(), at)
            .map(|of| AttributeLink {
                key: key.clone(),
                of,
            })
    }

    fn limits(&mut self, field_type: FieldType, validate: &ValidateDocument, at: &str) {
        let ordered = match field_type {
            FieldType::Number | FieldType::Money | FieldType::Date | FieldType::Datetime => true,
            FieldType::Text
            | FieldType::LongText
            | FieldType::Boolean
            | FieldType::Choice
            | FieldType::File
            | FieldType::User
            | FieldType::Entity => false,
        };
        let ends = [
            ("min", validate.min.is_some()),
            ("max", validate.max.is_some()),
        ];
        for (member, _) in ends.into_iter().filter(|(_, set)| *set && !ordered) {
            self.unexpected(
                at,
                member,
                "only numbers, money amounts and dates have least and greatest values",
            );
        }
        let worded = matches!(field_type, FieldType::Text | FieldType::LongText);
        let lengths = [
            ("min_length", validate.min_length.is_some()),
            ("max_length", validate.max_length.is_some()),
        ];
        for (member, _) in lengths.into_iter().filter(|(_, set)| *set && !worded) {
            self.unexpected(at, member, "only texts have a length");
        }
        let crossed_values = match (&validate.min, &validate.max) {
            (Some(min), Some(max)) => exceeds(min, max),
            (Some(_) | None, None) | (None, Some(_)) => false,
        };
        let crossed_lengths = matches!((validate.min_length, validate.max_length), (Some(min), Some(max)) if min > max);
        if crossed_values || crossed_lengths {
            self.faults.add(
                at,
                "empty-range",
                "No value fits: the least is above the greatest. Swap or change them.",
            );
        }
    }
}

const fn takes_several(field_type: FieldType) -> bool {
    match field_type {
        FieldType::Text
        | FieldType::LongText
        | FieldType::Date
        | FieldType::Datetime
        | FieldType::Choice
        | FieldType::File
        | FieldType::User
        | FieldType::Entity => true,
        FieldType::Number | FieldType::Money | FieldType::Boolean => false,
    }
}

/// Whether the first is certainly greater; dates compare as texts.
fn exceeds(min: &FieldValue, max: &FieldValue) -> bool {
    match (min, max) {
        (FieldValue::Text(min), FieldValue::Text(max)) => min > max,
        (FieldValue::Number(min), FieldValue::Number(max)) => {
            matches!((decimal(min), decimal(max)), (Some(min), Some(max)) if min > max)
        }
        (FieldValue::Money(min), FieldValue::Money(max)) => {
            min.currency == max.currency
                && matches!((min.decimal(), max.decimal()), (Some(min), Some(max)) if min > max)
        }
        _ => false,
    }
}

fn decimal(number: &serde_json::Number) -> Option<Decimal> {
    let text = number.to_string();
    text.parse()
        .ok()
        .or_else(|| Decimal::from_scientific(&text).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::process_type::soundness::sample::{assert_faults, with};

    #[test]
    fn each_type_of_field_takes_its_own_members() {
        let cases = [
            (json!({"type": "choice"}), "/options", "missing-member"),
            (
                json!({"type": "text", "options": ["A"]}),
                "/options",
                "unexpected-member",
            ),
            (json!({"type": "entity"}), "/entity_kind", "missing-member"),
            (
                json!({"type": "user", "entity_kind": "person"}),
                "/entity_kind",
                "unexpected-member",
            ),
            (
                json!({"type": "number", "multiple": true}),
                "/multiple",
                "unexpected-member",
            ),
            (
                json!({"type": "text", "of": "firm"}),
                "/of",
                "unexpected-member",
            ),
            (
                json!({"type": "text", "validate": {"min": 1}}),
                "/validate/min",
                "unexpected-member",
            ),
            (
                json!({"type": "date", "validate": {"max_length": 1}}),
                "/validate/max_length",
                "unexpected-member",
            ),
            (
                json!({"type": "number", "validate": {"min": 2.5, "max": 1}}),
                "/validate",
                "empty-range",
            ),
            (
                json!({"type": "date", "validate": {"min": "2027-01-01", "max": "2026-01-01"}}),
                "/validate",
                "empty-range",
            ),
            (
                json!({"type": "text", "validate": {"min_length": 2, "max_length": 1}}),
                "/validate",
                "empty-range",
            ),
            (
                json!({"type": "text", "attribute": "model", "of": "nobody"}),
                "/of",
                "unknown-record",
            ),
        ];
        for (members, place, code) in cases {
            let document = with(|it| {
                let mut field = json!({"key": "extra", "label": "Extra"});
                field
                    .as_object_mut()
                    .unwrap()
                    .extend(members.as_object().unwrap().clone());
                it["start_form"][1] = field;
                // Those that named the replaced field.
                it["tasks"][10]["on_complete"] = json!([]);
            });
            assert_faults(document, &[(&format!("/start_form/1{place}"), code)]);
        }
    }
}
