use super::super::{Target, unknown_keys};
use super::{named, nothing, pair, per_household, renamed, to, version_2};
use crate::{
    access::Rule,
    process::{
        ProcessStatus,
        error::ProcessError,
        rehearsal::{ANNA, Rehearsal, after, choice, no, outcome, subprocess, task, yes},
    },
    process_type::definition::{Over, Starts, TaskTemplate},
};

#[test]
fn without_a_decision_in_favour_nothing_is_moved() {
    let plan = Rehearsal::of([task("a")]);
    let (new, none, mut engine) = (plan.definition.clone(), nothing(), plan.start());
    let refused = engine.migrate(Some(ANNA), &no(Rule::X16), to(&new, &none));
    assert!(matches!(refused, Err(ProcessError::Denied(_))));
    assert_eq!(engine.run.process.process_type_version, 1);
}

#[test]
fn a_process_moves_only_while_it_is_under_way_and_only_to_a_newer_version() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let (new, none, mut engine) = (plan.definition.clone(), nothing(), plan.start());
    let same = Target {
        version: 1,
        ..to(&new, &none)
    };
    let refused = engine.migrate(Some(ANNA), &yes(), same);
    assert_eq!(refused, Err(ProcessError::NotNewer { present: 1 }));
    engine.done(&["a", "b"]);
    let status = ProcessStatus::Completed;
    let refused = engine.migrate(Some(ANNA), &yes(), to(&new, &none));
    assert_eq!(refused, Err(ProcessError::WrongStatus { status }));
}

/// All that somebody has done or begun has to be there in the new version, the way it was done.
#[test]
fn every_reason_is_told_at_once() {
    let plan = Rehearsal::of([
        choice("a", [outcome("yes"), outcome("no")]),
        after(&["a=no"], task("b")),
        task("c"),
        subprocess("d", &[]),
        after(&["c"], task("e")),
        task("f"),
    ]);
    let new = version_2(
        &plan,
        [
            choice("a", [outcome("agreed")]),
            subprocess("c", &[]),
            TaskTemplate {
                starts: subprocess("d", &[]).starts.map(|starts| Starts {
                    process_type: "other".to_owned(),
                    ..starts
                }),
                ..subprocess("d", &[])
            },
            choice("f", [outcome("yes")]),
            after(&["f=yes"], task("g")),
        ],
    );
    let (none, mut engine) = (nothing(), plan.start());
    engine.finish_task("a", "yes").unwrap();
    engine.done(&["f"]);
    assert_eq!(
        engine.reasons(to(&new, &none)),
        [
            pair("/tasks/a", "unknown-outcome"),
            pair("/tasks/b", "no-counterpart"),
            pair("/tasks/c", "other-kind"),
            pair("/tasks/d", "other-process"),
            pair("/tasks/f", "outcome-needed"),
        ]
    );
}

#[test]
fn two_tasks_do_not_become_one() {
    let plan = Rehearsal::of([task("a"), task("b")]);
    let new = version_2(&plan, [task("b")]);
    let names = renamed(&[("a", "b")]);
    let mut engine = plan.start();
    assert_eq!(
        engine.reasons(to(&new, &names)),
        [pair("/tasks/b", "duplicate-key")]
    );
    // To change places is another matter.
    let both = version_2(&plan, [task("a"), task("b")]);
    let swapped = renamed(&[("a", "b"), ("b", "a")]);
    let a = engine.id("a");
    engine.moved(to(&both, &swapped));
    assert_eq!(engine.id("b"), a);
}

#[test]
fn keys_of_the_map_that_are_none_are_faults() {
    let plan = Rehearsal::of([task("a")]);
    let names = renamed(&[("a", "z"), ("y", "a")]);
    let target = to(&plan.definition, &names);
    let faults = unknown_keys(Some(&plan.definition), target);
    assert_eq!(
        named(faults),
        [pair("/map/a", "unknown-key"), pair("/map/y", "unknown-key")]
    );
    assert_eq!(
        named(unknown_keys(None, target)),
        [pair("/map/a", "unknown-key")]
    );
}

/// E24
#[test]
fn a_fan_out_that_has_children_stays_one_over_the_same_items() {
    let mut plan = Rehearsal::of([per_household("each"), after(&["each"], task("b"))]);
    plan.households(2);
    let other = version_2(
        &plan,
        [
            TaskTemplate {
                over: Some(Over::Related("person".to_owned())),
                ..per_household("each")
            },
            task("b"),
        ],
    );
    let by_people = version_2(&plan, [task("each"), task("b")]);
    let (none, mut engine) = (nothing(), plan.start());
    assert_eq!(
        engine.reasons(to(&other, &none)),
        [pair("/tasks/each", "other-items")]
    );
    assert_eq!(
        engine.reasons(to(&by_people, &none)),
        [pair("/tasks/each", "other-kind")]
    );
}
