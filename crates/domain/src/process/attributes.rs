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
    task::TaskStatus,
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
                && let Some(value) = self.kept_value(index, field)
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
                let own = task_index.map(|index| self.run.tasks[index].entity_id);
                match own {
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
                .field(key)
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
        if after == before {
            return;
        }
        self.changes.attribute_values.push(AttributeWrite {
            entity_id,
            attribute: key.to_owned(),
            before: attribute_value(&before, key),
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
            before: Some(snapshot(&before)),
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
mod tests {
    use super::*;
    use crate::{
        condition::{Condition, Operand, Subject, Test},
        process::{
            fixture::{Fixture, completed, definition, field, list, template, text},
            run::Changes,
        },
        process_type::definition::{AttributeLink, TaskTemplate},
        value::FieldType,
    };

    fn linked(key: &str, attribute: &str, of: Target) -> Field {
        Field {
            attribute: Some(AttributeLink {
                key: attribute.into(),
                of,
            }),
            ..field(key, FieldType::Text)
        }
    }

    fn written(changes: &Changes) -> Vec<(EntityId, &str, Option<FieldValue>, Option<FieldValue>)> {
        changes
            .attribute_values
            .iter()
            .map(|write| {
                let (before, after) = (write.before.clone(), write.after.clone());
                (write.entity_id, write.attribute.as_str(), before, after)
            })
            .collect()
    }

    /// E13: the attribute takes the answer, history keeps the old value, the record tells of it.
    #[test]
    fn completing_writes_linked_fields() {
        let mut fixture = Fixture::new(definition(vec![TaskTemplate {
            form: vec![
                linked("risk", "risk_profile", Target::Subject),
                linked("policy", "ips_version", Target::Firm),
                linked("same", "tier", Target::Subject),
                linked("empty", "contact", Target::Subject),
                linked("unknown", "shoe_size", Target::Subject),
                field("plain", FieldType::Text),
            ],
            ..template("a")
        }]));
        for (kind, key) in [
            ("client", "risk_profile"),
            ("firm", "ips_version"),
            ("client", "tier"),
            ("client", "contact"),
            ("account", "shoe_size"),
        ] {
            fixture.attribute(kind, key, AttributeType::Text);
        }
        let attributes = &mut fixture.client_mut().attributes;
        attributes.insert("risk_profile".into(), text("Moderate"));
        attributes.insert("tier".into(), text("A"));
        fixture.run.tasks[0].form = ["risk", "policy", "unknown", "plain"]
            .map(|key| (key.to_owned(), text("Growth")))
            .into();
        fixture.run.tasks[0].form.insert("same".into(), text("A"));
        let (ada, client, firm) = (fixture.user("Ada"), fixture.client, fixture.firm_entity());
        let mut engine = fixture.engine();
        engine.apply_attribute_fields(0, Some(ada));
        let (run, changes) = engine.finish();
        assert_eq!(
            written(&changes),
            [
                (
                    client,
                    "risk_profile",
                    Some(text("Moderate")),
                    Some(text("Growth"))
                ),
                (firm, "ips_version", None, Some(text("Growth"))),
            ]
        );
        let write = &changes.attribute_values[0];
        assert_eq!(
            (write.task_id, write.by),
            (Some(run.tasks[0].id), Some(ada))
        );
        let entity = &changes.entities[&client];
        assert_eq!(
            (&entity.attributes["risk_profile"], entity.version),
            (&text("Growth"), 2)
        );
        let told = &changes.occurrences[0];
        assert_eq!(
            (told.event, told.subject_id),
            (EventType::EntityUpdated, client.0)
        );
        assert_eq!(
            told.before.as_ref().unwrap()["attributes"]["risk_profile"],
            "Moderate"
        );
        assert_eq!(told.after, Some(snapshot(entity)));
    }

    /// E13: a value over a field of several goes to each.
    #[test]
    fn a_write_over_a_field_of_several_goes_to_each() {
        let accounts = Field {
            multiple: true,
            ..field("accounts", FieldType::Entity)
        };
        let mut fixture = Fixture::new(definition(vec![TaskTemplate {
            form: vec![
                accounts,
                linked("model", "model", Target::Field("accounts".into())),
            ],
            ..template("a")
        }]));
        fixture.attribute("account", "model", AttributeType::Text);
        let (one, two) = (
            fixture.entity("account", "One"),
            fixture.entity("account", "Two"),
        );
        let stranger = fixture.ambient_id().to_string();
        let ids = list(&[&one.to_string(), &stranger, &two.to_string()]);
        fixture.run.tasks[0].form = [
            ("accounts".to_owned(), ids),
            ("model".to_owned(), text("60/40")),
        ]
        .into();
        let mut engine = fixture.engine();
        engine.apply_attribute_fields(0, None);
        let expected = [one, two].map(|account| (account, "model", None, Some(text("60/40"))));
        assert_eq!(written(&engine.changes), expected);
    }

    /// E7: what is hidden is not written.
    #[test]
    fn a_hidden_field_writes_nothing() {
        let hidden = Field {
            visible_when: Some(Condition::Leaf {
                subject: Subject::Field("other".into()),
                test: Test::Eq(Operand::Fixed(text("yes"))),
            }),
            ..linked("risk", "risk_profile", Target::Subject)
        };
        let mut fixture = Fixture::new(definition(vec![TaskTemplate {
            form: vec![hidden],
            ..template("a")
        }]));
        fixture.attribute("client", "risk_profile", AttributeType::Text);
        fixture.run.tasks[0]
            .form
            .insert("risk".into(), text("Growth"));
        let mut engine = fixture.engine();
        engine.apply_attribute_fields(0, None);
        assert_eq!(engine.changes, Changes::default());
    }

    /// Task forms: values for a record that does not exist yet wait on the task, and only completed tasks give theirs.
    #[test]
    fn values_for_a_missing_record_are_written_when_it_is_made() {
        let account = || Target::Related("account".into());
        let mut fixture = Fixture::new(definition(vec![
            TaskTemplate {
                form: vec![linked("risk", "risk_profile", account())],
                ..template("done")
            },
            TaskTemplate {
                form: vec![linked("model", "model", account())],
                ..template("drafted")
            },
        ]));
        fixture.attribute("account", "risk_profile", AttributeType::Text);
        fixture.attribute("account", "model", AttributeType::Text);
        let ada = fixture.user("Ada");
        let done = fixture.task_mut("done");
        done.form.insert("risk".into(), text("Growth"));
        done.status = TaskStatus::Completed;
        done.completion = Some(completed(Some(ada), None));
        fixture
            .task_mut("drafted")
            .form
            .insert("model".into(), text("60/40"));
        let account = fixture.entity("account", "New");
        let mut engine = fixture.engine();
        engine.apply_attribute_fields(0, Some(ada));
        assert_eq!(engine.changes, Changes::default());
        engine.run.process.related.insert("account".into(), account);
        engine.write_kept_values("account");
        assert_eq!(
            written(&engine.changes),
            [(account, "risk_profile", None, Some(text("Growth")))]
        );
        assert_eq!(engine.changes.attribute_values[0].by, Some(ada));
    }

    /// E13: the status is one of the kind's; values take the attribute's type or are left.
    #[test]
    fn an_attribute_holds_values_of_its_type_only() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let client = fixture.client;
        for (key, value_type) in [
            ("text", AttributeType::Text),
            ("date", AttributeType::Date),
            ("choice", AttributeType::Choice),
            ("choices", AttributeType::MultiChoice),
            ("number", AttributeType::Number),
        ] {
            fixture.attribute("client", key, value_type);
        }
        let late = text("2026-07-03T02:30:00Z");
        let cases = [
            ("status", text("former"), Some(text("former"))),
            ("status", text("Former client"), None),
            ("status", FieldValue::Flag(true), None),
            ("text", list(&["a", "b"]), Some(text("a, b"))),
            ("text", FieldValue::Flag(true), None),
            ("date", late, Some(text("2026-07-02"))),
            ("date", text("2026-07-02"), Some(text("2026-07-02"))),
            ("date", text("soon"), None),
            ("choice", list(&["a"]), Some(text("a"))),
            ("choice", list(&["a", "b"]), None),
            ("choices", text("a"), Some(list(&["a"]))),
            (
                "number",
                FieldValue::Number(1.into()),
                Some(FieldValue::Number(1.into())),
            ),
            ("number", text("1"), None),
        ];
        for (key, value, expected) in cases {
            let mut engine = fixture.engine();
            engine.write_attribute(client, key, &value, None, None);
            let after = engine.changes.attribute_values.first();
            assert_eq!(
                after.and_then(|w| w.after.clone()),
                expected,
                "{key} {value:?}"
            );
        }
    }

    /// E16, E24: the subject is all of several, or a fan-out child's own item.
    #[test]
    fn the_subject_is_every_subject_or_the_item() {
        let mut fixture = Fixture::new(definition(vec![template("a")]));
        let second = fixture.entity("household", "Second");
        let item = fixture.entity("household", "Item");
        fixture.run.process.entity_ids.push(second);
        let engine = fixture.engine();
        let both = vec![fixture.client, second];
        assert_eq!(engine.records(&Target::Subject, None), both);
        assert_eq!(engine.records(&Target::Subject, Some(0)), both);
        assert_eq!(engine.records(&Target::Related("account".into()), None), []);
        fixture.run.tasks[0].entity_id = item;
        assert_eq!(fixture.engine().records(&Target::Subject, Some(0)), [item]);
    }
}
