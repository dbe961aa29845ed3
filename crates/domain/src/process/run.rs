//! A run with its tasks, and what a command made of it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    document::DocumentLink,
    entity::{Entity, Membership, Relation},
    event::{EventType, Occurrence, SubjectType},
    ids::{EntityId, TaskId, UserId},
    job::Job,
    notification::Notification,
    process::{Process, engine::snapshot},
    task::Task,
    touchpoint::Touchpoint,
    value::FieldValue,
};

/// A process with all its tasks, as read after its row was locked (E5).
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The process.
    pub process: Process,
    /// Its tasks: in template order, each fan-out before its children, then those made by hand in the order of their ids.
    /// What a command adds comes last.
    pub tasks: Vec<Task>,
}

impl Run {
    /// The task made from the template with this key; of a fan-out, the task that has the children (E24).
    #[must_use]
    pub fn task(&self, key: &str) -> Option<&Task> {
        self.tasks
            .iter()
            .find(|task| task.key == key && !task.is_child())
    }

    /// The children of a fan-out, in the order of the run (E24).
    pub fn children(&self, id: TaskId) -> impl Iterator<Item = &Task> {
        let tasks = self.tasks.iter();
        tasks.filter(move |task| task.parent_task_id == Some(id))
    }

    /// The task with this id.
    #[must_use]
    pub fn task_by_id(&self, id: TaskId) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// How many of its tasks people own that are open, in progress or on hold.
    #[must_use]
    pub fn owned(&self) -> BTreeMap<UserId, u32> {
        let mut owned = BTreeMap::new();
        for task in self.tasks.iter().filter(|task| task.status.is_active()) {
            if let Some(owner) = task.owner_id {
                *owned.entry(owner).or_default() += 1;
            }
        }
        owned
    }
}

/// What a command made of a run: everything that is to be stored, in one transaction.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// What happened, in order; every changed or new record is told of here.
    pub occurrences: Vec<Occurrence>,
    /// Records made or changed, as they are now.
    pub entities: BTreeMap<EntityId, Entity>,
    /// Values written to attributes, oldest first (their history).
    pub attribute_values: Vec<AttributeWrite>,
    /// Places on the teams of records made.
    pub memberships: Vec<Membership>,
    /// Links made between records.
    pub relations: Vec<Relation>,
    /// Contacts logged.
    pub touchpoints: Vec<Touchpoint>,
    /// Contacts that do not count any more (E8).
    pub voided_touchpoints: Vec<Touchpoint>,
    /// Documents linked.
    pub document_links: Vec<DocumentLink>,
    /// Links of documents taken away (E8).
    pub unlinked_documents: Vec<DocumentLink>,
    /// People told.
    pub notifications: Vec<Notification>,
    /// Work for later.
    pub jobs: Vec<Job>,
    /// Tasks by what became of them, for the answer to a completion.
    pub effects: TaskEffects,
}

impl Changes {
    /// Links documents and tells it.
    pub(crate) fn link(&mut self, links: impl IntoIterator<Item = DocumentLink>) {
        for link in links {
            self.occurrences.push(Occurrence {
                event: EventType::DocumentLinked,
                subject_type: SubjectType::Document,
                subject_id: link.document_id.0,
                entity_id: Some(link.entity_id),
                before: None,
                after: Some(snapshot(&link)),
            });
            self.document_links.push(link);
        }
    }

    /// Takes links of documents away and tells it.
    pub(crate) fn unlink(&mut self, links: Vec<DocumentLink>) {
        for link in &links {
            self.occurrences.push(Occurrence {
                event: EventType::DocumentUnlinked,
                subject_type: SubjectType::Document,
                subject_id: link.document_id.0,
                entity_id: Some(link.entity_id),
                before: Some(snapshot(link)),
                after: None,
            });
        }
        self.unlinked_documents.extend(links);
    }

    /// Adds to what the last occurrence says of the state after it.
    pub(crate) fn annotate(&mut self, member: &str, value: Value) {
        let last = self.occurrences.last_mut();
        if let Some(Value::Object(after)) = last.and_then(|last| last.after.as_mut()) {
            after.insert(member.to_owned(), value);
        }
    }
}

/// Which tasks a command opened, skipped …, each once, in the order in which it happened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each says what became of the tasks")]
pub struct TaskEffects {
    pub opened: Vec<TaskId>,
    pub skipped: Vec<TaskId>,
    pub not_taken: Vec<TaskId>,
    pub withdrawn: Vec<TaskId>,
    pub cancelled: Vec<TaskId>,
    pub created: Vec<TaskId>,
}

/// One value written to one attribute of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct AttributeWrite {
    /// Whose.
    pub entity_id: EntityId,
    /// Key of the attribute.
    pub attribute: String,
    /// What it was.
    pub before: Option<FieldValue>,
    /// What it is.
    pub after: Option<FieldValue>,
    /// By which task's completion or effect.
    pub task_id: Option<TaskId>,
    /// By whom.
    pub by: Option<UserId>,
}
