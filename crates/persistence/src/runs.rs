//! What a command of the engine made of a run, or of a task by itself, stored whole.

use domain::{
    process::run::{Changes, Run},
    task::Task,
};

use crate::{StoreError, UnitOfWork};

impl UnitOfWork {
    /// Queues a new process with its tasks and everything that came of starting it.
    pub fn insert_run(&mut self, run: &Run, changes: Changes) -> Result<(), StoreError> {
        self.insert_process(&run.process)?;
        self.save_tasks(&run.tasks)?;
        self.insert_task_roles(&run.tasks);
        self.save_changes(changes)
    }

    /// Queues what differs between a run as it was read and as it is now, and everything that came of the command.
    pub fn update_run(
        &mut self,
        before: &Run,
        after: &Run,
        changes: Changes,
    ) -> Result<(), StoreError> {
        if before.process != after.process {
            self.update_process(&after.process)?;
        }
        let touched = after
            .tasks
            .iter()
            .filter(|task| before.task_by_id(task.id) != Some(task));
        self.save_tasks(touched)?;
        let new = after.tasks.iter();
        self.insert_task_roles(new.filter(|task| before.task_by_id(task.id).is_none()));
        let relisted = after.tasks.iter().filter(|task| {
            let known = before.task_by_id(task.id);
            known.is_some_and(|known| known.execution != task.execution)
        });
        self.replace_task_roles(&relisted.collect::<Vec<_>>());
        self.save_changes(changes)
    }

    /// Queues a task that belongs to no process, with everything that came of the command.
    pub fn save_single_task(&mut self, task: &Task, changes: Changes) -> Result<(), StoreError> {
        self.save_tasks([task])?;
        self.insert_task_roles([task]);
        self.save_changes(changes)
    }

    fn save_changes(&mut self, changes: Changes) -> Result<(), StoreError> {
        let Changes {
            occurrences,
            entities,
            attribute_values,
            memberships,
            relations,
            touchpoints,
            voided_touchpoints,
            document_links,
            unlinked_documents,
            notifications,
            jobs,
            effects: _,
        } = changes;
        self.save_entities(entities.values())?;
        self.insert_attribute_history(&attribute_values)?;
        self.insert_memberships(&memberships)?;
        self.insert_relations(&relations);
        self.insert_touchpoints(&touchpoints);
        for voided in &voided_touchpoints {
            self.update_touchpoint(voided);
        }
        self.insert_document_links(&document_links);
        self.delete_document_links(&unlinked_documents);
        self.insert_notifications(&notifications);
        self.enqueue_all(&jobs)?;
        for occurrence in occurrences {
            self.record(occurrence);
        }
        Ok(())
    }
}
