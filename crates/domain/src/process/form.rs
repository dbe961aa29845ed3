//! Which fields a form has, and what the start form takes (E7, E13).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Process,
    facts::{attribute_value, texts},
    field,
    run::Run,
    world::{Surroundings, World},
};
use crate::{
    condition::{Subject, Values, holds},
    entity::Entity,
    fault::{Fault, Faults, segment},
    firm::Firm,
    ids::{DocumentId, EntityId, TaskId, UserId},
    process_type::definition::{Definition, Field, TaskKind, TaskTemplate},
    value::{FieldType, FieldValue},
};

/// The fields of a task's form: start fields that were not handed over, if it is one of the first tasks (E13), then
/// the template's own.
#[must_use]
pub fn form_fields<'d>(
    definition: &'d Definition,
    process: &Process,
    template: &'d TaskTemplate,
) -> Vec<&'d Field> {
    let asked = definition.start_form.iter().filter(|field| {
        process.asked_fields.contains(&field.key)
            && takes_form(template.kind)
            && comes_first(definition, template)
    });
    asked.chain(&template.form).collect()
}

/// A subprocess is carried out by its child and has no form (E25); a fan-out asks once per item, and never for what the
/// process needs once (E24).
pub(super) const fn takes_form(kind: TaskKind) -> bool {
    match kind {
        TaskKind::Task | TaskKind::Approval | TaskKind::Decision | TaskKind::Wait => true,
        TaskKind::FanOut | TaskKind::Subprocess => false,
    }
}

/// Whether no other form comes before this task's.
fn comes_first(definition: &Definition, template: &TaskTemplate) -> bool {
    template.after.iter().all(|edge| {
        definition
            .task(&edge.task)
            .is_some_and(|source| !takes_form(source.kind) && comes_first(definition, source))
    })
}

/// What the values of a form name: to be loaded before they are checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// Users.
    pub users: BTreeSet<UserId>,
    /// Entities.
    pub entities: BTreeSet<EntityId>,
    /// Documents.
    pub documents: BTreeSet<DocumentId>,
}

/// The users, entities and documents that values name; what is no identifier is left out.
#[must_use]
pub fn references<'v>(
    definition: &Definition,
    values: impl IntoIterator<Item = (&'v String, &'v FieldValue)>,
) -> References {
    let types: BTreeMap<&str, FieldType> = definition
        .fields()
        .map(|field| (field.key.as_str(), field.field_type))
        .collect();
    let mut found = References::default();
    for (key, value) in values {
        let ids = texts(value).into_iter();
        match types.get(key.as_str()) {
            // What type a requested attribute has is not the definition's to say: the wrong ones find nothing.
            None if definition.requests(key) => {
                found
                    .users
                    .extend(ids.clone().flat_map(str::parse::<UserId>));
                found.entities.extend(ids.flat_map(str::parse::<EntityId>));
            }
            Some(FieldType::User) => found.users.extend(ids.flat_map(str::parse::<UserId>)),
            Some(FieldType::Entity) => found.entities.extend(ids.flat_map(str::parse::<EntityId>)),
            Some(FieldType::File) => found
                .documents
                .extend(ids.flat_map(str::parse::<DocumentId>)),
            Some(
                FieldType::Text
                | FieldType::LongText
                | FieldType::Number
                | FieldType::Money
                | FieldType::Date
                | FieldType::Datetime
                | FieldType::Boolean
                | FieldType::Choice,
            )
            | None => {}
        }
    }
    found
}

/// The documents that a run's forms name: its start form, and the form of each task in any attempt.
#[must_use]
pub fn documents_named(
    definition: &Definition,
    run: &Run,
) -> BTreeSet<(Option<TaskId>, DocumentId)> {
    let named = |values| references(definition, values).documents.into_iter();
    let of_start = named(run.process.fields.iter().collect::<Vec<_>>()).map(|id| (None, id));
    let of_tasks = run.tasks.iter().flat_map(|task| {
        let earlier = task.attempts.iter().flat_map(|attempt| &attempt.form);
        named(task.form.iter().chain(earlier).collect()).map(|id| (Some(task.id), id))
    });
    of_start.chain(of_tasks).collect()
}

/// All faults of the answers to a start form, with pointers `/fields/KEY`.
#[must_use]
pub fn check_start_fields(
    firm: &Firm,
    definition: &Definition,
    fields: &BTreeMap<String, FieldValue>,
    subject: &Entity,
    around: &Surroundings,
) -> Vec<Fault> {
    let mut faults = Faults::default();
    for (key, value) in fields {
        let Some(field) = definition.start_form.iter().find(|field| field.key == *key) else {
            faults.add(
                pointer(key),
                "unknown-key",
                "The start form has no such field.",
            );
            continue;
        };
        if let Err(refusal) = field::check(field, value, around) {
            faults.add(pointer(key), refusal.code, refusal.detail);
        }
    }
    for key in missing_start_fields(firm, definition, fields, subject) {
        faults.add(pointer(&key), "required", "This field is required.");
    }
    faults.into_vec()
}

/// What a process started by a process begins with (E13): of the fields handed over those that it has and takes, and
/// the keys of the required ones that stay empty, to be asked for in its first tasks.
#[must_use]
pub fn accept_start_fields(
    definition: &Definition,
    handed: &BTreeMap<String, FieldValue>,
    subject: &Entity,
    world: World<'_>,
) -> (BTreeMap<String, FieldValue>, Vec<String>) {
    let mut fields = BTreeMap::new();
    for field in &definition.start_form {
        let Some(value) = handed.get(&field.key) else {
            continue;
        };
        let value = fit(field, value, world);
        if !field::is_blank(&value) && field::check(field, &value, world.around).is_ok() {
            fields.insert(field.key.clone(), value);
        }
    }
    let asked = missing_start_fields(&world.catalog.firm, definition, &fields, subject);
    (fields, asked)
}

/// An instant handed to a date field is its day in the firm; one value handed to a field of several is a list.
fn fit(field: &Field, value: &FieldValue, world: World<'_>) -> FieldValue {
    match value {
        FieldValue::Text(text) if field.multiple => FieldValue::List(vec![text.clone()]),
        FieldValue::Text(text) if field.field_type == FieldType::Date => {
            match chrono::DateTime::parse_from_rfc3339(text) {
                Ok(at) => {
                    let day = at.with_timezone(&world.catalog.firm.time_zone).date_naive();
                    FieldValue::Text(day.to_string())
                }
                Err(_) => value.clone(),
            }
        }
        FieldValue::List(items) if !field.multiple => match items.as_slice() {
            [only] => FieldValue::Text(only.clone()),
            _ => value.clone(),
        },
        FieldValue::Flag(_)
        | FieldValue::Number(_)
        | FieldValue::Text(_)
        | FieldValue::Money(_)
        | FieldValue::List(_) => value.clone(),
    }
}

/// Keys of the visible required start fields without an answer.
fn missing_start_fields(
    firm: &Firm,
    definition: &Definition,
    fields: &BTreeMap<String, FieldValue>,
    subject: &Entity,
) -> Vec<String> {
    let values = StartValues {
        firm,
        definition,
        fields,
        subject,
    };
    definition
        .start_form
        .iter()
        .filter(|field| {
            field.required
                && fields.get(&field.key).is_none_or(field::is_blank)
                && field
                    .visible_when
                    .as_ref()
                    .is_none_or(|when| holds(when, &values))
        })
        .map(|field| field.key.clone())
        .collect()
}

fn pointer(key: &str) -> String {
    format!("/fields/{}", segment(key))
}

/// The values that a condition in a start form can compare, before there is a run.
struct StartValues<'s> {
    firm: &'s Firm,
    definition: &'s Definition,
    fields: &'s BTreeMap<String, FieldValue>,
    subject: &'s Entity,
}

impl Values for StartValues<'_> {
    fn value(&self, subject: &Subject) -> Option<FieldValue> {
        match subject {
            Subject::Field(key) => self.fields.get(key).cloned(),
            Subject::Attribute(key) => attribute_value(self.subject, key),
            Subject::Policy(key) => self.definition.policy(key, self.firm),
            Subject::Task(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
