//! When tasks that wait will be due, as far as it can be told today: if everything before them ends when it is due.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    calendar::due::{self, Anchors},
    process::engine::Engine,
    process_type::definition::{DueBase, Join, TaskTemplate},
    task::TaskStatus,
    value::FieldValue,
};

impl Engine<'_> {
    /// When a task that waits is expected to be due; none where that cannot be told, and for every other task.
    #[must_use]
    pub fn projected_due(&self, index: usize) -> Option<DateTime<Utc>> {
        if self.run.tasks.get(index)?.status != TaskStatus::Waiting {
            return None;
        }
        let mut projection = Projection {
            engine: self,
            ends: BTreeMap::new(),
        };
        projection.end(index)
    }
}

/// The expected ends that are known so far, by the places of the tasks.
struct Projection<'e> {
    engine: &'e Engine<'e>,
    ends: BTreeMap<usize, Option<DateTime<Utc>>>,
}

impl Projection<'_> {
    /// When a task ended or will have ended.
    fn end(&mut self, index: usize) -> Option<DateTime<Utc>> {
        if let Some(known) = self.ends.get(&index) {
            return *known;
        }
        // Plans have no cycles; if one had, its ends would be unknown.
        self.ends.insert(index, None);
        let task = &self.engine.run.tasks[index];
        let end = match task.status {
            TaskStatus::Completed
            | TaskStatus::Skipped
            | TaskStatus::NotTaken
            | TaskStatus::Cancelled => task.closed_at,
            TaskStatus::Open | TaskStatus::InProgress | TaskStatus::OnHold => {
                task.due_at.map(|due_at| due_at.max(self.engine.now))
            }
            TaskStatus::Waiting if task.due_by_hand => task.due_at,
            TaskStatus::Waiting => self.due(index),
        };
        self.ends.insert(index, end);
        end
    }

    fn due(&mut self, index: usize) -> Option<DateTime<Utc>> {
        let template = self.engine.template(index)?;
        let rule = template.due.as_ref()?;
        let opening = self.opening(template);
        let counted = rule.chain().any(|rule| rule.from == DueBase::Opened);
        if counted && opening.is_none() {
            return None;
        }
        let opened = opening.unwrap_or(self.engine.now);
        let completed = rule
            .chain()
            .filter_map(|rule| match &rule.from {
                DueBase::Task(key) => Some(key),
                DueBase::ProcessStart
                | DueBase::Opened
                | DueBase::Attribute(_)
                | DueBase::Field(_)
                | DueBase::QuarterEnd
                | DueBase::FiscalYearStart
                | DueBase::FiscalYearEnd => None,
            })
            .filter_map(|key| Some((key.clone(), self.end_of(key)?)))
            .collect();
        let anchors = Expected {
            engine: self.engine,
            opened,
            completed,
        };
        let calendars = &self.engine.world.catalog.calendars;
        due::due(rule, &anchors, calendars, opened).map(|due| due.at)
    }

    /// When a task's turn is expected to come: with the last of the tasks before it, or with the first where one is enough.
    fn opening(&mut self, template: &TaskTemplate) -> Option<DateTime<Utc>> {
        let ends: Vec<Option<DateTime<Utc>>> = template
            .after
            .iter()
            .map(|edge| self.end_of(&edge.task))
            .collect();
        let turn = match template.join {
            Join::All => {
                let known: Option<Vec<_>> = ends.into_iter().collect();
                known?.into_iter().max()
            }
            Join::Any => ends.into_iter().flatten().min(),
        };
        turn.map(|turn| turn.max(self.engine.now))
    }

    fn end_of(&mut self, key: &str) -> Option<DateTime<Utc>> {
        let place = |key| {
            self.engine
                .run
                .tasks
                .iter()
                .position(|task| task.key == key)
        };
        place(key).and_then(|index| self.end(index))
    }
}

/// What due rules count from, as it is expected to be.
struct Expected<'e> {
    engine: &'e Engine<'e>,
    opened: DateTime<Utc>,
    completed: BTreeMap<String, DateTime<Utc>>,
}

impl Anchors for Expected<'_> {
    fn process_start(&self) -> DateTime<Utc> {
        self.engine.run.process.started_at
    }

    fn opened(&self) -> DateTime<Utc> {
        self.opened
    }

    fn completed(&self, task: &str) -> Option<DateTime<Utc>> {
        self.completed.get(task).copied()
    }

    fn attribute(&self, key: &str) -> Option<FieldValue> {
        self.engine.anchors(None).attribute(key)
    }

    fn field(&self, key: &str) -> Option<FieldValue> {
        self.engine.field(key).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        process::rehearsal::{Rehearsal, after, task},
        process_type::definition::{CalendarKind, DueAmount, DueRule, DueUnit},
    };

    fn due(days: i32, from: DueBase, template: TaskTemplate) -> TaskTemplate {
        TaskTemplate {
            due: Some(DueRule {
                amount: DueAmount::Fixed(days),
                unit: DueUnit::BusinessDays,
                from,
                calendar: CalendarKind::Market,
                fallback: None,
            }),
            ..template
        }
    }

    fn opened(days: i32, template: TaskTemplate) -> TaskTemplate {
        due(days, DueBase::Opened, template)
    }

    fn any(template: TaskTemplate) -> TaskTemplate {
        TaskTemplate {
            join: Join::Any,
            ..template
        }
    }

    /// The expected due dates by key, as days.
    fn expected(engine: &Engine<'_>) -> Vec<(String, Option<String>)> {
        (0..engine.run.tasks.len())
            .map(|index| {
                let day = engine
                    .projected_due(index)
                    .map(|at| at.date_naive().to_string());
                (engine.run.tasks[index].key.clone(), day)
            })
            .collect()
    }

    fn days(pairs: &[(&str, Option<&str>)]) -> Vec<(String, Option<String>)> {
        pairs
            .iter()
            .map(|(key, day)| ((*key).to_owned(), day.map(str::to_owned)))
            .collect()
    }

    /// E11; the rehearsal starts on Monday, 2026-03-02
    #[test]
    fn a_chain_is_counted_from_due_date_to_due_date() {
        let plan = Rehearsal::of([
            opened(2, task("a")),
            opened(1, after(&["a"], task("b"))),
            opened(1, after(&["b"], task("c"))),
        ]);
        let engine = plan.start();
        assert_eq!(
            expected(&engine),
            days(&[
                ("a", None),
                ("b", Some("2026-03-05")),
                ("c", Some("2026-03-06")),
            ])
        );
    }

    /// E2, E3
    #[test]
    fn all_wait_for_the_last_and_any_for_the_first() {
        let plan = Rehearsal::of([
            opened(1, task("a")),
            opened(3, task("b")),
            opened(0, after(&["a", "b"], task("all"))),
            opened(0, any(after(&["a", "b"], task("any")))),
        ]);
        let engine = plan.start();
        assert_eq!(
            expected(&engine)[2..],
            days(&[("all", Some("2026-03-05")), ("any", Some("2026-03-03"))])
        );
    }

    #[test]
    fn behind_a_task_that_is_never_due_nothing_can_be_told() {
        let plan = Rehearsal::of([
            task("a"),
            opened(1, after(&["a"], task("b"))),
            due(5, DueBase::ProcessStart, after(&["a"], task("c"))),
        ]);
        let engine = plan.start();
        assert_eq!(
            expected(&engine)[1..],
            days(&[("b", None), ("c", Some("2026-03-09"))])
        );
    }

    #[test]
    fn what_is_late_is_expected_now_and_not_in_the_past() {
        let plan = Rehearsal::of([opened(1, task("a")), opened(1, after(&["a"], task("b")))]);
        let run = plan.start().finish().0;
        let engine = plan.later(run, 14);
        assert_eq!(expected(&engine)[1..], days(&[("b", Some("2026-03-17"))]));
    }

    #[test]
    fn a_rule_may_count_from_a_task_that_is_not_done_yet() {
        let plan = Rehearsal::of([
            opened(2, task("a")),
            opened(2, after(&["a"], task("b"))),
            due(1, DueBase::Task("a".to_owned()), after(&["b"], task("c"))),
        ]);
        let engine = plan.start();
        // One day after `a` is before `c` can open: late from the start, it becomes the day on which it opens.
        assert_eq!(expected(&engine)[2..], days(&[("c", Some("2026-03-06"))]));
    }
}
