//! Work on a task before it is completed: answers of its form and ticks of its checklist (E7).

use std::collections::BTreeMap;

use super::{
    engine::Engine,
    error::{TaskError, permitted},
    field,
    input::CheckState,
};
use crate::{
    access::{Rule, execution::Decision},
    event::EventType,
    fault::{Faults, segment},
    ids::{TaskId, UserId},
    task::TaskStatus,
    value::FieldValue,
};

impl Engine<'_> {
    /// Puts answers into a task's form as the decision lets this person; none clears. They are checked, but none is
    /// required yet. A process on hold takes them (E15).
    pub fn edit_form(
        &mut self,
        id: TaskId,
        values: &BTreeMap<String, Option<FieldValue>>,
        by: UserId,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        let index = self.draftable(id, decision)?;
        let Some(form) = self.drafted(index, values)? else {
            return Ok(());
        };
        self.begin_if_open(index);
        self.change_task(EventType::TaskUpdated, index, |task| {
            task.form = form;
            // Segregation counts whoever was stood in for, too (X11).
            for editor in [Some(by), decision.on_behalf_of].into_iter().flatten() {
                task.edited_by(editor);
            }
        });
        Ok(())
    }

    /// Ticks an item, unticks it or marks it not applicable, as the decision lets this person.
    pub fn set_check(
        &mut self,
        id: TaskId,
        key: &str,
        state: &CheckState,
        by: UserId,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        let index = self.draftable(id, decision)?;
        let checklist = &self.run.tasks[index].checklist;
        let found = checklist.iter().position(|item| item.key == key);
        let place = found.ok_or(TaskError::NotFound)?;
        if checklist[place].stands(state) {
            return Ok(());
        }
        self.begin_if_open(index);
        let now = self.now;
        self.change_task(EventType::TaskUpdated, index, |task| {
            task.checklist[place].set(state, by, now);
        });
        Ok(())
    }

    /// Inactivity is decided before the status, every other rule after it (X8, X13).
    fn draftable(&self, id: TaskId, decision: &Decision) -> Result<usize, TaskError> {
        if decision.rule == Rule::X13 {
            permitted(decision)?;
        }
        let index = self.index_of(id)?;
        self.takes_drafts(index)?;
        permitted(decision)?;
        Ok(index)
    }

    /// The first draft or tick moves an open task on.
    fn begin_if_open(&mut self, index: usize) {
        if self.run.tasks[index].status == TaskStatus::Open {
            let now = self.now;
            self.change_task(EventType::TaskStarted, index, |task| {
                task.begin(now);
            });
        }
    }

    /// The form as these answers make it; none where they change nothing.
    fn drafted(
        &self,
        index: usize,
        values: &BTreeMap<String, Option<FieldValue>>,
    ) -> Result<Option<BTreeMap<String, FieldValue>>, TaskError> {
        let fields = self.fields_of(index);
        let mut faults = Faults::default();
        for (key, value) in values {
            let pointer = || format!("/{}", segment(key));
            let Some(field) = fields.iter().find(|asked| asked.field.key == *key) else {
                faults.add(pointer(), "unknown-key", "The form has no such field.");
                continue;
            };
            if let Some(value) = field::said(value.as_ref())
                && let Err(refusal) = field::check(&field.field, value, self.world.around)
            {
                faults.add(pointer(), refusal.code, refusal.detail);
            }
        }
        faults.or(()).map_err(TaskError::Invalid)?;

        let mut form = self.run.tasks[index].form.clone();
        for (key, value) in values {
            match field::said(value.as_ref()) {
                Some(value) => form.insert(key.clone(), value.clone()),
                None => form.remove(key),
            };
        }
        Ok((form != self.run.tasks[index].form).then_some(form))
    }
}

#[cfg(test)]
mod tests;
