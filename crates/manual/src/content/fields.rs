//! Fields of forms in people's words.

use domain::{
    process_type::definition::{Field, Target},
    value::{FieldType, FieldValue},
};

use super::{
    model::FieldLine,
    reading::{Reading, STATUS, a, kind as kind_name, plural},
    values::bare,
};
use crate::prose::{Prose, capitalised};

impl Reading<'_> {
    pub(super) fn form(&self, fields: &[Field]) -> Vec<FieldLine> {
        fields.iter().map(|field| self.line(field)).collect()
    }

    fn line(&self, field: &Field) -> FieldLine {
        let entity_kind = field.entity_kind.as_deref();
        let kind = kind(
            field.field_type,
            &field.options,
            field.multiple,
            entity_kind,
        );
        let limits = limits(field);
        let mut notes = Vec::new();
        if let Some(condition) = &field.visible_when {
            notes.push(Prose::from("Asked only if ") + self.condition(condition));
        }
        if let Some(link) = &field.attribute {
            notes.push(Prose::from(self.kept(field, &link.key, &link.of)));
        }
        FieldLine {
            label: field.label.clone(),
            kind: limits.map_or(kind.clone(), |limits| format!("{kind}, {limits}")),
            required: field.required,
            notes: notes.into_iter().map(Prose::sentence).collect(),
        }
    }

    fn kept(&self, field: &Field, key: &str, of: &Target) -> String {
        let same = self
            .attribute_label(key, of)
            .eq_ignore_ascii_case(&field.label);
        if same && key != STATUS {
            format!("Kept on the record of {}", self.target(of))
        } else {
            format!("Kept as {}", self.attribute(key, of))
        }
    }
}

/// What goes into a field.
pub(super) fn kind(
    field_type: FieldType,
    options: &[String],
    multiple: bool,
    entity_kind: Option<&str>,
) -> String {
    let some = |one: &str, many: &str| if multiple { many } else { one }.to_owned();
    match field_type {
        FieldType::Text => some("Short text", "One or more short texts"),
        FieldType::LongText => some("Text", "One or more texts"),
        FieldType::Number => some("Number", "One or more numbers"),
        FieldType::Money => some("Amount of money", "One or more amounts of money"),
        FieldType::Date => some("Date", "One or more dates"),
        FieldType::Datetime => some("Date and time", "One or more dates with times"),
        FieldType::Boolean => "Yes or no".to_owned(),
        FieldType::Choice => {
            let of = some("One of", "Any of");
            format!("{of}: {}", options.join(", "))
        }
        FieldType::File => some("Document", "One or more documents"),
        FieldType::User => some("A person of the firm", "One or more people of the firm"),
        FieldType::Entity => {
            let noun = entity_kind.map_or_else(|| "record".to_owned(), kind_name);
            if multiple {
                format!("One or more {}", plural(&noun))
            } else {
                capitalised(&a(&noun))
            }
        }
    }
}

fn limits(field: &Field) -> Option<String> {
    let value = between(field.min.as_ref(), field.max.as_ref(), field.field_type);
    let length = match (field.min_length, field.max_length) {
        (Some(min), Some(max)) => Some(format!("{min} to {max} characters")),
        (Some(min), None) => Some(format!("at least {min} characters")),
        (None, Some(max)) => Some(format!("at most {max} characters")),
        (None, None) => None,
    };
    let both: Vec<String> = value.into_iter().chain(length).collect();
    (!both.is_empty()).then(|| both.join(", "))
}

fn between(
    min: Option<&FieldValue>,
    max: Option<&FieldValue>,
    field_type: FieldType,
) -> Option<String> {
    let is_day = matches!(field_type, FieldType::Date | FieldType::Datetime);
    let (least, most) = if is_day {
        ("not before", "not after")
    } else {
        ("at least", "at most")
    };
    match (min.map(bare), max.map(bare)) {
        (Some(min), Some(max)) => Some(format!("from {min} to {max}")),
        (Some(min), None) => Some(format!("{least} {min}")),
        (None, Some(max)) => Some(format!("{most} {max}")),
        (None, None) => None,
    }
}
