use super::super::{Target, TaskChange, obstacles};
use super::{changes, nothing, pair, renamed, to, version_2};
use crate::{
    event::EventType,
    process::{
        ProcessStatus,
        rehearsal::{ANNA, Rehearsal, after, task, yes},
    },
    task::TaskStatus,
};

/// E15
#[test]
fn a_process_on_hold_is_moved_and_opens_nothing_before_it_goes_on() {
    let plan = Rehearsal::of([task("a")]);
    let new = version_2(&plan, [task("a"), task("x")]);
    let (none, mut engine) = (nothing(), plan.start());
    engine.hold(&yes(), "Abroad.").unwrap();
    engine.moved(to(&new, &none));
    assert_eq!(engine.overview(), "a:open x:waiting");
    engine.resume(ANNA, &yes()).unwrap();
    assert_eq!(engine.overview(), "a:open x:open");
}

#[test]
fn a_new_task_that_comes_too_late_is_skipped_and_so_is_one_before_it() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let new = version_2(
        &plan,
        [
            task("first"),
            after(&["first"], task("second")),
            after(&["second"], task("a")),
            after(&["a"], task("b")),
            after(&["b"], task("last")),
        ],
    );
    let (none, mut engine) = (nothing(), plan.start());
    engine.done(&["a"]);
    engine.moved(to(&new, &none));
    assert_eq!(
        engine.overview(),
        "first:skipped second:skipped a:completed b:open last:waiting"
    );
    engine.done(&["b"]);
    assert_eq!(engine.of("last").status, TaskStatus::Open);
}

#[test]
fn a_new_task_before_one_that_has_begun_is_still_to_be_done() {
    let plan = Rehearsal::of([task("a")]);
    let new = version_2(&plan, [task("first"), after(&["first"], task("a"))]);
    let (none, mut engine) = (nothing(), plan.start());
    engine.moved(to(&new, &none));
    assert_eq!(engine.overview(), "first:open a:open");
}

/// E5
#[test]
fn a_task_that_waited_for_one_that_is_gone_waits_for_nothing() {
    let plan = Rehearsal::of([
        task("a"),
        after(&["a"], task("b")),
        after(&["b"], task("c")),
    ]);
    let new = version_2(&plan, [task("a"), task("c")]);
    let (none, mut engine) = (nothing(), plan.start());
    let report = engine.moved(to(&new, &none));
    assert_eq!(engine.overview(), "a:open c:open b:cancelled");
    assert_eq!(report[2].change, TaskChange::Removed);
    engine.done(&["a", "c"]);
    assert_eq!(engine.run.process.status, ProcessStatus::Completed);
}

/// A version may drop a task, and the next one have it again.
#[test]
fn what_one_version_drops_another_takes_up_again() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let without = version_2(&plan, [task("a"), after(&["a"], task("z"))]);
    let again = version_2(&plan, [task("a"), after(&["a"], task("b"))]);
    let (none, mut engine) = (nothing(), plan.start());
    let b = engine.id("b");
    engine.moved(to(&without, &none));
    assert_eq!(engine.overview(), "a:open z:waiting b:cancelled");
    let third = Target {
        version: 3,
        ..to(&again, &none)
    };
    let report = engine.moved(third);
    assert_eq!(engine.overview(), "a:open b:waiting z:cancelled");
    assert_eq!(engine.id("b"), b);
    assert_eq!(report[1].change, TaskChange::Added);
    assert_eq!(engine.of("b").closed_reason, None);
    engine.done(&["a", "b"]);
    assert_eq!(engine.run.process.status, ProcessStatus::Completed);
}

/// The same version under another number changes nothing but the number.
#[test]
fn an_equal_version_keeps_everything() {
    let plan = Rehearsal::of([
        task("a"),
        after(&["a"], task("b")),
        after(&["b"], task("c")),
    ]);
    let (none, mut engine) = (nothing(), plan.start());
    engine.done(&["a"]);
    engine.told();
    let before = engine.run.tasks.clone();
    let report = engine.moved(to(&plan.definition, &none));
    assert!(report.iter().all(|task| task.change == TaskChange::Kept));
    assert_eq!(engine.run.tasks, before);
    assert_eq!(engine.told(), ["process.migrated"]);
    assert!(obstacles(&plan.definition, &engine.run, to(&plan.definition, &none)).is_empty());
}

/// E19
#[test]
fn a_move_is_told_with_every_task_before_anything_that_comes_of_it() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let new = version_2(&plan, [task("a"), task("x"), after(&["a"], task("c"))]);
    let (none, mut engine) = (nothing(), plan.start());
    engine.done(&["a"]);
    engine.told();
    // b is open: it has to have a counterpart.
    assert_eq!(
        engine.reasons(to(&new, &none)),
        [pair("/tasks/b", "no-counterpart")]
    );
    let names = renamed(&[("b", "c")]);
    let report = engine.moved(to(&new, &names));
    assert_eq!(
        changes(&report),
        [
            ("a", TaskChange::Kept),
            ("x", TaskChange::Added),
            ("c", TaskChange::Changed)
        ]
    );
    assert_eq!(report[2].previous_key.as_deref(), Some("b"));
    let first = engine.changes.occurrences[0].clone();
    assert_eq!(first.event, EventType::ProcessMigrated);
    assert_eq!(first.before.unwrap()["process_type_version"], 1);
    let after = first.after.unwrap();
    assert_eq!(after["process_type_version"], 2);
    assert_eq!(after["tasks"][1]["key"], "x");
    assert_eq!(after["tasks"][1]["change"], "added");
    assert_eq!(
        engine.told(),
        ["process.migrated", "task.updated c", "task.opened x"]
    );
    assert_eq!(engine.overview(), "a:completed x:open c:open");
    assert_eq!(engine.run.process.process_type_version, 2);
}
