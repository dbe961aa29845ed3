//! One change to one task, made and told in one step.

use serde_json::Value;

use crate::{
    event::EventType,
    ids::TaskId,
    process::{Process, engine::Engine, error::TaskError},
    process_type::definition::TaskTemplate,
    task::Task,
};

impl<'a> Engine<'a> {
    /// Where a task stands in the run.
    pub(super) fn index_of(&self, id: TaskId) -> Result<usize, TaskError> {
        self.run
            .tasks
            .iter()
            .position(|task| task.id == id)
            .ok_or(TaskError::NotFound)
    }

    /// The template of a task; none for a task made by hand.
    pub(super) fn template(&self, index: usize) -> Option<&'a TaskTemplate> {
        self.definition.task(&self.run.tasks[index].key)
    }

    /// Changes a task and tells it.
    pub(super) fn change_task(
        &mut self,
        event: EventType,
        index: usize,
        change: impl FnOnce(&mut Task),
    ) {
        let before = self.run.tasks[index].clone();
        change(&mut self.run.tasks[index]);
        self.tell_task(event, Some(&before), index);
    }

    /// Changes the process and tells it.
    pub(super) fn change_process(&mut self, event: EventType, change: impl FnOnce(&mut Process)) {
        let before = self.run.process.clone();
        change(&mut self.run.process);
        self.tell_process(event, Some(&before));
    }

    /// Adds to what the last occurrence says of the state after it.
    pub(super) fn annotate(&mut self, member: &str, value: Value) {
        self.changes.annotate(member, value);
    }
}
