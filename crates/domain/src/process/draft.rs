//! Work on a task before it is completed: answers of its form and ticks of its checklist (E7).

use std::collections::BTreeMap;

use super::{engine::Engine, error::TaskError, field, input::CheckState};
use crate::{
    access::{
        Actor, Denied, Rule,
        execution::{TaskFacts, decide},
    },
    event::EventType,
    fault::{Faults, segment},
    ids::{TaskId, UserId},
    task::TaskStatus,
    value::FieldValue,
};

impl Engine<'_> {
    /// Puts answers into a task's form; none clears. They are checked, but none is required yet. A process on hold
    /// takes them (E15).
    pub fn edit_form(
        &mut self,
        task: TaskId,
        values: &BTreeMap<String, Option<FieldValue>>,
        by: &Actor,
    ) -> Result<(), TaskError> {
        let index = self.executable_by(task, by)?;
        self.draft(index, values, by.user_id)
    }

    /// Ticks an item, unticks it or marks it not applicable.
    pub fn set_check(
        &mut self,
        task: TaskId,
        key: &str,
        state: &CheckState,
        by: &Actor,
    ) -> Result<(), TaskError> {
        let index = self.executable_by(task, by)?;
        self.check_item(index, key, state, by.user_id)
    }

    /// Somebody begins: an open task goes into progress.
    pub(super) fn begin(&mut self, index: usize) {
        if self.run.tasks[index].status != TaskStatus::Open {
            return;
        }
        let before = self.run.tasks[index].clone();
        let task = &mut self.run.tasks[index];
        task.status = TaskStatus::InProgress;
        task.started_at = Some(self.now);
        self.tell_task(EventType::TaskStarted, Some(&before), index);
    }

    fn executable_by(&self, id: TaskId, by: &Actor) -> Result<usize, TaskError> {
        let found = self.run.tasks.iter().position(|task| task.id == id);
        let index = found.ok_or(TaskError::NotFound)?;
        let task = &self.run.tasks[index];
        let entity = self.entity(task.entity_id).ok_or(Denied::Hidden)?;
        let decision = decide(
            by,
            TaskFacts {
                firm: &self.world.catalog.firm,
                task,
                entity,
                memberships: &self.world.around.memberships,
                roles: &self.world.catalog.roles,
                preparers: &super::owner::preparers(&self.run, task),
            },
        );
        if decision.allowed {
            Ok(index)
        } else if decision.rule == Rule::X8 {
            Err(TaskError::NotExecutable {
                status: task.status,
            })
        } else {
            Err(TaskError::Denied(Denied::Forbidden {
                rule: decision.rule,
                reason: decision.reason,
            }))
        }
    }

    fn draft(
        &mut self,
        index: usize,
        values: &BTreeMap<String, Option<FieldValue>>,
        by: UserId,
    ) -> Result<(), TaskError> {
        let fields = self.fields_of(index);
        let mut faults = Faults::default();
        for (key, value) in values {
            let pointer = || format!("/{}", segment(key));
            let Some(field) = fields.iter().find(|field| field.key == *key) else {
                faults.add(pointer(), "unknown-key", "The form has no such field.");
                continue;
            };
            if let Some(value) = field::said(value.as_ref())
                && let Err(refusal) = field::check(field, value, self.world.around)
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
        if form == self.run.tasks[index].form {
            return Ok(());
        }
        self.begin(index);
        let before = self.run.tasks[index].clone();
        let task = &mut self.run.tasks[index];
        task.form = form;
        task.edited_by(by);
        self.tell_task(EventType::TaskUpdated, Some(&before), index);
        Ok(())
    }

    fn check_item(
        &mut self,
        index: usize,
        key: &str,
        state: &CheckState,
        by: UserId,
    ) -> Result<(), TaskError> {
        let checklist = &self.run.tasks[index].checklist;
        let found = checklist.iter().position(|item| item.key == key);
        let place = found.ok_or(TaskError::NotFound)?;
        let (done, not_applicable, note) = match state {
            CheckState::Open => (false, false, None),
            CheckState::Done => (true, false, None),
            CheckState::NotApplicable { note } => (false, true, note.clone()),
        };
        let item = &checklist[place];
        if (item.done, item.not_applicable, &item.note) == (done, not_applicable, &note) {
            return Ok(());
        }
        self.begin(index);
        let before = self.run.tasks[index].clone();
        let item = &mut self.run.tasks[index].checklist[place];
        item.done = done;
        item.not_applicable = not_applicable;
        item.note = note;
        item.by = Some(by);
        item.at = Some(self.now);
        self.tell_task(EventType::TaskUpdated, Some(&before), index);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        process::fixture::{Fixture, definition, field, item, template, text},
        process_type::definition::TaskTemplate,
        value::FieldType,
    };

    fn fixture() -> Fixture {
        Fixture::new(definition(vec![TaskTemplate {
            checklist: vec![item("call", true)],
            form: vec![
                field("owners", FieldType::Text),
                field("opened_on", FieldType::Date),
            ],
            ..template("a")
        }]))
    }

    fn values(values: &[(&str, Option<FieldValue>)]) -> BTreeMap<String, Option<FieldValue>> {
        values
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.clone()))
            .collect()
    }

    fn events(engine: &Engine<'_>) -> Vec<EventType> {
        let told = engine.changes.occurrences.iter();
        told.map(|occurrence| occurrence.event).collect()
    }

    /// E7: the first draft moves an open task on; the next only changes it.
    #[test]
    fn the_first_draft_starts_the_task() {
        let mut fixture = fixture();
        let (ada, ben) = (fixture.user("Ada"), fixture.user("Ben"));
        let mut engine = fixture.engine();
        let draft = values(&[("owners", Some(text("Okafor")))]);
        engine.draft(0, &draft, ada).unwrap();
        let task = &engine.run.tasks[0];
        assert_eq!(task.status, TaskStatus::InProgress);
        assert_eq!(task.started_at, Some(fixture.ambient.now));
        assert_eq!(task.form["owners"], text("Okafor"));
        assert_eq!(task.form_editors, [ada]);
        assert_eq!(task.version, 3);
        assert_eq!(
            events(&engine),
            [EventType::TaskStarted, EventType::TaskUpdated]
        );

        engine.draft(0, &draft, ben).unwrap();
        assert_eq!(
            events(&engine).len(),
            2,
            "the same answer again changes nothing"
        );
        assert_eq!(engine.run.tasks[0].form_editors, [ada]);

        engine.draft(0, &values(&[("owners", None)]), ben).unwrap();
        assert_eq!(engine.run.tasks[0].form, BTreeMap::new());
        assert_eq!(engine.run.tasks[0].form_editors, [ada, ben]);
        assert_eq!(events(&engine).last(), Some(&EventType::TaskUpdated));
        assert_eq!(events(&engine).len(), 3);
    }

    /// E7: drafts are checked, all faults together, and nothing of a bad draft is kept.
    #[test]
    fn a_draft_with_faults_changes_nothing() {
        let mut fixture = fixture();
        let ada = fixture.user("Ada");
        let mut engine = fixture.engine();
        let draft = values(&[
            ("owners", Some(text("Okafor"))),
            ("opened_on", Some(text("soon"))),
            ("unknown", None),
        ]);
        let Err(TaskError::Invalid(faults)) = engine.draft(0, &draft, ada) else {
            panic!("the draft was taken");
        };
        let found: Vec<_> = faults
            .iter()
            .map(|f| (f.pointer.as_str(), f.code.as_str()))
            .collect();
        assert_eq!(
            found,
            [("/opened_on", "bad-format"), ("/unknown", "unknown-key")]
        );
        let (run, changes) = engine.finish();
        assert_eq!(run, fixture.run);
        assert_eq!(changes.occurrences, []);
    }

    /// E7, X8: a task on hold takes drafts and stays on hold.
    #[test]
    fn a_task_on_hold_stays_on_hold() {
        let mut fixture = fixture();
        let ada = fixture.user("Ada");
        fixture.run.tasks[0].status = TaskStatus::OnHold;
        let mut engine = fixture.engine();
        engine
            .draft(0, &values(&[("owners", Some(text("x")))]), ada)
            .unwrap();
        engine
            .check_item(0, "call", &CheckState::Done, ada)
            .unwrap();
        assert_eq!(engine.run.tasks[0].status, TaskStatus::OnHold);
        assert_eq!(
            events(&engine),
            [EventType::TaskUpdated, EventType::TaskUpdated]
        );
    }

    /// E7, X11: ticks start a task, keep their author, and do not make a preparer.
    #[test]
    fn ticks_keep_their_author_and_make_no_preparer() {
        let mut fixture = fixture();
        let (ada, ben) = (fixture.user("Ada"), fixture.user("Ben"));
        let mut engine = fixture.engine();
        engine
            .check_item(0, "call", &CheckState::Done, ada)
            .unwrap();
        assert_eq!(
            events(&engine),
            [EventType::TaskStarted, EventType::TaskUpdated]
        );
        engine
            .check_item(0, "call", &CheckState::Done, ben)
            .unwrap();
        let item = engine.run.tasks[0].checklist[0].clone();
        assert_eq!(
            (item.done, item.by, item.at),
            (true, Some(ada), Some(fixture.ambient.now))
        );

        let not_needed = CheckState::NotApplicable {
            note: Some("By letter".into()),
        };
        engine.check_item(0, "call", &not_needed, ben).unwrap();
        let item = engine.run.tasks[0].checklist[0].clone();
        assert_eq!(
            (item.done, item.not_applicable, item.by),
            (false, true, Some(ben))
        );
        assert_eq!(item.note.as_deref(), Some("By letter"));

        engine
            .check_item(0, "call", &CheckState::Open, ben)
            .unwrap();
        let item = &engine.run.tasks[0].checklist[0];
        assert_eq!(
            (item.done, item.not_applicable, &item.note),
            (false, false, &None)
        );
        assert_eq!(engine.run.tasks[0].form_editors, []);
        let unknown = engine.check_item(0, "write", &CheckState::Done, ben);
        assert_eq!(unknown, Err(TaskError::NotFound));
    }
}
