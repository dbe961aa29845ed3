//! What completions and results bring about (E13). `request_attribute` has asked in the form of the completion, and what was
//! answered is written with the form's other attributes.

use super::{
    engine::{Engine, snapshot},
    facts::{instant, texts},
    follow_up::FollowUp,
    form::form_fields,
    handover::Handover,
    input::EffectSource,
};
use crate::{
    condition::holds,
    document::DocumentLink,
    event::{EventType, Occurrence, SubjectType},
    ids::{DocumentId, DocumentLinkId, EntityId, NotificationId, TaskId, TouchpointId, UserId},
    notification::Notification,
    process_type::definition::{Effect, EffectAction, EffectOperand, OwnerRule, Target},
    text,
    touchpoint::Touchpoint,
    value::{FieldType, FieldValue},
};

/// One occasion of an effect: where it comes from, and the item that it is for.
pub(super) struct Occasion<'o> {
    pub(super) source: &'o EffectSource,
    pub(super) each: Option<&'o str>,
    pub(super) item: Option<String>,
}

impl Engine<'_> {
    /// Carries out effects in their order, each if its outcome and condition hold, once or once per item.
    pub fn apply_effects(&mut self, effects: &[Effect], source: &EffectSource) {
        for effect in effects {
            let of_outcome = effect
                .if_outcome
                .as_deref()
                .is_none_or(|outcome| source.outcome() == Some(outcome));
            let holds = of_outcome
                && effect
                    .when
                    .as_ref()
                    .is_none_or(|when| holds(when, &self.values(source.task())));
            if holds {
                for item in self.items(effect.each.as_deref(), source.task()) {
                    let occasion = Occasion {
                        source,
                        each: effect.each.as_deref(),
                        item,
                    };
                    self.apply(effect, &occasion);
                }
            }
        }
    }

    /// The items of a field or related key; without one, a single occasion.
    fn items(&self, each: Option<&str>, task_index: Option<usize>) -> Vec<Option<String>> {
        let Some(key) = each else {
            return vec![None];
        };
        match (
            self.run.process.related.get(key),
            self.field_of(task_index, key),
        ) {
            (Some(record), _) => vec![Some(record.to_string())],
            (None, Some(value)) => {
                let items = texts(value).into_iter();
                items.map(|item| Some(item.to_owned())).collect()
            }
            (None, None) => Vec::new(),
        }
    }

    fn apply(&mut self, effect: &Effect, occasion: &Occasion<'_>) {
        let records = self.records_for(&effect.of, occasion);
        match &effect.action {
            EffectAction::LogTouchpoint {
                touchpoint_type,
                subject,
            } => self.log_touchpoints(&records, touchpoint_type, subject, occasion),
            EffectAction::SetAttribute { attribute, value } => {
                if let Some(value) = self.operand(value, occasion) {
                    let (task, by) = (self.task_of(occasion), self.author(occasion));
                    for record in records {
                        self.write_attribute(record, attribute, &value, task, by);
                    }
                }
            }
            EffectAction::CreateEntity {
                kind,
                name,
                as_related,
                relation,
            } => self.create_entity(
                kind,
                name,
                as_related.as_deref(),
                relation.as_deref().map(|relation| (relation, &records[..])),
                occasion,
            ),
            EffectAction::FileDocument { name, files } => {
                self.file_documents(&records, name.as_deref(), files, occasion);
            }
            EffectAction::Notify { to, message } => self.notify(&records, to, message, occasion),
            EffectAction::StartProcess {
                process_type,
                fields,
                related,
            } => {
                let handover = Handover {
                    process_type,
                    fields,
                    related,
                };
                self.start_processes(&records, handover, effect.unless_open, occasion);
            }
            EffectAction::CreateTask {
                title,
                description,
                owner,
                due,
            } => {
                let follow_up = FollowUp {
                    title,
                    description: description.as_deref(),
                    owner,
                    due: due.as_ref(),
                };
                self.follow_up(&records, follow_up, effect.unless_open, occasion);
            }
            EffectAction::ScheduleNext { process_type, at } => {
                self.plan_next(&records, process_type, at, effect.unless_open, occasion);
            }
            EffectAction::RequestAttribute { .. } => {}
        }
    }

    /// The records of an effect. For an item that is a record, `of` left out or naming the same field means the item.
    fn records_for(&self, of: &Target, occasion: &Occasion<'_>) -> Vec<EntityId> {
        let about_item = match of {
            Target::Subject => true,
            Target::Field(key) | Target::Related(key) => occasion.each == Some(key),
            Target::Firm => false,
        };
        let item = occasion.item.as_deref().and_then(|item| item.parse().ok());
        match item {
            Some(record) if about_item && self.entity(record).is_some() => vec![record],
            Some(_) | None => self.records(of, occasion.source.task()),
        }
    }

    pub(super) fn operand(
        &self,
        operand: &EffectOperand,
        occasion: &Occasion<'_>,
    ) -> Option<FieldValue> {
        match operand {
            EffectOperand::Now => Some(FieldValue::Text(instant(self.now))),
            EffectOperand::Field(key) => match &occasion.item {
                Some(item) if occasion.each == Some(key) => Some(FieldValue::Text(item.clone())),
                Some(_) | None => self.field_of(occasion.source.task(), key).cloned(),
            },
            EffectOperand::Fixed(FieldValue::Text(text)) => {
                Some(FieldValue::Text(self.rendered(text, occasion)))
            }
            EffectOperand::Fixed(value) => Some(value.clone()),
        }
    }

    pub(super) fn rendered(&self, text: &str, occasion: &Occasion<'_>) -> String {
        let item = occasion.item.as_deref().and_then(|item| item.parse().ok());
        let (task, outcome) = (occasion.source.task(), occasion.source.outcome());
        let names = self.names_with(task, outcome, item);
        text::render(text, &names)
    }

    pub(super) fn task_of(&self, occasion: &Occasion<'_>) -> Option<TaskId> {
        let index = occasion.source.task()?;
        Some(self.run.tasks[index].id)
    }

    /// Whoever completed the task; a result is nobody's.
    pub(super) fn author(&self, occasion: &Occasion<'_>) -> Option<UserId> {
        let index = occasion.source.task()?;
        self.run.tasks[index].completion.as_ref()?.by
    }

    pub(super) fn tell_made(
        &mut self,
        event: EventType,
        kind: SubjectType,
        id: uuid::Uuid,
        entity_id: EntityId,
        after: serde_json::Value,
    ) {
        self.changes.occurrences.push(Occurrence {
            event,
            subject_type: kind,
            subject_id: id,
            entity_id: Some(entity_id),
            before: None,
            after: Some(after),
        });
    }

    fn log_touchpoints(
        &mut self,
        records: &[EntityId],
        touchpoint_type: &str,
        subject: &str,
        occasion: &Occasion<'_>,
    ) {
        for &entity_id in records {
            let touchpoint = Touchpoint {
                id: TouchpointId(self.world.ambient.fresh_id()),
                entity_id,
                touchpoint_type: touchpoint_type.to_owned(),
                subject: self.rendered(subject, occasion),
                note: None,
                occurred_at: self.now,
                author_id: self.author(occasion),
                process_id: Some(self.run.process.id),
                task_id: self.task_of(occasion),
                voided_at: None,
                version: 1,
            };
            self.tell_made(
                EventType::TouchpointCreated,
                SubjectType::Touchpoint,
                touchpoint.id.0,
                entity_id,
                snapshot(&touchpoint),
            );
            self.changes.touchpoints.push(touchpoint);
        }
    }

    fn file_documents(
        &mut self,
        records: &[EntityId],
        name: Option<&str>,
        files: &[String],
        occasion: &Occasion<'_>,
    ) {
        let name = name.map(|name| self.rendered(name, occasion));
        for document_id in self.documents(files, occasion) {
            for &entity_id in records {
                let mut made = self.changes.document_links.iter();
                if made.any(|it| it.document_id == document_id && it.entity_id == entity_id) {
                    continue;
                }
                let link = DocumentLink {
                    id: DocumentLinkId(self.world.ambient.fresh_id()),
                    document_id,
                    entity_id,
                    task_id: self.task_of(occasion),
                    name: name.clone(),
                };
                self.changes.link([link]);
            }
        }
    }

    /// The documents in the named file fields; without names, in all of the task, or of the process for a result.
    fn documents(&self, files: &[String], occasion: &Occasion<'_>) -> Vec<DocumentId> {
        let definition = self.definition;
        // A requested attribute is no document, so that the form as it is written is enough.
        let own = occasion
            .source
            .task()
            .and_then(|index| self.template(index));
        let all = own.map_or_else(
            || definition.fields().collect(),
            |template| form_fields(definition, &self.run.process, template),
        );
        let file_fields = all
            .into_iter()
            .filter(|field| field.field_type == FieldType::File)
            .map(|field| field.key.as_str());
        let keys: Vec<&str> = if files.is_empty() {
            file_fields.collect()
        } else {
            files.iter().map(String::as_str).collect()
        };
        keys.into_iter()
            .filter_map(|key| self.field_of(occasion.source.task(), key))
            .flat_map(texts)
            .filter_map(|id| id.parse().ok())
            .collect()
    }

    fn notify(
        &mut self,
        records: &[EntityId],
        to: &OwnerRule,
        message: &str,
        occasion: &Occasion<'_>,
    ) {
        let work_for = occasion
            .source
            .task()
            .map_or(self.run.process.entity_id, |index| {
                self.run.tasks[index].entity_id
            });
        let Some(user_id) = self.resolve_recipient(to, work_for) else {
            return;
        };
        let entity_id = records.first().copied().unwrap_or(work_for);
        let message = self.rendered(message, occasion);
        self.send(user_id, message, self.task_of(occasion), entity_id);
    }

    /// Tells somebody something.
    pub(super) fn send(
        &mut self,
        user_id: UserId,
        message: String,
        task_id: Option<TaskId>,
        entity_id: EntityId,
    ) {
        let notification = Notification {
            id: NotificationId(self.world.ambient.fresh_id()),
            user_id,
            message,
            process_id: Some(self.run.process.id),
            task_id,
            entity_id,
            created_at: self.now,
            read_at: None,
        };
        self.tell_made(
            EventType::NotificationCreated,
            SubjectType::Notification,
            notification.id.0,
            entity_id,
            snapshot(&notification),
        );
        self.changes.notifications.push(notification);
    }
}

#[cfg(test)]
mod tests;
