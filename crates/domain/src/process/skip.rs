//! Skipping a task by hand (E23).

use crate::{
    access::execution::Decision,
    ids::{TaskId, UserId},
    process::{
        cancel::Children,
        engine::Engine,
        error::{TaskError, Unskippable, permitted},
    },
    process_type::definition::TaskKind,
};

impl Engine<'_> {
    /// Skips a task that is being worked on, for a reason; what comes after it goes on as if it were done. Where a process is
    /// under way for it, or for children of it, the fate of that has to be told as in cancelling (E15, E25).
    pub fn skip_by_hand(
        &mut self,
        id: TaskId,
        by: UserId,
        decision: &Decision,
        reason: &str,
        children: Option<Children>,
    ) -> Result<(), TaskError> {
        permitted(decision)?;
        let index = self.index_of(id)?;
        self.run.tasks[index].active()?;
        self.moving(index)?;
        self.skippable(index).map_err(TaskError::NotSkippable)?;
        let skipped = self.with_unfinished_children(index);
        let fate = self
            .fate_of_children(&skipped, children)
            .map_err(|fault| TaskError::Invalid(vec![fault]))?;
        self.settle_children(&skipped, fate, Some(by), reason);
        self.skip(index, reason);
        self.propagate(Some(by));
        Ok(())
    }

    /// Whether the task may be skipped by hand at all, whoever asks.
    fn skippable(&self, index: usize) -> Result<(), Unskippable> {
        let task = &self.run.tasks[index];
        match task.kind {
            TaskKind::Approval => return Err(Unskippable::Approval),
            TaskKind::Decision => return Err(Unskippable::Decision),
            TaskKind::Task | TaskKind::Wait | TaskKind::FanOut | TaskKind::Subprocess => {}
        }
        let mut others = self.run.tasks.iter();
        if let Some(other) = others.find(|other| other.separate_from.contains(&task.key)) {
            return Err(Unskippable::Separated {
                by: other.key.clone(),
            });
        }
        if self
            .template(index)
            .is_some_and(|template| !template.skippable)
        {
            return Err(Unskippable::Template);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::Rule,
        ids::ProcessId,
        job::Job,
        process::rehearsal::{ANNA, Rehearsal, after, choice, no, outcome, subprocess, task, yes},
        process_type::definition::TaskTemplate,
        task::TaskStatus,
    };
    use uuid::Uuid;

    fn skip(engine: &mut Engine<'_>, key: &str) -> Result<(), TaskError> {
        engine.skip_by_hand(
            engine.id(key),
            ANNA,
            &yes(),
            "The client has it already.",
            None,
        )
    }

    /// E23
    #[test]
    fn what_is_skipped_by_hand_passes_on() {
        let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
        let mut engine = plan.start();
        skip(&mut engine, "a").unwrap();
        assert_eq!(engine.overview(), "a:skipped b:open");
        let reason = engine.of("a").closed_reason.as_deref();
        assert_eq!(reason, Some("The client has it already."));
    }

    /// E23
    #[test]
    fn approvals_decisions_separated_and_unskippable_tasks_are_refused() {
        let plan = Rehearsal::of([
            TaskTemplate {
                kind: TaskKind::Approval,
                separate_from: vec!["prepared".to_owned()],
                ..choice("approval", [outcome("yes")])
            },
            choice("decision", [outcome("yes")]),
            task("prepared"),
            TaskTemplate {
                skippable: false,
                ..task("needed")
            },
        ]);
        let mut engine = plan.start();
        let by = "approval".to_owned();
        for (key, why) in [
            ("approval", Unskippable::Approval),
            ("decision", Unskippable::Decision),
            ("prepared", Unskippable::Separated { by }),
            ("needed", Unskippable::Template),
        ] {
            let refused = skip(&mut engine, key);
            assert_eq!(refused, Err(TaskError::NotSkippable(why)), "{key}");
        }
    }

    /// E23
    #[test]
    fn a_task_that_waits_cannot_be_skipped_ahead() {
        let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
        let mut engine = plan.start();
        let status = TaskStatus::Waiting;
        let refused = skip(&mut engine, "b");
        assert_eq!(refused, Err(TaskError::NotExecutable { status }));
    }

    const CHILD: ProcessId = ProcessId(Uuid::from_u128(0xD));

    /// Skips a task whose child is under way, or about to be.
    fn over_child(
        started: bool,
        fate: Option<Children>,
    ) -> (Result<(), TaskError>, TaskStatus, Vec<Job>) {
        let plan = Rehearsal::of([subprocess("move", &[]), task("b")]);
        let mut engine = plan.start();
        let id = engine.id("move");
        if started {
            engine.child_started(id, Some(CHILD)).unwrap();
        }
        engine.changes.jobs.clear();
        let answer = engine.skip_by_hand(id, ANNA, &yes(), "Done by hand.", fate);
        (answer, engine.of("move").status, engine.changes.jobs)
    }

    /// E23, E25, E15
    #[test]
    fn the_fate_of_a_process_that_is_under_way_has_to_be_told() {
        for started in [true, false] {
            let (answer, status, jobs) = over_child(started, None);
            let Err(TaskError::Invalid(faults)) = answer else {
                panic!("a fault was expected");
            };
            assert_eq!(
                (&*faults[0].pointer, status),
                ("/children", TaskStatus::Open)
            );
            assert!(jobs.is_empty());
        }
    }

    /// E23, E25, E15
    #[test]
    fn a_process_that_is_under_way_is_cancelled_by_job_or_kept() {
        let cancelled = Job::CancelProcess {
            process_id: CHILD,
            reason: "Done by hand.".to_owned(),
            by: Some(ANNA),
        };
        for (started, fate, expected) in [
            (true, Children::Cancel, vec![cancelled]),
            (true, Children::Keep, Vec::new()),
            (false, Children::Cancel, Vec::new()),
        ] {
            let (answer, status, jobs) = over_child(started, Some(fate));
            answer.unwrap();
            assert_eq!((status, jobs), (TaskStatus::Skipped, expected));
        }
    }

    /// E23, E25
    #[test]
    fn over_a_process_that_has_failed_there_is_nothing_to_tell() {
        let plan = Rehearsal::of([subprocess("move", &[]), task("b")]);
        let mut engine = plan.start();
        let id = engine.id("move");
        engine.child_started(id, Some(CHILD)).unwrap();
        engine.child_ended(id, CHILD, None).unwrap();
        skip(&mut engine, "move").unwrap();
        assert_eq!(engine.overview(), "move:skipped b:open");
    }

    /// X7
    #[test]
    fn skipping_needs_a_decision_in_favour() {
        let plan = Rehearsal::of([task("a")]);
        let mut engine = plan.start();
        let refused = engine.skip_by_hand(engine.id("a"), ANNA, &no(Rule::X7), "why", None);
        assert!(matches!(refused, Err(TaskError::Denied(_))));
        assert_eq!(engine.overview(), "a:open");
    }
}
