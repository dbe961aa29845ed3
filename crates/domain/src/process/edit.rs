//! What managers change of a task besides its owner: what it says, how urgent it is, when it is due (X16).

use chrono::{DateTime, Utc};

use crate::{
    access::{execution::Decision, managing::TaskAction},
    event::EventType,
    ids::TaskId,
    process::{
        engine::Engine,
        error::{TaskError, permitted},
    },
    process_type::document::Priority,
    task::Task,
};

/// What is changed of a task; none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskEdit {
    /// What to do.
    pub title: Option<String>,
    /// More of it; cleared by an inner none.
    pub description: Option<Option<String>>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// When it is due; an inner none takes the date away, and a task that waits is dated by its rule again.
    pub due_at: Option<Option<DateTime<Utc>>>,
}

impl TaskEdit {
    /// Another due date, and nothing else.
    #[must_use]
    pub fn to_date(due_at: Option<DateTime<Utc>>) -> Self {
        Self {
            due_at: Some(due_at),
            ..Self::default()
        }
    }

    /// What is to be permitted, each once.
    #[must_use]
    pub fn actions(&self) -> Vec<TaskAction> {
        [
            (
                TaskAction::Retitle,
                self.title.is_some() || self.description.is_some(),
            ),
            (TaskAction::Reprioritise, self.priority.is_some()),
            (TaskAction::Reschedule, self.due_at.is_some()),
        ]
        .into_iter()
        .filter_map(|(action, asked)| asked.then_some(action))
        .collect()
    }

    /// Whether the task would be another one.
    pub(crate) fn changes(&self, task: &Task) -> bool {
        let mut edited = task.clone();
        self.apply(&mut edited);
        edited != *task
    }

    pub(crate) fn apply(&self, task: &mut Task) {
        if let Some(title) = &self.title {
            task.title.clone_from(title);
        }
        if let Some(description) = &self.description {
            task.description.clone_from(description);
        }
        if let Some(priority) = self.priority {
            task.priority = priority;
        }
        if let Some(due_at) = self.due_at {
            task.due_at = due_at;
            // While people work on it, to have no date is a wish like any other.
            task.due_by_hand = due_at.is_some() || task.status.is_active();
            task.compressed = false;
            if let Some(hold) = &mut task.hold {
                // A date set by hand outlasts the pause that would date the task again.
                hold.remaining_days = None;
            }
        }
    }
}

impl Engine<'_> {
    /// Changes what a task says and when it is due, if every decision lets this person; a finished task stays as it is.
    pub fn edit_task(
        &mut self,
        id: TaskId,
        edit: &TaskEdit,
        decisions: &[Decision],
    ) -> Result<(), TaskError> {
        for decision in decisions {
            permitted(decision)?;
        }
        let index = self.index_of(id)?;
        for action in edit.actions() {
            self.gate(index, action)?;
        }
        if edit.changes(&self.run.tasks[index]) {
            self.change_task(EventType::TaskUpdated, index, |task| edit.apply(task));
        }
        Ok(())
    }

    /// Moves the date on which a task is due, for a reason that the trail keeps. Its rule does not move it any more (E11).
    pub fn reschedule(
        &mut self,
        id: TaskId,
        due_at: Option<DateTime<Utc>>,
        reason: Option<&str>,
        decision: &Decision,
    ) -> Result<(), TaskError> {
        let told = self.changes.occurrences.len();
        self.edit_task(
            id,
            &TaskEdit::to_date(due_at),
            std::slice::from_ref(decision),
        )?;
        if self.changes.occurrences.len() > told {
            self.annotate("reason", reason.into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::Rule,
        process::{
            hold::HoldInput,
            rehearsal::{Rehearsal, after, no, task, yes},
        },
        process_type::definition::{
            CalendarKind, DueAmount, DueBase, DueRule, DueUnit, TaskTemplate,
        },
        task::{HoldReason, TaskStatus},
    };

    fn due_in(days: i32, template: TaskTemplate) -> TaskTemplate {
        TaskTemplate {
            due: Some(DueRule {
                amount: DueAmount::Fixed(days),
                unit: DueUnit::BusinessDays,
                from: DueBase::Opened,
                calendar: CalendarKind::Market,
                fallback: None,
            }),
            ..template
        }
    }

    fn dated(text: &str) -> TaskEdit {
        TaskEdit {
            due_at: Some(Some(text.parse().unwrap())),
            ..TaskEdit::default()
        }
    }

    /// X16
    #[test]
    fn one_decision_against_it_changes_nothing() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        let edit = TaskEdit {
            title: Some("Ring them".to_owned()),
            priority: Some(Priority::Urgent),
            ..TaskEdit::default()
        };
        assert_eq!(
            edit.actions(),
            [TaskAction::Retitle, TaskAction::Reprioritise]
        );
        let before = engine.run.clone();
        let refused = engine.edit_task(engine.id("a"), &edit, &[yes(), no(Rule::X7)]);
        assert!(matches!(refused, Err(TaskError::Denied(_))));
        assert_eq!(engine.run, before);
        engine.told();
        engine
            .edit_task(engine.id("a"), &edit, &[yes(), yes()])
            .unwrap();
        engine
            .edit_task(engine.id("a"), &edit, &[yes(), yes()])
            .unwrap();
        assert_eq!(engine.told(), ["task.updated a"]);
        assert_eq!(engine.of("a").title, "Ring them");
    }

    /// E11
    #[test]
    fn a_date_set_by_hand_on_a_waiting_task_stays_when_it_opens() {
        let plan = Rehearsal::of([task("a"), due_in(3, after(&["a"], task("b")))]);
        let mut engine = plan.start();
        let edit = dated("2026-05-01T21:00:00Z");
        engine.edit_task(engine.id("b"), &edit, &[yes()]).unwrap();
        engine.done(&["a"]);
        assert_eq!(engine.of("b").status, TaskStatus::Open);
        assert_eq!(Some(engine.of("b").due_at), edit.due_at);
    }

    /// E11
    #[test]
    fn a_waiting_task_whose_date_was_cleared_is_dated_by_its_rule_again() {
        let plan = Rehearsal::of([task("a"), due_in(3, after(&["a"], task("b")))]);
        let mut engine = plan.start();
        let cleared = TaskEdit {
            due_at: Some(None),
            ..TaskEdit::default()
        };
        for edit in [dated("2026-05-01T21:00:00Z"), cleared] {
            engine.edit_task(engine.id("b"), &edit, &[yes()]).unwrap();
        }
        engine.done(&["a"]);
        assert_eq!(
            engine.of("b").due_at,
            Some("2026-03-05T22:00:00Z".parse().unwrap())
        );
    }

    /// E11
    #[test]
    fn a_date_set_during_a_pause_outlasts_it() {
        let plan = Rehearsal::of([due_in(3, task("a"))]);
        let mut engine = plan.start();
        let id = engine.id("a");
        let hold = HoldInput {
            reason: HoldReason::Client,
            note: None,
            pause_clock: true,
            nigo: crate::process::submitting::NigoInput::default(),
        };
        engine.hold_task(id, &yes(), hold).unwrap();
        let edit = dated("2026-05-01T21:00:00Z");
        engine.edit_task(id, &edit, &[yes()]).unwrap();
        engine.resume_task(id, &yes()).unwrap();
        assert_eq!(Some(engine.of("a").due_at), edit.due_at);
    }

    #[test]
    fn a_finished_task_stays_as_it_is() {
        let plan = Rehearsal::of([task("a"), task("b")]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        let refused = engine.edit_task(engine.id("a"), &dated("2026-05-01T21:00:00Z"), &[yes()]);
        let status = TaskStatus::Completed;
        assert_eq!(refused, Err(TaskError::NotExecutable { status }));
    }
}
