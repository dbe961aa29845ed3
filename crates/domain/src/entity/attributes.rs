//! Values that people give to attributes: held against the firm's definitions, with the history that they leave.

use std::collections::{BTreeMap, BTreeSet};

use super::Entity;
use crate::{
    attribute::{Attribute, AttributeType, find},
    fault::{Fault, Faults, segment},
    ids::{EntityId, UserId},
    process::{
        field::{check, is_blank},
        run::AttributeWrite,
        world::Surroundings,
    },
    process_type::definition::Field,
    value::{FieldType, FieldValue},
};

/// Values by the keys of their attributes; none clears.
pub type Given = BTreeMap<String, Option<FieldValue>>;

/// The people and records that values name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// People.
    pub users: BTreeSet<UserId>,
    /// Records.
    pub entities: BTreeSet<EntityId>,
}

/// Whom the values for an entity of this kind name; they have to be among the surroundings when the values are checked.
#[must_use]
pub fn named(definitions: &[Attribute], kind: &str, given: &Given) -> Named {
    let mut named = Named::default();
    for (key, value) in given {
        let (Some(definition), Some(FieldValue::Text(text))) =
            (find(definitions, kind, key), value)
        else {
            continue;
        };
        match definition.value_type {
            AttributeType::User => named.users.extend(text.parse::<UserId>()),
            AttributeType::Entity => named.entities.extend(text.parse::<EntityId>()),
            AttributeType::Text
            | AttributeType::Number
            | AttributeType::Money
            | AttributeType::Date
            | AttributeType::Boolean
            | AttributeType::Choice
            | AttributeType::MultiChoice => {}
        }
    }
    named
}

/// The entity's values once these are given to it, or all faults. A value that stays as it is passes, even where its
/// attribute is archived by now.
pub fn given_to(
    entity: &Entity,
    given: &Given,
    definitions: &[Attribute],
    around: &Surroundings,
) -> Result<BTreeMap<String, FieldValue>, Vec<Fault>> {
    let mut values = entity.attributes.clone();
    let mut faults = Faults::default();
    for (key, value) in given {
        let at = || format!("/attributes/{}", segment(key));
        let Some(definition) = find(definitions, &entity.kind, key) else {
            let detail = format!("Records of kind {} have no such attribute.", entity.kind);
            faults.add(at(), "unknown-key", detail);
            continue;
        };
        match value {
            None => {
                values.remove(key);
            }
            Some(value) if entity.attributes.get(key) == Some(value) => {}
            Some(_) if definition.archived => {
                faults.add(at(), "archived", "This attribute is no longer in use.");
            }
            Some(value) if is_blank(value) => {
                faults.add(at(), "blank", "Give a value, or none at all.");
            }
            Some(value) => match check(&field_of(definition), value, around) {
                Ok(()) => {
                    values.insert(key.clone(), value.clone());
                }
                Err(refusal) => faults.add(at(), refusal.code, refusal.detail),
            },
        }
    }
    faults.or(values)
}

/// What changed between two states of an entity, its status among it, as history keeps it.
#[must_use]
pub fn history(before: &Entity, after: &Entity, by: UserId) -> Vec<AttributeWrite> {
    let write = |key: &str, old: Option<FieldValue>, new: Option<FieldValue>| AttributeWrite {
        entity_id: after.id,
        attribute: key.to_owned(),
        before: old,
        after: new,
        task_id: None,
        by: Some(by),
    };
    let status = (before.status != after.status).then(|| {
        let text = |status: &str| Some(FieldValue::Text(status.to_owned()));
        write("status", text(&before.status), text(&after.status))
    });
    let keys: BTreeSet<&String> = before
        .attributes
        .keys()
        .chain(after.attributes.keys())
        .collect();
    let values = keys.into_iter().filter_map(|key| {
        let (old, new) = (before.attributes.get(key), after.attributes.get(key));
        (old != new).then(|| write(key, old.cloned(), new.cloned()))
    });
    status.into_iter().chain(values).collect()
}

/// The form field that takes the same values as an attribute.
fn field_of(definition: &Attribute) -> Field {
    let (field_type, multiple) = match definition.value_type {
        // Long texts of forms are kept in attributes of type `text`, too.
        AttributeType::Text => (FieldType::LongText, false),
        AttributeType::Number => (FieldType::Number, false),
        AttributeType::Money => (FieldType::Money, false),
        AttributeType::Date => (FieldType::Date, false),
        AttributeType::Boolean => (FieldType::Boolean, false),
        AttributeType::Choice => (FieldType::Choice, false),
        AttributeType::MultiChoice => (FieldType::Choice, true),
        AttributeType::User => (FieldType::User, false),
        AttributeType::Entity => (FieldType::Entity, false),
    };
    Field {
        key: definition.key.clone(),
        label: definition.label.clone(),
        field_type,
        required: false,
        options: definition.options.clone(),
        multiple,
        entity_kind: None,
        visible_when: None,
        min: None,
        max: None,
        min_length: None,
        max_length: None,
        attribute: None,
    }
}

#[cfg(test)]
mod tests;
