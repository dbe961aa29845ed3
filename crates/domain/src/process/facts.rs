//! Where conditions, texts and due rules find the facts of a run (E4, E11, E14).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use super::{engine::Engine, names::RunNames};
use crate::{
    attribute::{self, Attribute},
    calendar::due::Anchors,
    condition::{Subject, Values},
    entity::{Entity, attributes::Given},
    ids::EntityId,
    task::Task,
    value::FieldValue,
};

/// Key of the attribute that every entity has.
pub(super) const STATUS: &str = "status";

impl Engine<'_> {
    /// The values that conditions compare: of a task, or of the process.
    pub(super) fn values(&self, task_index: Option<usize>) -> RunValues<'_> {
        RunValues {
            engine: self,
            task_index,
            answers: None,
        }
    }

    /// The values that conditions compare, as if a form held these answers.
    pub(super) fn values_with<'e>(
        &'e self,
        task_index: usize,
        answers: &'e BTreeMap<String, Option<FieldValue>>,
    ) -> RunValues<'e> {
        RunValues {
            engine: self,
            task_index: Some(task_index),
            answers: Some(answers),
        }
    }

    /// The names that texts of a task, or of the process, may hold.
    pub(super) fn names(&self, task_index: Option<usize>) -> RunNames<'_> {
        let outcome = task_index.and_then(|index| self.run.tasks[index].outcome());
        self.names_with(task_index, outcome, None)
    }

    /// The names that texts may hold, with the outcome that is being acted on and the item that it is done for.
    pub(super) fn names_with<'e>(
        &'e self,
        task_index: Option<usize>,
        outcome: Option<&'e str>,
        item: Option<EntityId>,
    ) -> RunNames<'e> {
        RunNames {
            engine: self,
            task: task_index.map(|index| &self.run.tasks[index]),
            outcome,
            item,
        }
    }

    /// What due rules count from.
    pub(super) fn anchors(&self, task_index: Option<usize>) -> RunAnchors<'_> {
        self.anchors_before(task_index, None)
    }

    /// What due rules counted from while attributes of a record had other values.
    pub(super) fn anchors_before<'e>(
        &'e self,
        task_index: Option<usize>,
        instead: Option<(EntityId, &'e Given)>,
    ) -> RunAnchors<'e> {
        RunAnchors {
            engine: self,
            task_index,
            instead,
            opened: task_index
                .and_then(|index| self.run.tasks[index].opened_at)
                .unwrap_or(self.now),
        }
    }

    /// The present value of a field of the type: an answer of the start form, or what a task's form holds.
    pub(super) fn field(&self, key: &str) -> Option<&FieldValue> {
        self.run.process.fields.get(key).or_else(|| {
            let mut tasks = self.run.tasks.iter().filter(|task| !task.is_child());
            tasks.find_map(|task| task.form.get(key))
        })
    }

    /// The present value of a field as a task sees it: the child of a fan-out has its own form before all others (E24).
    pub(super) fn field_of(&self, task_index: Option<usize>, key: &str) -> Option<&FieldValue> {
        let task = task_index.map(|index| &self.run.tasks[index]);
        let own = task.filter(|task| task.is_child());
        own.and_then(|task| task.form.get(key))
            .or_else(|| self.field(key))
    }

    /// The definition of an attribute of an entity.
    pub(super) fn attribute_definition(&self, entity: &Entity, key: &str) -> Option<&Attribute> {
        attribute::find(&self.world.catalog.attributes, &entity.kind, key)
    }

    /// The entity that stands for the firm.
    pub(super) fn firm_entity(&self) -> EntityId {
        self.world.catalog.firm.id.entity()
    }

    /// The day that it is in the firm at an instant.
    pub(super) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.world.catalog.firm.time_zone)
            .date_naive()
    }

    fn subject_attribute(&self, task_index: Option<usize>, key: &str) -> Option<FieldValue> {
        self.entity(self.record_read(task_index))
            .and_then(|entity| attribute_value(entity, key))
    }

    /// Whose attributes are read: the subject's; for a child of a fan-out, those of the record that it is for (E24).
    fn record_read(&self, task_index: Option<usize>) -> EntityId {
        let task = task_index.map(|index| &self.run.tasks[index]);
        let own = task.filter(|task| task.is_child());
        own.map_or(self.run.process.entity_id, |task| task.entity_id)
    }
}

/// The present value of an attribute, the built-in status among them.
pub(crate) fn attribute_value(entity: &Entity, key: &str) -> Option<FieldValue> {
    if key == STATUS {
        Some(FieldValue::Text(entity.status.clone()))
    } else {
        entity.attributes.get(key).cloned()
    }
}

/// The identifiers, or other texts, that a value holds.
pub(super) fn texts(value: &FieldValue) -> Vec<&str> {
    match value {
        FieldValue::Text(text) => vec![text],
        FieldValue::List(items) => items.iter().map(String::as_str).collect(),
        FieldValue::Flag(_) | FieldValue::Number(_) | FieldValue::Money(_) => Vec::new(),
    }
}

/// The instant as times are written everywhere: RFC 3339 in UTC.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Values of a run, for conditions.
pub struct RunValues<'e> {
    engine: &'e Engine<'e>,
    task_index: Option<usize>,
    answers: Option<&'e BTreeMap<String, Option<FieldValue>>>,
}

impl Values for RunValues<'_> {
    fn value(&self, subject: &Subject) -> Option<FieldValue> {
        match subject {
            Subject::Field(key) => match self.answers.and_then(|answers| answers.get(key)) {
                Some(answer) => answer.clone(),
                None => self.engine.field_of(self.task_index, key).cloned(),
            },
            Subject::Attribute(key) => self.engine.subject_attribute(self.task_index, key),
            Subject::Policy(key) => {
                let firm = &self.engine.world.catalog.firm;
                self.engine.definition.policy(key, firm)
            }
            Subject::Task(key) => self
                .engine
                .run
                .task(key)
                .and_then(Task::outcome)
                .map(|outcome| FieldValue::Text(outcome.to_owned())),
        }
    }
}

/// Base dates of a run, for due rules.
pub struct RunAnchors<'e> {
    engine: &'e Engine<'e>,
    task_index: Option<usize>,
    instead: Option<(EntityId, &'e Given)>,
    opened: DateTime<Utc>,
}

impl Anchors for RunAnchors<'_> {
    fn process_start(&self) -> DateTime<Utc> {
        self.engine.run.process.started_at
    }

    fn opened(&self) -> DateTime<Utc> {
        self.opened
    }

    fn completed(&self, task: &str) -> Option<DateTime<Utc>> {
        let completion = self.engine.run.task(task)?.completion.as_ref()?;
        Some(completion.at)
    }

    fn attribute(&self, key: &str) -> Option<FieldValue> {
        let read = self.engine.record_read(self.task_index);
        let instead = self.instead.filter(|(record, _)| *record == read);
        match instead.and_then(|(_, values)| values.get(key)) {
            Some(value) => value.clone(),
            None => self.engine.subject_attribute(self.task_index, key),
        }
    }

    fn field(&self, key: &str) -> Option<FieldValue> {
        self.engine.field(key).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        process::fixture::{Fixture, completed, definition, template, text},
        process_type::definition::Policy,
        value::FieldType,
    };

    /// E4
    #[test]
    fn conditions_find_fields_attributes_policies_and_outcomes() {
        let mut definition = definition(vec![template("check")]);
        definition.policies = vec![Policy {
            key: "limit".into(),
            field_type: FieldType::Number,
            default: FieldValue::Number(5.into()),
        }];
        let mut fixture = Fixture::new(definition);
        fixture
            .run
            .process
            .fields
            .insert("purpose".into(), text("College"));
        fixture.run.tasks[0]
            .form
            .insert("owners".into(), text("Ada"));
        fixture.run.tasks[0].completion = Some(completed(None, Some("passed")));
        let tier = text("A");
        fixture
            .client_mut()
            .attributes
            .insert("tier".into(), tier.clone());
        let engine = fixture.engine();
        let values = engine.values(None);

        assert_eq!(
            values.value(&Subject::Field("purpose".into())),
            Some(text("College"))
        );
        assert_eq!(
            values.value(&Subject::Field("owners".into())),
            Some(text("Ada"))
        );
        assert_eq!(values.value(&Subject::Field("other".into())), None);
        assert_eq!(values.value(&Subject::Attribute("tier".into())), Some(tier));
        assert_eq!(
            values.value(&Subject::Attribute("status".into())),
            Some(text("client"))
        );
        assert_eq!(
            values.value(&Subject::Policy("limit".into())),
            Some(FieldValue::Number(5.into()))
        );
        assert_eq!(
            values.value(&Subject::Task("check".into())),
            Some(text("passed"))
        );
    }

    /// E11
    #[test]
    fn due_rules_count_from_the_last_completion_and_the_opening() {
        let mut fixture = Fixture::new(definition(vec![template("a"), template("b")]));
        fixture.run.tasks[0].completion = Some(completed(None, None));
        let opened = "2026-07-01T15:00:00Z".parse().unwrap();
        fixture.run.tasks[1].opened_at = Some(opened);
        let engine = fixture.engine();
        let anchors = engine.anchors(Some(1));
        assert_eq!(anchors.opened(), opened);
        assert_eq!(engine.anchors(Some(0)).opened(), fixture.now());
        assert_eq!(anchors.completed("a"), Some(fixture.now()));
        assert_eq!(anchors.completed("b"), None);
        assert_eq!(anchors.process_start(), fixture.run.process.started_at);
        assert_eq!(anchors.attribute("status"), Some(text("client")));
    }
}
