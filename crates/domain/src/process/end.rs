//! How a process ends: by itself, or at once by an outcome (E15).

use crate::{
    event::EventType,
    job::Job,
    process::{ProcessStatus, engine::Engine, input::EffectSource},
    process_type::definition::COMPLETED,
};

impl Engine<'_> {
    /// The process completes once no blocking task is left to be done (E15).
    pub(super) fn complete_when_done(&mut self) {
        let mut blocking = self.run.tasks.iter().filter(|task| task.blocking);
        if blocking.all(|task| task.status.is_finished()) {
            let result = self.run.process.result.clone();
            self.end(result.as_deref().unwrap_or(COMPLETED));
        }
    }

    /// An outcome ends the process at once: nothing opens, the rest is cancelled, children go on (E15).
    pub(super) fn end_early(&mut self, result: &str) {
        self.cancel_unfinished(&format!("The process ended with the result `{result}`."));
        self.end(result);
    }

    /// Reaches a result and runs its effects.
    fn end(&mut self, result: &str) {
        let now = self.now;
        self.change_process(EventType::ProcessCompleted, |process| {
            process.status = ProcessStatus::Completed;
            process.result = Some(result.to_owned());
            process.ended_at = Some(now);
        });
        self.bring_end_to_parent(Some(result.to_owned()));
        if let Some(reached) = self.definition.result(result) {
            self.apply_effects(&reached.effects, &EffectSource::Result);
        }
    }

    /// Tells the task that waits for this process that it has ended (E25).
    pub(super) fn bring_end_to_parent(&mut self, result: Option<String>) {
        let Some(parent) = self.run.process.parent.filter(|parent| parent.waited_for) else {
            return;
        };
        if let Some(task_id) = parent.task_id {
            self.changes.jobs.push(Job::ChildEnded {
                process_id: parent.process_id,
                task_id,
                child_id: self.run.process.id,
                result,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        process::rehearsal::{Rehearsal, after, choice, outcome, task, tell_anna},
        process_type::definition::Outcome,
    };

    /// E15
    #[test]
    fn a_process_completes_when_nothing_is_left_and_runs_its_results_effects() {
        let plan = Rehearsal::of([task("a")]).with_result(COMPLETED, vec![tell_anna("done")]);
        let mut engine = plan.start();
        engine.done(&["a"]);
        let process = &engine.run.process;
        assert_eq!(process.status, ProcessStatus::Completed);
        assert_eq!(process.result.as_deref(), Some(COMPLETED));
        assert_eq!(process.ended_at, Some(engine.now));
        assert_eq!(engine.changes.notifications.len(), 1);
    }

    /// E15
    #[test]
    fn an_outcome_that_ends_cancels_the_rest_and_opens_nothing() {
        let refused = Outcome {
            ends: Some("refused".to_owned()),
            ..outcome("no")
        };
        let plan = Rehearsal::of([
            choice("a", [refused, outcome("yes")]),
            task("b"),
            after(&["a"], task("c")),
        ])
        .with_result("refused", vec![tell_anna("refused")]);
        let mut engine = plan.start();
        engine.told();
        engine.finish_task("a", "no").unwrap();
        assert_eq!(engine.overview(), "a:completed b:cancelled c:cancelled");
        assert_eq!(engine.run.process.result.as_deref(), Some("refused"));
        let told = engine.told();
        assert_eq!(
            told[..4],
            [
                "task.completed a",
                "task.cancelled b",
                "task.cancelled c",
                "process.completed"
            ]
        );
        assert_eq!(engine.changes.notifications.len(), 1);
    }

    /// E15
    #[test]
    fn a_result_that_was_set_on_the_way_is_the_one_reached() {
        let declined = Outcome {
            sets_result: Some("declined".to_owned()),
            ..outcome("no")
        };
        let plan = Rehearsal::of([choice("a", [declined]), after(&["a"], task("b"))]);
        let mut engine = plan.start();
        engine.finish_task("a", "no").unwrap();
        assert_eq!(engine.run.process.status, ProcessStatus::Running);
        engine.done(&["b"]);
        assert_eq!(engine.run.process.status, ProcessStatus::Completed);
        assert_eq!(engine.run.process.result.as_deref(), Some("declined"));
    }
}
