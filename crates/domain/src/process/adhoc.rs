//! Tasks made by hand: added to a running process (E10), or on their own.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    access::execution::Decision,
    event::EventType,
    ids::{DocumentId, EntityId, TaskId, UserId},
    process::{
        ProcessStatus,
        engine::Engine,
        error::{ProcessError, permitted},
    },
    process_type::{
        definition,
        document::{Priority, TaskKind},
    },
    task::{ChecklistItem, Execution, Source, Task, TaskStatus},
};

/// Key of every task that was made by hand.
pub const AD_HOC: &str = "ad_hoc";

/// What a task made by hand is given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewTask {
    /// What to do.
    pub title: String,
    /// More of it.
    pub description: Option<String>,
    /// Whose it is.
    pub owner_id: Option<UserId>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Who else may execute.
    pub execution: Execution,
    /// What is to be ticked off.
    pub checklist: Vec<definition::ChecklistItem>,
    /// Whether its process waits for it (E10).
    pub blocking: bool,
    /// People and organisations whom it is about.
    pub contact_ids: Vec<EntityId>,
    /// Documents that it is about.
    pub document_ids: Vec<DocumentId>,
    /// Key of the line of work that it belongs to.
    pub flow: Option<String>,
}

impl NewTask {
    /// The task, open from the start.
    #[must_use]
    pub fn into_task(
        self,
        id: TaskId,
        entity_id: EntityId,
        source: Source,
        now: DateTime<Utc>,
    ) -> Task {
        Task {
            id,
            process_id: None,
            entity_id,
            key: AD_HOC.to_owned(),
            kind: TaskKind::Task,
            stage: None,
            ordinal: 0,
            title: self.title,
            description: self.description,
            status: TaskStatus::Open,
            hold: None,
            priority: self.priority,
            owner_id: self.owner_id,
            owner_by_hand: self.owner_id.is_some(),
            due_at: self.due_at,
            due_by_hand: self.due_at.is_some(),
            compressed: false,
            attempt: 1,
            attempts: Vec::new(),
            execution: self.execution,
            separate_from: Vec::new(),
            form_editors: Vec::new(),
            waiting_on: None,
            checklist: self.checklist.iter().map(ChecklistItem::from).collect(),
            form: BTreeMap::new(),
            completion: None,
            closed_reason: None,
            rounds: BTreeMap::new(),
            skip_marked_by: None,
            parent_task_id: None,
            item: None,
            child_process_id: None,
            blocking: self.blocking,
            source,
            contact_ids: self.contact_ids,
            document_ids: self.document_ids,
            flow: self.flow,
            submissions: Vec::new(),
            moments: Vec::new(),
            created_at: now,
            opened_at: Some(now),
            started_at: None,
            closed_at: None,
            version: 1,
        }
    }
}

impl From<&definition::ChecklistItem> for ChecklistItem {
    /// The item before anybody touched it.
    fn from(item: &definition::ChecklistItem) -> Self {
        Self {
            key: item.key.clone(),
            text: item.text.clone(),
            required: item.required,
            done: false,
            not_applicable: false,
            note: None,
            by: None,
            at: None,
        }
    }
}

impl Engine<'_> {
    /// Adds a task to the process while it is under way (E10); gives its id.
    pub fn add_task(
        &mut self,
        new: NewTask,
        by: UserId,
        decision: &Decision,
    ) -> Result<TaskId, ProcessError> {
        permitted(decision)?;
        let process = &self.run.process;
        match process.status {
            ProcessStatus::Running | ProcessStatus::OnHold => {}
            status @ (ProcessStatus::Completed | ProcessStatus::Cancelled) => {
                return Err(ProcessError::WrongStatus { status });
            }
        }
        let index = self.append(new, process.entity_id, Source::person(by));
        self.tell_new(index);
        Ok(self.run.tasks[index].id)
    }

    /// Puts a task behind all others of the run; gives its place.
    pub(super) fn append(&mut self, new: NewTask, entity_id: EntityId, source: Source) -> usize {
        let id = TaskId(self.world.ambient.fresh_id());
        let last = self.run.tasks.iter().map(|task| task.ordinal).max();
        self.run.tasks.push(Task {
            process_id: Some(self.run.process.id),
            ordinal: last.map_or(0, |last| last + 1),
            ..new.into_task(id, entity_id, source, self.now)
        });
        self.run.tasks.len() - 1
    }

    /// Tells of a task that was made.
    pub(super) fn tell_new(&mut self, index: usize) {
        self.tell_task(EventType::TaskCreated, None, index);
        let task = &self.run.tasks[index];
        self.changes.link(task.document_links(self.world.ambient));
        self.changes.effects.created.push(self.run.tasks[index].id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::rehearsal::{ANNA, Rehearsal, task, yes};

    fn new(blocking: bool) -> NewTask {
        NewTask {
            title: "Ring them".to_owned(),
            owner_id: Some(ANNA),
            blocking,
            ..NewTask::default()
        }
    }

    /// E10
    #[test]
    fn an_ad_hoc_task_is_open_at_once_and_holds_up_the_end() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        engine.told();
        let id = engine.add_task(new(true), ANNA, &yes()).unwrap();
        assert_eq!(engine.told(), ["task.created ad_hoc"]);
        assert_eq!(engine.changes.effects.created, [id]);
        engine.done(&["a"]);
        assert_eq!(engine.run.process.status, ProcessStatus::Running);
        engine.done(&[AD_HOC]);
        assert_eq!(engine.run.process.status, ProcessStatus::Completed);
    }

    /// E10
    #[test]
    fn a_task_that_does_not_block_can_be_completed_after_the_end() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        engine.add_task(new(false), ANNA, &yes()).unwrap();
        engine.done(&["a"]);
        assert_eq!(engine.run.process.status, ProcessStatus::Completed);
        engine.told();
        engine.done(&[AD_HOC]);
        assert_eq!(engine.told(), ["task.completed ad_hoc"]);
    }

    /// E10
    #[test]
    fn its_documents_are_linked_to_the_record_of_the_process() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        engine.told();
        let document = DocumentId(uuid::Uuid::from_u128(77));
        let with_document = NewTask {
            document_ids: vec![document],
            ..new(true)
        };
        let id = engine.add_task(with_document, ANNA, &yes()).unwrap();
        let link = engine.changes.document_links.last().unwrap();
        assert_eq!((link.document_id, link.task_id), (document, Some(id)));
        assert_eq!(link.entity_id, engine.run.process.entity_id);
    }

    /// E10
    #[test]
    fn nothing_is_added_to_a_process_that_has_ended() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        let status = ProcessStatus::Completed;
        let refused = engine.add_task(new(true), ANNA, &yes());
        assert_eq!(refused, Err(ProcessError::WrongStatus { status }));
    }
}
