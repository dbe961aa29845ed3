//! Attributes as a run writes them: by linked form fields and by effects, each old value kept in history (E13).

use super::{
    engine::{Engine, snapshot},
    facts::{STATUS, attribute_value, texts},
    run::AttributeWrite,
};
use crate::{
    attribute::AttributeType,
    entity::{Entity, statuses_of},
    event::{EventType, Occurrence, SubjectType},
    ids::{EntityId, TaskId, UserId},
    process_type::definition::{Field, Target},
    task::{ItemType, TaskStatus, WrittenValue},
    value::FieldValue,
};

impl Engine<'_> {
    /// Writes the visible linked fields of a task that is being completed to their attributes. A value for a related
    /// record that does not exist yet stays on the task, until the record is made.
    pub fn apply_attribute_fields(&mut self, index: usize, by: Option<UserId>) {
        self.write_linked(index, by, |_| true);
    }

    /// Writes what completed tasks hold for a related record that has just been made.
    pub(super) fn write_kept_values(&mut self, related: &str) {
        for index in 0..self.run.tasks.len() {
            if self.run.tasks[index].status == TaskStatus::Completed {
                let completion = self.run.tasks[index].completion.as_ref();
                let by = completion.and_then(|completion| completion.by);
                self.write_linked(
                    index,
                    by,
                    |target| matches!(target, Target::Related(key) if key == related),
                );
            }
        }
    }

    fn write_linked(&mut self, index: usize, by: Option<UserId>, wanted: impl Fn(&Target) -> bool) {
        let task_id = self.run.tasks[index].id;
        for field in self.visible_fields(index) {
            if let Some(link) = &field.attribute
                && wanted(&link.of)
                && let Some(value) = self.kept_value(index, &field)
            {
                for record in self.records(&link.of, Some(index)) {
                    self.write_attribute(record, &link.key, &value, Some(task_id), by);
                }
            }
        }
    }

    fn kept_value(&self, index: usize, field: &Field) -> Option<FieldValue> {
        self.run.tasks[index].form.get(&field.key).cloned()
    }

    /// The records that a target stands for: none while a related record does not exist, several over a field of
    /// several. The subject is every subject of the process, or the item of a fan-out's child (E16, E24).
    pub(super) fn records(&self, target: &Target, task_index: Option<usize>) -> Vec<EntityId> {
        let process = &self.run.process;
        match target {
            Target::Subject => {
                let task = task_index.map(|index| &self.run.tasks[index]);
                let item = task.and_then(|task| task.item.as_ref());
                let own = task.map(|task| task.entity_id);
                match own {
                    Some(own) if item.is_some_and(|item| item.kind == ItemType::Entity) => {
                        vec![own]
                    }
                    Some(own) if own != process.entity_id && !process.entity_ids.contains(&own) => {
                        vec![own]
                    }
                    Some(_) | None if process.entity_ids.is_empty() => vec![process.entity_id],
                    Some(_) | None => process.entity_ids.clone(),
                }
            }
            Target::Firm => vec![self.firm_entity()],
            Target::Related(key) => process.related.get(key).copied().into_iter().collect(),
            Target::Field(key) => self
                .field_of(task_index, key)
                .map(texts)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|id| id.parse().ok())
                .filter(|id| self.entity(*id).is_some())
                .collect(),
        }
    }

    /// Writes one value to one attribute of one record, and tells of it. Nothing happens where the value is the same,
    /// the record is unknown, its kind has no such attribute or status, or the attribute cannot hold the value.
    pub(super) fn write_attribute(
        &mut self,
        entity_id: EntityId,
        key: &str,
        value: &FieldValue,
        task_id: Option<TaskId>,
        by: Option<UserId>,
    ) {
        let Some(before) = self.entity(entity_id).cloned() else {
            return;
        };
        let mut after = before.clone();
        if key == STATUS {
            let Some(status) = status_of(&before, value) else {
                return;
            };
            after.status = status;
        } else {
            let Some(value) = self.held(&before, key, value) else {
                return;
            };
            after.attributes.insert(key.to_owned(), value);
        }
        self.store_attribute(&before, after, key, task_id, by);
    }

    /// Gives an attribute its old value back, if it still has the one that this write gave it (E8).
    pub(super) fn restore_attribute(
        &mut self,
        written: &WrittenValue,
        task_id: TaskId,
        by: Option<UserId>,
    ) {
        let key = &written.attribute;
        let Some(before) = self.entity(written.entity_id).cloned() else {
            return;
        };
        if attribute_value(&before, key) != written.after {
            return;
        }
        let mut after = before.clone();
        match &written.before {
            Some(FieldValue::Text(status)) if key == STATUS => after.status.clone_from(status),
            Some(value) => {
                after.attributes.insert(key.clone(), value.clone());
            }
            None => {
                after.attributes.remove(key);
            }
        }
        self.store_attribute(&before, after, key, Some(task_id), by);
    }

    fn store_attribute(
        &mut self,
        before: &Entity,
        mut after: Entity,
        key: &str,
        task_id: Option<TaskId>,
        by: Option<UserId>,
    ) {
        if after == *before {
            return;
        }
        let entity_id = after.id;
        self.changes.attribute_values.push(AttributeWrite {
            entity_id,
            attribute: key.to_owned(),
            before: attribute_value(before, key),
            after: attribute_value(&after, key),
            task_id,
            by,
        });
        after.version += 1;
        self.changes.occurrences.push(Occurrence {
            event: EventType::EntityUpdated,
            subject_type: SubjectType::Entity,
            subject_id: entity_id.0,
            entity_id: Some(entity_id),
            before: Some(snapshot(before)),
            after: Some(snapshot(&after)),
        });
        self.changes.entities.insert(entity_id, after);
    }

    /// The value as an attribute of its type holds it.
    fn held(&self, entity: &Entity, key: &str, value: &FieldValue) -> Option<FieldValue> {
        let definition = self.attribute_definition(entity, key)?;
        match (definition.value_type, value) {
            (AttributeType::Boolean, FieldValue::Flag(_))
            | (AttributeType::Number, FieldValue::Number(_))
            | (AttributeType::Money, FieldValue::Money(_))
            | (AttributeType::MultiChoice, FieldValue::List(_))
            | (
                AttributeType::Text
                | AttributeType::Choice
                | AttributeType::User
                | AttributeType::Entity,
                FieldValue::Text(_),
            ) => Some(value.clone()),
            (AttributeType::Date, FieldValue::Text(text)) => {
                let day = match chrono::DateTime::parse_from_rfc3339(text) {
                    Ok(at) => self.day(at.to_utc()),
                    Err(_) => text.parse().ok()?,
                };
                Some(FieldValue::Text(day.to_string()))
            }
            (AttributeType::MultiChoice, FieldValue::Text(text)) => {
                Some(FieldValue::List(vec![text.clone()]))
            }
            (AttributeType::Text, FieldValue::List(items)) => {
                Some(FieldValue::Text(items.join(", ")))
            }
            (
                AttributeType::Date
                | AttributeType::Choice
                | AttributeType::User
                | AttributeType::Entity,
                FieldValue::List(items),
            ) => match items.as_slice() {
                [only] => self.held(entity, key, &FieldValue::Text(only.clone())),
                _ => None,
            },
            (
                AttributeType::Text
                | AttributeType::Number
                | AttributeType::Money
                | AttributeType::Date
                | AttributeType::Boolean
                | AttributeType::Choice
                | AttributeType::MultiChoice
                | AttributeType::User
                | AttributeType::Entity,
                _,
            ) => None,
        }
    }
}

/// The status that a value names, if the entity's kind has it.
fn status_of(entity: &Entity, value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Text(text) => statuses_of(&entity.kind)
            .contains(&text.as_str())
            .then(|| text.clone()),
        FieldValue::Flag(_)
        | FieldValue::Number(_)
        | FieldValue::Money(_)
        | FieldValue::List(_) => None,
    }
}

#[cfg(test)]
mod tests;
