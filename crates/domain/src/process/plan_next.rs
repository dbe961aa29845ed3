//! The next run of a type, planned by a completion or a result (E13, `schedule_next`).

use super::{effects::Occasion, engine::Engine};
use crate::{
    calendar::due,
    ids::EntityId,
    job::{Job, PlanRequest},
    process_type::definition::DueRule,
};

impl Engine<'_> {
    /// Asks for one planned run per record; where there is no record, or nothing to count from, tells that none will start.
    pub(super) fn plan_next(
        &mut self,
        records: &[EntityId],
        process_type: &str,
        at: &DueRule,
        unless_open: bool,
        occasion: &Occasion<'_>,
    ) {
        let task = occasion.source.task();
        let calendars = &self.world.catalog.calendars;
        let due = due::due(at, &self.anchors(task), calendars, self.now);
        let (Some(due), false) = (due, records.is_empty()) else {
            self.not_started(process_type, self.task_of(occasion));
            return;
        };
        for &entity_id in records {
            let request = PlanRequest {
                process_type: process_type.to_owned(),
                entity_id,
                at: due.at,
                unless_open,
                process_id: self.run.process.id,
                task_id: self.task_of(occasion),
                attempt: task.map(|index| self.run.tasks[index].attempt),
            };
            self.changes.jobs.push(Job::PlanNext(request));
        }
    }

    /// Whether a run that was to be planned is still wanted: its task has not been undone since (E8).
    #[must_use]
    pub fn still_plans(&self, request: &PlanRequest) -> bool {
        let task = request.task_id.and_then(|id| self.run.task_by_id(id));
        let undone = task.is_some_and(|task| {
            task.attempts
                .iter()
                .any(|earlier| earlier.undone && Some(earlier.attempt) == request.attempt)
        });
        !undone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::EventType,
        process::rehearsal::{CLIENT, Rehearsal, task},
        process_type::definition::{
            CalendarKind, DueAmount, DueBase, DueUnit, Effect, EffectAction, Target, TaskTemplate,
        },
    };

    fn plans(from: DueBase) -> TaskTemplate {
        let effect = Effect {
            if_outcome: None,
            when: None,
            each: None,
            of: Target::Subject,
            unless_open: true,
            action: EffectAction::ScheduleNext {
                process_type: "contact".to_owned(),
                at: DueRule {
                    amount: DueAmount::Fixed(2),
                    unit: DueUnit::BusinessDays,
                    from,
                    calendar: CalendarKind::Market,
                    fallback: None,
                },
            },
        };
        TaskTemplate {
            on_complete: vec![effect],
            ..task("a")
        }
    }

    /// E13: the request says who asks, so that an undone completion plans nothing (E8).
    #[test]
    fn a_completion_asks_for_the_next_run() {
        let plan = Rehearsal::of([plans(DueBase::Opened), task("b")]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        let [Job::PlanNext(request)] = &engine.changes.jobs[..] else {
            panic!("{:?}", engine.changes.jobs);
        };
        let request = request.clone();
        assert_eq!((request.entity_id, request.unless_open), (CLIENT, true));
        assert_eq!(request.task_id, Some(engine.id("a")));
        assert_eq!(request.attempt, Some(1));
        assert!(request.at > engine.world.ambient.now());
        assert!(engine.still_plans(&request));
        let index = engine.index_of(engine.id("a")).unwrap();
        let now = engine.now;
        engine.run.tasks[index].take_back(None, now);
        assert!(!engine.still_plans(&request));
    }

    /// E13
    #[test]
    fn without_a_date_nothing_is_planned_and_it_is_told() {
        let from = DueBase::Attribute("renewal".to_owned());
        let plan = Rehearsal::of([plans(from), task("b")]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        assert_eq!(engine.changes.jobs, []);
        let told = engine.changes.occurrences.iter();
        let not_started = told.filter(|told| told.event == EventType::ProcessNotStarted);
        assert_eq!(not_started.count(), 1);
    }
}
