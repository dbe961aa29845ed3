//! Completing a task: what it needs, and everything that follows from it (E7).

use crate::{
    access::{Rule, execution::Decision},
    event::EventType,
    ids::{TaskId, UserId},
    process::{
        engine::Engine,
        error::{TaskError, permitted},
        input::{CompletionInput, EffectSource},
    },
    process_type::definition::{Outcome, TaskKind},
    task::{Completion, Task, TaskStatus, Via},
};

impl<'a> Engine<'a> {
    /// Completes a task as the decision lets this person. State and permission come first, then all faults of the content
    /// together; a refusal has changed nothing.
    pub fn complete(
        &mut self,
        id: TaskId,
        by: UserId,
        decision: &Decision,
        input: &CompletionInput,
    ) -> Result<(), TaskError> {
        if decision.rule == Rule::X13 {
            permitted(decision)?;
        }
        let index = self.index_of(id)?;
        self.executable(index)?;
        permitted(decision)?;
        let outcome = self.outcome(index, input.outcome.as_deref());
        if decision.via != Some(Via::Override) {
            self.within_rounds(index, outcome)?;
        }
        let faults = self.check_completion(index, input);
        if !faults.is_empty() {
            return Err(TaskError::Invalid(faults));
        }
        let before = self.run.tasks[index].clone();
        self.apply_content(index, input, by);
        let completion = Completion::of(by, decision, input, self.now);
        self.complete_with(index, &before, completion);
        Ok(())
    }

    pub(super) fn outcome(&self, index: usize, key: Option<&str>) -> Option<&'a Outcome> {
        self.template(index)?.outcome(key?)
    }

    /// Whether the outcome may send work back once more (E6).
    pub(super) fn within_rounds(
        &self,
        index: usize,
        outcome: Option<&Outcome>,
    ) -> Result<(), TaskError> {
        let Some(outcome) = outcome.filter(|outcome| outcome.reopens.is_some()) else {
            return Ok(());
        };
        // The rounds of a fan-out are its own, whichever of its children asks for another.
        let counted = self.parent(index).unwrap_or(index);
        let used = self.run.tasks[counted].rounds.get(&outcome.key);
        if used.is_some_and(|&used| used >= outcome.max_rounds) {
            return Err(TaskError::ReworkLimit {
                outcome: outcome.key.clone(),
                max_rounds: outcome.max_rounds,
            });
        }
        Ok(())
    }

    /// Closes the task, then does what its outcome says: effects, rework, the end of the process, or simply the next tasks.
    pub(super) fn complete_with(&mut self, index: usize, before: &Task, completion: Completion) {
        let by = completion.by;
        // What one child chose means nothing before all of them are closed (E24).
        let outcome = self
            .outcome(index, completion.outcome.as_deref())
            .filter(|_| !self.run.tasks[index].is_child());
        let chosen = completion.outcome.clone();
        let task = &mut self.run.tasks[index];
        task.complete(completion);
        if let Some(outcome) = outcome.filter(|outcome| outcome.reopens.is_some()) {
            *task.rounds.entry(outcome.key.clone()).or_default() += 1;
        }
        self.settle_submission(index, outcome);
        self.tell_task(EventType::TaskCompleted, Some(before), index);
        let marks = self.marks();
        if let Some(outcome) = outcome {
            self.mark_skips(index, outcome);
            self.set_result(index, outcome);
        }
        self.apply_attribute_fields(index, by);
        // The effects of a fan-out are those of each of its children.
        let template = self.template(index);
        let fans_out = self.run.tasks[index].kind == TaskKind::FanOut;
        if let Some(template) = template.filter(|_| !fans_out) {
            let source = EffectSource::Task {
                index,
                outcome: chosen,
            };
            self.apply_effects(&template.on_complete, &source);
        }
        self.keep_consequences(index, marks);
        if let Some(result) = outcome.and_then(|outcome| outcome.ends.as_deref()) {
            self.end_early(result);
        } else if let Some(key) = outcome.and_then(|outcome| outcome.reopens.as_deref()) {
            self.rework(key, by);
        } else {
            self.propagate(by);
        }
    }

    /// Marks the waiting tasks that the outcome makes needless (E4a).
    fn mark_skips(&mut self, index: usize, outcome: &Outcome) {
        let source = self.run.tasks[index].key.clone();
        for key in &outcome.skips {
            let marked = self.run.tasks.iter().position(|task| {
                task.key == *key
                    && !task.is_child()
                    && task.status == TaskStatus::Waiting
                    && task.skip_marked_by.is_none()
            });
            if let Some(marked) = marked {
                self.change_task(EventType::TaskUpdated, marked, |task| {
                    task.skip_marked_by = Some(source.clone());
                });
            }
        }
    }

    /// Notes the result with which the process is to end.
    fn set_result(&mut self, index: usize, outcome: &Outcome) {
        let Some(result) = &outcome.sets_result else {
            return;
        };
        let source = self.run.tasks[index].key.clone();
        self.change_process(EventType::ProcessUpdated, |process| {
            process.result = Some(result.clone());
            process.result_set_by = Some(source);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::Denied,
        process::{
            input::CompletionInput,
            rehearsal::{ANNA, Rehearsal, after, back, choice, no, outcome, task, tell_anna, yes},
        },
        process_type::definition::TaskTemplate,
    };

    fn nothing() -> CompletionInput {
        CompletionInput::default()
    }

    /// E7
    #[test]
    fn a_completion_keeps_who_by_which_route_and_why() {
        let plan = Rehearsal::of([choice("a", [outcome("yes")])]);
        let mut engine = plan.start();
        engine.finish_task("a", "yes").unwrap();
        let completion = engine.of("a").completion.as_ref().unwrap();
        assert_eq!(completion.by, Some(ANNA));
        assert_eq!(completion.via, Via::Owner);
        assert_eq!(completion.rule, "X1");
        assert_eq!(completion.reason, "owns the task");
        assert_eq!(completion.outcome.as_deref(), Some("yes"));
        assert_eq!(engine.of("a").started_at, Some(engine.now));
    }

    /// E7, X8
    #[test]
    fn a_task_that_waits_or_is_finished_cannot_be_completed() {
        let plan = Rehearsal::of([task("a"), task("b"), after(&["a"], task("c"))]);
        let mut engine = plan.start();
        engine.done(&["b"]);
        engine.told();
        for (key, status) in [("c", TaskStatus::Waiting), ("b", TaskStatus::Completed)] {
            let refused = engine.finish_task(key, "");
            assert_eq!(refused, Err(TaskError::NotExecutable { status }));
        }
        assert!(engine.told().is_empty());
    }

    /// E7
    #[test]
    fn without_permission_nothing_is_said_of_the_content() {
        let plan = Rehearsal::of([choice("a", [outcome("yes")])]);
        let mut engine = plan.start();
        let refused = engine.complete(engine.id("a"), ANNA, &no(Rule::X5), &nothing());
        assert!(matches!(
            refused,
            Err(TaskError::Denied(Denied::Forbidden { rule: Rule::X5, .. }))
        ));
    }

    /// X13 before X8
    #[test]
    fn the_inactive_do_not_learn_the_status() {
        let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
        let mut engine = plan.start();
        let refused = engine.complete(engine.id("b"), ANNA, &no(Rule::X13), &nothing());
        assert!(matches!(refused, Err(TaskError::Denied(_))));
    }

    /// E7
    #[test]
    fn faults_of_the_content_change_nothing() {
        let plan = Rehearsal::of([choice("a", [outcome("yes")])]);
        let mut engine = plan.start();
        let before = engine.run.clone();
        let refused = engine.complete(engine.id("a"), ANNA, &yes(), &nothing());
        assert!(matches!(refused, Err(TaskError::Invalid(faults)) if !faults.is_empty()));
        assert_eq!(engine.run, before);
    }

    /// E7
    #[test]
    fn a_task_on_hold_can_be_completed() {
        let plan = Rehearsal::of([task("a"), task("b")]);
        let mut engine = plan.start();
        let hold = crate::process::hold::HoldInput {
            reason: crate::task::HoldReason::Client,
            note: None,
            pause_clock: false,
            nigo: crate::process::submitting::NigoInput::default(),
        };
        engine.hold_task(engine.id("a"), &yes(), hold).unwrap();
        engine.done(&["a"]);
        assert_eq!(engine.overview(), "a:completed b:open");
        assert_eq!(engine.of("a").hold, None);
    }

    /// E13
    #[test]
    fn effects_come_before_what_opens_next() {
        let plan = Rehearsal::of([
            TaskTemplate {
                on_complete: vec![tell_anna("a is done")],
                ..task("a")
            },
            after(&["a"], task("b")),
        ]);
        let mut engine = plan.start();
        engine.told();
        engine.done(&["a"]);
        let told = engine.told();
        assert_eq!(told.first().map(String::as_str), Some("task.completed a"));
        assert_eq!(told.last().map(String::as_str), Some("task.opened b"));
        assert!(told.len() > 2);
    }

    /// E13, E6
    #[test]
    fn the_answer_lists_what_became_of_the_tasks() {
        let plan = Rehearsal::of([
            task("a"),
            choice("x", [back("again", "a"), outcome("on")]),
            after(&["x=on"], task("b")),
            after(&["x=off"], task("c")),
        ]);
        let mut engine = plan.start();
        engine.changes = crate::process::run::Changes::default();
        engine.finish_task("x", "on").unwrap();
        let effects = &engine.changes.effects;
        assert_eq!(effects.opened, [engine.id("b")]);
        assert_eq!(effects.not_taken, [engine.id("c")]);
        assert!(effects.withdrawn.is_empty());
    }
}
