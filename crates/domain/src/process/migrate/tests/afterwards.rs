use uuid::Uuid;

use super::{in_days, item, nothing, to, version_2};
use crate::{
    ids::ProcessId,
    job::Job,
    process::{
        engine::Engine,
        rehearsal::{ANNA, Rehearsal, after, back, choice, outcome, subprocess, task, yes},
        run::Run,
        undo::UndoFacts,
    },
    process_type::definition::{ChecklistItem, DueUnit, Offset, Outcome, Reminder, TaskTemplate},
};

fn skipping(key: &str, target: &str) -> Outcome {
    Outcome {
        skips: vec![target.to_owned()],
        ..outcome(key)
    }
}

/// E4a
#[test]
fn what_is_to_be_skipped_follows_from_the_outcomes_as_the_version_has_them() {
    let plan = |marked: &str| {
        Rehearsal::of([
            choice("a", [skipping("quick", marked)]),
            after(&["a"], task("b")),
            after(&["b"], task("c")),
            after(&["b"], task("d")),
        ])
    };
    let (old, new) = (plan("c"), plan("d"));
    let (none, mut engine) = (nothing(), old.start());
    engine.finish_task("a", "quick").unwrap();
    engine.moved(to(&new.definition, &none));
    engine.done(&["b"]);
    assert_eq!(
        engine.overview(),
        "a:completed b:completed c:open d:skipped"
    );
}

/// E8
#[test]
fn taking_back_other_work_leaves_alone_what_opened_under_the_old_version() {
    let old = Rehearsal::of([task("a"), task("b"), after(&["b"], task("c"))]);
    let new = version_2(
        &old,
        [
            task("a"),
            task("b"),
            task("first"),
            after(&["b", "first"], task("c")),
        ],
    );
    let (none, mut engine) = (nothing(), old.start());
    engine.done(&["a", "b"]);
    engine.moved(to(&new, &none));
    let (id, facts) = (engine.id("a"), UndoFacts::default());
    engine.reopen(id, ANNA, &yes(), None, &facts).unwrap();
    assert_eq!(
        engine.overview(),
        "a:in_progress b:completed first:open c:open"
    );
}

fn setting(key: &str, result: &str) -> Outcome {
    Outcome {
        sets_result: Some(result.to_owned()),
        ..outcome(key)
    }
}

/// E15
#[test]
fn the_result_that_is_set_is_the_versions() {
    let plan = |result: &str| {
        Rehearsal::of([choice("a", [setting("no", result)]), task("b")]).with_result(result, vec![])
    };
    let (old, new) = (plan("declined"), plan("refused"));
    let (none, mut engine) = (nothing(), old.start());
    engine.finish_task("a", "no").unwrap();
    assert_eq!(engine.run.process.result.as_deref(), Some("declined"));
    engine.moved(to(&new.definition, &none));
    assert_eq!(engine.run.process.result.as_deref(), Some("refused"));
    assert_eq!(engine.run.process.result_set_by.as_deref(), Some("a"));
}

/// E6
#[test]
fn work_that_is_sent_back_later_follows_the_new_version() {
    let checked = |items: Vec<ChecklistItem>| TaskTemplate {
        checklist: items,
        ..task("write")
    };
    let plan = Rehearsal::of([
        checked(vec![]),
        after(
            &["write"],
            choice("check", [outcome("good"), back("bad", "write")]),
        ),
    ]);
    let mut parts = plan.definition.tasks.clone();
    parts[0] = checked(vec![item("proof", "Proofread")]);
    let new = version_2(&plan, parts);
    let (none, mut engine) = (nothing(), plan.start());
    engine.done(&["write"]);
    engine.moved(to(&new, &none));
    assert!(engine.of("write").checklist.is_empty(), "it is done");
    engine.finish_task("check", "bad").unwrap();
    assert_eq!(engine.of("write").checklist[0].key, "proof");
}

/// E25
#[test]
fn a_child_that_runs_brings_its_end_to_the_moved_process() {
    let child = ProcessId(Uuid::from_u128(0xD));
    let plan = Rehearsal::of([subprocess("wait", &[("done", "good")])]);
    let new = version_2(
        &plan,
        [
            subprocess("wait", &[("done", "fine")]),
            after(&["wait=fine"], task("thank")),
        ],
    );
    let (none, mut engine) = (nothing(), plan.start());
    let wait = engine.id("wait");
    engine.moved(to(&new, &none));
    assert!(
        engine.wants_child(wait),
        "the start that was asked for still comes"
    );
    engine.child_started(wait, Some(child)).unwrap();
    engine.child_ended(wait, child, Some("done")).unwrap();
    assert_eq!(engine.overview(), "wait:completed thank:open");
}

fn reminded(days: i32) -> TaskTemplate {
    TaskTemplate {
        due: Some(in_days(5)),
        reminders: vec![Reminder {
            offset: Offset {
                amount: days,
                unit: DueUnit::BusinessDays,
            },
            to: None,
        }],
        ..task("a")
    }
}

/// E12
#[test]
fn reminders_are_those_of_the_new_version() {
    let plan = Rehearsal::of([reminded(-3)]);
    let (run, began) = plan.start().finish();
    let new = version_2(&plan, [reminded(-1)]);
    let none = nothing();
    let mut engine = plan.later(run, 0);
    engine.moved(to(&new, &none));
    let (run, moved) = engine.finish();
    let [Job::DueMoment(old)] = &began.jobs[..] else {
        panic!("one reminder was planned: {:?}", began.jobs);
    };
    let [Job::DueMoment(planned)] = &moved.jobs[..] else {
        panic!("one reminder was planned: {:?}", moved.jobs);
    };
    assert!(planned.at > old.at);
    let told = |run: Run, moment| {
        let mut engine = Engine::new(&new, plan.world(), run);
        engine.moment_came(moment);
        engine.told()
    };
    assert!(
        told(run.clone(), old).is_empty(),
        "that of the old version comes to nothing"
    );
    assert_eq!(told(run, planned)[0], "task.reminded a");
}
