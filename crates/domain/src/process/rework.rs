//! Sending work back: an outcome reopens a task, and everything behind it begins anew (E6).

use std::collections::BTreeSet;

use crate::{
    event::EventType,
    ids::UserId,
    process::{engine::Engine, fan_out::kind_of, start::checklist_of},
    process_type::definition::TaskTemplate,
    task::TaskStatus,
};

impl<'a> Engine<'a> {
    /// Withdraws the attempts of a task and of everything downstream of it, then moves on: the task opens again.
    pub(super) fn rework(&mut self, key: &str, by: Option<UserId>) {
        let withdrawn = self.downstream(key);
        for index in 0..self.run.tasks.len() {
            let Some(template) = self.template(index) else {
                continue;
            };
            if !withdrawn.contains(template.key.as_str()) || self.outlasts_rework(index) {
                continue;
            }
            let mark = if self.run.tasks[index].is_child() {
                None
            } else {
                self.mark_outside(&template.key, &withdrawn)
            };
            if self.run.tasks[index].status == TaskStatus::Waiting {
                self.mark(index, mark);
            } else {
                self.withdraw(index, template, mark);
            }
        }
        self.forget_result(&withdrawn);
        self.propagate(by);
    }

    /// Takes one task back to waiting, as its template has it.
    pub(super) fn withdraw(&mut self, index: usize, template: &TaskTemplate, mark: Option<String>) {
        let now = self.now;
        self.change_task(EventType::TaskWithdrawn, index, |task| {
            task.withdraw(now);
            task.kind = kind_of(template, task.is_child());
            task.checklist = checklist_of(template, task.is_child());
            task.title.clone_from(&template.title);
            task.description.clone_from(&template.description);
            task.skip_marked_by = mark;
        });
        self.changes
            .effects
            .withdrawn
            .push(self.run.tasks[index].id);
    }

    /// Notes whose outcome marks a task that waits to be skipped, if any still does (E4a).
    pub(super) fn mark(&mut self, index: usize, mark: Option<String>) {
        if self.run.tasks[index].skip_marked_by != mark {
            self.change_task(EventType::TaskUpdated, index, |task| {
                task.skip_marked_by = mark;
            });
        }
    }

    /// The task and all that come after it, by whatever way.
    pub(super) fn downstream(&self, key: &str) -> BTreeSet<&'a str> {
        let templates = &self.definition.tasks;
        let mut found: BTreeSet<&str> = templates
            .iter()
            .map(|template| template.key.as_str())
            .filter(|template| *template == key)
            .collect();
        loop {
            let before = found.len();
            for template in templates {
                if template
                    .after
                    .iter()
                    .any(|edge| found.contains(edge.task.as_str()))
                {
                    found.insert(&template.key);
                }
            }
            if found.len() == before {
                return found;
            }
        }
    }

    /// The task outside the withdrawn ones whose outcome still marks this one to be skipped (E4a).
    pub(super) fn mark_outside(&self, key: &str, withdrawn: &BTreeSet<&str>) -> Option<String> {
        let standing = self.run.tasks.iter().enumerate().find(|(index, task)| {
            !task.is_child()
                && !withdrawn.contains(task.key.as_str())
                && self
                    .outcome(*index, task.outcome())
                    .is_some_and(|outcome| outcome.skips.iter().any(|skipped| skipped == key))
        });
        standing.map(|(_, task)| task.key.clone())
    }

    /// Forgets a result that a withdrawn attempt set; one set earlier, by an attempt that stands, holds again.
    pub(super) fn forget_result(&mut self, withdrawn: &BTreeSet<&str>) {
        let source = self.run.process.result_set_by.as_deref();
        if source.is_none_or(|source| !withdrawn.contains(source)) {
            return;
        }
        let standing = self
            .run
            .tasks
            .iter()
            .enumerate()
            .filter(|(_, task)| !task.is_child())
            .filter_map(|(index, task)| {
                let outcome = self.outcome(index, task.outcome())?;
                Some((task.closed_at, &task.key, outcome.sets_result.as_ref()?))
            });
        let latest = standing
            .max_by_key(|(closed_at, ..)| *closed_at)
            .map(|(_, key, result)| (key.clone(), result.clone()));
        self.change_process(EventType::ProcessUpdated, |process| {
            (process.result_set_by, process.result) = latest.unzip();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::execution::Decision,
        process::{
            error::TaskError,
            fixture::field,
            input::CompletionInput,
            owner::preparers,
            rehearsal::{ANNA, BEN, Rehearsal, after, back, choice, outcome, task, yes},
        },
        process_type::definition::{ChecklistItem, Outcome, OwnerRule, TaskKind},
        task::Via,
        user::UserStatus,
        value::{FieldType, FieldValue},
    };

    /// Write, then two branches, then a check of the first that may send it back.
    fn plan() -> Rehearsal {
        let checklist = ChecklistItem {
            key: "read".to_owned(),
            text: "Read it".to_owned(),
            required: false,
        };
        Rehearsal::of([
            TaskTemplate {
                checklist: vec![checklist],
                form: vec![field("pages", FieldType::Text)],
                ..task("write")
            },
            after(
                &["write"],
                choice("check", [outcome("good"), back("bad", "write")]),
            ),
            after(&["write"], task("print")),
            after(&["print"], task("bind")),
            after(&["check=good", "bind"], task("send")),
            task("apart"),
        ])
    }

    /// E6
    #[test]
    fn rework_withdraws_everything_downstream_parallel_branches_too() {
        let plan = plan();
        let mut engine = plan.start();
        engine.done(&["write", "print"]);
        engine.told();
        engine.finish_task("check", "bad").unwrap();
        assert_eq!(
            engine.overview(),
            "write:open check:waiting print:waiting bind:waiting send:waiting apart:open"
        );
        assert_eq!(
            engine.told(),
            [
                "task.completed check",
                "task.withdrawn write",
                "task.withdrawn check",
                "task.withdrawn print",
                "task.withdrawn bind",
                "task.opened write"
            ]
        );
        let effects = &engine.changes.effects;
        let withdrawn = ["write", "check", "print", "bind"].map(|key| engine.id(key));
        assert_eq!(effects.withdrawn, withdrawn);
    }

    /// E6
    #[test]
    fn an_attempt_that_opened_is_kept_and_the_next_one_counts_on() {
        let plan = plan();
        let mut engine = plan.start();
        let input = CompletionInput {
            checklist: [("read".to_owned(), true)].into(),
            form: [("pages".to_owned(), Some(FieldValue::Text("9".to_owned())))].into(),
            ..CompletionInput::default()
        };
        engine
            .complete(engine.id("write"), BEN, &yes(), &input)
            .unwrap();
        engine.finish_task("check", "bad").unwrap();

        let write = engine.of("write");
        assert_eq!(write.attempt, 2);
        let [first] = &write.attempts[..] else {
            panic!("one attempt was withdrawn, not {}", write.attempts.len());
        };
        assert_eq!(first.attempt, 1);
        assert_eq!(first.status, TaskStatus::Completed);
        assert_eq!(first.completion.as_ref().unwrap().by, Some(BEN));
        assert!(first.checklist[0].done);
        assert!(!write.checklist[0].done);
        assert_eq!(write.form, first.form);
        assert_eq!(write.form.len(), 1);
        assert_eq!(write.completion, None);
        assert_eq!(engine.of("send").attempt, 1);
        assert!(engine.of("send").attempts.is_empty());
    }

    /// E6
    #[test]
    fn a_task_can_send_itself_back() {
        let plan = Rehearsal::of([choice("a", [back("again", "a"), outcome("on")])]);
        let mut engine = plan.start();
        engine.finish_task("a", "again").unwrap();
        assert_eq!(engine.overview(), "a:open");
        assert_eq!(engine.of("a").attempt, 2);
        assert_eq!(engine.of("a").rounds.get("again"), Some(&1));
    }

    /// E6
    #[test]
    fn the_owner_stays_unless_no_longer_able() {
        let mut plan = Rehearsal::of([
            task("a"),
            after(&["a"], choice("b", [back("bad", "a"), outcome("good")])),
        ]);
        let mut engine = plan.start();
        let yes = yes();
        engine.assign(engine.id("a"), BEN, &yes, &yes).unwrap();
        engine.done(&["a"]);
        engine.finish_task("b", "bad").unwrap();
        assert_eq!(engine.of("a").owner_id, Some(BEN));

        engine.done(&["a"]);
        let (run, _) = engine.finish();
        plan.around.people.get_mut(&BEN).unwrap().status = UserStatus::Inactive;
        let mut engine = plan.later(run, 0);
        engine.finish_task("b", "bad").unwrap();
        assert_eq!(engine.of("a").owner_id, Some(ANNA));
    }

    fn limited() -> Rehearsal {
        let twice = Outcome {
            max_rounds: 2,
            ..back("again", "a")
        };
        Rehearsal::of([choice("a", [twice, outcome("on")])])
    }

    /// E6
    #[test]
    fn an_outcome_sends_back_only_so_often() {
        let plan = limited();
        let mut engine = plan.start();
        engine.finish_task("a", "again").unwrap();
        engine.finish_task("a", "again").unwrap();
        let refused = engine.finish_task("a", "again");
        let max_rounds = 2;
        let outcome = "again".to_owned();
        assert_eq!(
            refused,
            Err(TaskError::ReworkLimit {
                outcome,
                max_rounds
            })
        );
        assert_eq!(engine.of("a").attempt, 3);
        engine.finish_task("a", "on").unwrap();
    }

    /// E6, X12
    #[test]
    fn an_override_goes_beyond_the_limit() {
        let plan = limited();
        let mut engine = plan.start();
        engine.finish_task("a", "again").unwrap();
        engine.finish_task("a", "again").unwrap();
        let decision = Decision {
            via: Some(Via::Override),
            ..yes()
        };
        let input = CompletionInput {
            outcome: Some("again".to_owned()),
            override_reason: Some("The client insists.".to_owned()),
            ..CompletionInput::default()
        };
        engine
            .complete(engine.id("a"), ANNA, &decision, &input)
            .unwrap();
        assert_eq!(engine.of("a").attempt, 4);
        let withdrawn = &engine.of("a").attempts[2].completion;
        let reason = &withdrawn.as_ref().unwrap().reason;
        assert!(reason.ends_with("The client insists."), "{reason}");
    }

    fn setting(key: &str, result: &str) -> Outcome {
        Outcome {
            sets_result: Some(result.to_owned()),
            ..outcome(key)
        }
    }

    /// E6
    #[test]
    fn a_result_set_by_a_withdrawn_attempt_is_forgotten() {
        let plan = Rehearsal::of([
            choice("first", [setting("small", "small"), outcome("plain")]),
            after(&["first"], choice("second", [setting("large", "large")])),
            after(
                &["second"],
                choice("check", [back("bad", "second"), outcome("good")]),
            ),
        ]);
        let mut engine = plan.start();
        engine.finish_task("first", "plain").unwrap();
        engine.finish_task("second", "large").unwrap();
        assert_eq!(engine.run.process.result.as_deref(), Some("large"));
        engine.finish_task("check", "bad").unwrap();
        assert_eq!(engine.run.process.result, None);
        assert_eq!(engine.run.process.result_set_by, None);
    }

    /// E6
    #[test]
    fn a_result_set_by_an_attempt_that_stands_holds_again() {
        let plan = Rehearsal::of([
            choice("first", [setting("small", "small")]),
            after(&["first"], choice("second", [setting("large", "large")])),
            after(&["second"], choice("check", [back("bad", "second")])),
        ]);
        let mut engine = plan.start();
        engine.finish_task("first", "small").unwrap();
        engine.finish_task("second", "large").unwrap();
        engine.finish_task("check", "bad").unwrap();
        assert_eq!(engine.run.process.result.as_deref(), Some("small"));
        assert_eq!(engine.run.process.result_set_by.as_deref(), Some("first"));
    }

    fn skipping(key: &str) -> Outcome {
        Outcome {
            skips: vec!["c".to_owned()],
            ..outcome(key)
        }
    }

    /// E4a
    #[test]
    fn rework_of_the_task_that_set_a_mark_takes_it_back() {
        let plan = Rehearsal::of([
            choice("a", [skipping("quick"), outcome("thorough")]),
            after(&["a"], choice("b", [back("bad", "a"), outcome("good")])),
            after(&["b"], task("c")),
        ]);
        let mut engine = plan.start();
        engine.finish_task("a", "quick").unwrap();
        engine.finish_task("b", "bad").unwrap();
        assert_eq!(engine.of("c").skip_marked_by, None);
        engine.finish_task("a", "thorough").unwrap();
        engine.finish_task("b", "good").unwrap();
        assert_eq!(engine.overview(), "a:completed b:completed c:open");
    }

    /// E4a
    #[test]
    fn rework_behind_the_task_that_set_a_mark_leaves_it() {
        let plan = Rehearsal::of([
            choice("a", [skipping("quick")]),
            after(&["a"], choice("b", [back("bad", "b"), outcome("good")])),
            after(&["b"], task("c")),
        ]);
        let mut engine = plan.start();
        engine.finish_task("a", "quick").unwrap();
        engine.finish_task("b", "bad").unwrap();
        assert_eq!(engine.of("c").skip_marked_by.as_deref(), Some("a"));
        engine.finish_task("b", "good").unwrap();
        assert_eq!(engine.overview(), "a:completed b:completed c:skipped");
    }

    /// E21
    #[test]
    fn after_rework_of_an_approval_the_same_approver_may_approve_again() {
        let approval = TaskTemplate {
            kind: TaskKind::Approval,
            separate_from: vec!["write".to_owned()],
            owner: vec![OwnerRule::User(BEN)],
            ..choice("approve", [outcome("yes"), back("no", "write")])
        };
        let plan = Rehearsal::of([task("write"), after(&["write"], approval)]);
        let mut engine = plan.start();
        engine.done(&["write"]);
        engine.finish_by(BEN, "approve", "no").unwrap();
        engine.done(&["write"]);
        let refused = preparers(&engine.run, engine.of("approve"));
        assert!(refused.contains(&ANNA));
        assert!(!refused.contains(&BEN));
        assert_eq!(engine.of("approve").owner_id, Some(BEN));
        engine.finish_by(BEN, "approve", "yes").unwrap();
    }
}
