use std::collections::BTreeMap;

use super::{MigratedTask, Target, TaskChange, obstacles, unknown_keys};
use crate::{
    event::EventType,
    fault::Fault,
    ids::ProcessId,
    job::Job,
    process::{
        ProcessStatus,
        engine::Engine,
        error::ProcessError,
        fixture::field,
        input::CompletionInput,
        rehearsal::{
            ANNA, BEN, Rehearsal, after, back, choice, no, outcome, subprocess, task, yes,
        },
        run::Run,
    },
    process_type::definition::{
        ChecklistItem, Definition, DueAmount, DueBase, DueRule, DueUnit, ExecutionRule, Outcome,
        Over, OwnerRule, Reminder, TaskKind, TaskTemplate,
    },
    role::RoleKind,
    task::TaskStatus,
    value::{FieldType, FieldValue},
};

fn version_2(plan: &Rehearsal, tasks: impl IntoIterator<Item = TaskTemplate>) -> Definition {
    Definition {
        tasks: tasks.into_iter().collect(),
        ..plan.definition.clone()
    }
}

fn to<'a>(definition: &'a Definition, renamed: &'a BTreeMap<String, String>) -> Target<'a> {
    Target {
        version: 2,
        definition,
        renamed,
    }
}

fn renamed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(old, new)| ((*old).to_owned(), (*new).to_owned()))
        .collect()
}

impl<'a> Engine<'a> {
    fn moved(&mut self, target: Target<'a>) -> Vec<MigratedTask> {
        self.migrate(Some(ANNA), &yes(), target).unwrap()
    }

    fn reasons(&mut self, target: Target<'a>) -> Vec<(String, String)> {
        let before = self.run.clone();
        let refused = self.migrate(Some(ANNA), &yes(), target);
        assert_eq!(self.run, before, "a refusal changes nothing");
        match refused {
            Err(ProcessError::NotMigratable(faults)) => named(faults),
            other => panic!("a refusal was expected, not {other:?}"),
        }
    }
}

fn named(faults: Vec<Fault>) -> Vec<(String, String)> {
    let faults = faults.into_iter();
    faults.map(|fault| (fault.pointer, fault.code)).collect()
}

fn changes(tasks: &[MigratedTask]) -> Vec<(&str, TaskChange)> {
    let tasks = tasks.iter();
    tasks.map(|task| (task.key.as_str(), task.change)).collect()
}

fn pair(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

fn nothing() -> BTreeMap<String, String> {
    BTreeMap::new()
}

fn item(key: &str, text: &str) -> ChecklistItem {
    ChecklistItem {
        key: key.to_owned(),
        text: text.to_owned(),
        required: true,
    }
}

fn in_days(amount: i32) -> Option<DueRule> {
    Some(DueRule {
        amount: DueAmount::Fixed(amount),
        unit: DueUnit::BusinessDays,
        from: DueBase::Opened,
        calendar: crate::process_type::definition::CalendarKind::default(),
        fallback: None,
    })
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

#[test]
fn without_a_decision_in_favour_nothing_is_moved() {
    let plan = Rehearsal::of([task("a")]);
    let (new, none, mut engine) = (plan.definition.clone(), nothing(), plan.start());
    let refused = engine.migrate(Some(ANNA), &no(crate::access::Rule::X16), to(&new, &none));
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
                starts: subprocess("d", &[]).starts.map(|starts| {
                    crate::process_type::definition::Starts {
                        process_type: "other".to_owned(),
                        ..starts
                    }
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

/// Owner, due date and drafts stay; what the task says and asks for is the new version's.
#[test]
fn a_task_under_way_goes_on_as_the_new_version_has_it() {
    let plan = Rehearsal::of([TaskTemplate {
        due: in_days(3),
        checklist: vec![item("call", "Call"), item("fax", "Fax")],
        form: vec![
            field("pages", FieldType::Text),
            field("gone", FieldType::Text),
            field("count", FieldType::Text),
        ],
        ..task("a")
    }]);
    let new = version_2(
        &plan,
        [TaskTemplate {
            title: "Look at it".to_owned(),
            owner: vec![OwnerRule::User(ANNA)],
            due: in_days(9),
            checklist: vec![item("mail", "Mail"), item("call", "Call them")],
            form: vec![
                field("pages", FieldType::Text),
                field("count", FieldType::Number),
            ],
            outcomes: vec![outcome("yes")],
            kind: TaskKind::Approval,
            ..task("a")
        }],
    );
    let (none, mut engine) = (nothing(), plan.start());
    engine.assign(engine.id("a"), BEN, &yes(), &yes()).unwrap();
    let text = |text: &str| Some(FieldValue::Text(text.to_owned()));
    let input = CompletionInput {
        checklist: [("call".to_owned(), true)].into(),
        form: [
            ("pages".to_owned(), text("9")),
            ("gone".to_owned(), text("x")),
            ("count".to_owned(), text("many")),
        ]
        .into(),
        ..CompletionInput::default()
    };
    let index = 0;
    engine.apply_content(index, &input, ANNA);
    let due = engine.of("a").due_at;
    let report = engine.moved(to(&new, &none));
    assert_eq!(report[0].change, TaskChange::Changed);
    assert_eq!(report[0].dropped_fields, ["count", "gone"]);
    let task = engine.of("a");
    assert_eq!(task.owner_id, Some(BEN));
    assert_eq!(task.due_at, due);
    assert_eq!(task.title, "Look at it");
    assert_eq!(task.kind, TaskKind::Approval);
    assert_eq!(task.form.keys().collect::<Vec<_>>(), ["pages"]);
    let checklist: Vec<_> = task
        .checklist
        .iter()
        .map(|item| (item.key.as_str(), item.text.as_str(), item.done))
        .collect();
    assert_eq!(
        checklist,
        [("mail", "Mail", false), ("call", "Call them", true)]
    );
    let (run, _) = engine.finish();
    assert_eq!(run.tasks[0].due_at, due, "nor is it dated anew at the end");
}

#[test]
fn what_somebody_has_set_by_hand_stays() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let high = crate::process_type::definition::Priority::High;
    let low = crate::process_type::definition::Priority::Low;
    let restated = |template: TaskTemplate| TaskTemplate {
        title: "Anew".to_owned(),
        priority: low,
        ..template
    };
    let new = version_2(
        &plan,
        [restated(task("a")), restated(after(&["a"], task("b")))],
    );
    let (none, mut engine) = (nothing(), plan.start());
    for key in ["a", "b"] {
        let edit = crate::process::edit::TaskEdit {
            title: Some("By hand".to_owned()),
            priority: Some(high),
            ..Default::default()
        };
        engine.edit_task(engine.id(key), &edit, &[yes()]).unwrap();
    }
    engine.moved(to(&new, &none));
    for key in ["a", "b"] {
        assert_eq!(engine.of(key).title, "By hand");
        assert_eq!(engine.of(key).priority, high);
    }
}

/// X6: a move is not an edit of the type. Open and waiting tasks get the switch and the lists of the version.
#[test]
fn switch_and_lists_are_those_of_the_new_version() {
    let mut plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let associate = plan.role("associate", RoleKind::ServicingTeam);
    let enabled = |template: TaskTemplate| TaskTemplate {
        execution: ExecutionRule {
            enabled: true,
            servicing_team_roles: vec!["associate".to_owned()],
            ..ExecutionRule::default()
        },
        ..template
    };
    let new = version_2(
        &plan,
        [enabled(task("a")), enabled(after(&["a"], task("b")))],
    );
    let (none, mut engine) = (nothing(), plan.start());
    engine.moved(to(&new, &none));
    for key in ["a", "b"] {
        assert!(engine.of(key).execution.enabled);
        assert_eq!(engine.of(key).execution.servicing_team_roles, [associate]);
    }
}

/// X11
#[test]
fn separation_is_added_and_never_dropped() {
    let apart = |key: &str, from: &str| TaskTemplate {
        separate_from: vec![from.to_owned()],
        ..task(key)
    };
    let plan = Rehearsal::of([task("a"), task("b"), apart("c", "a")]);
    let new = version_2(&plan, [task("prepare"), task("b"), apart("c", "b")]);
    let (names, mut engine) = (renamed(&[("a", "prepare")]), plan.start());
    engine.done(&["b"]);
    engine.changes.jobs.clear();
    engine.moved(to(&new, &names));
    assert_eq!(engine.of("c").separate_from, ["b", "prepare"]);
    // E21: Anna, who owns it, has done b.
    assert_eq!(engine.of("c").owner_id, Some(ANNA));
    let [Job::NobodyElse { task_id, .. }] = &engine.changes.jobs[..] else {
        panic!(
            "it was to be brought before somebody: {:?}",
            engine.changes.jobs
        );
    };
    assert_eq!(*task_id, engine.id("c"));
}

/// Finished tasks are kept, whatever the version makes of their edges.
#[test]
fn finished_tasks_stay_as_they_are() {
    let plan = Rehearsal::of([
        choice("a", [outcome("yes"), outcome("no")]),
        after(&["a=no"], task("b")),
        after(&["a=yes"], task("c")),
    ]);
    let new = version_2(
        &plan,
        [
            TaskTemplate {
                title: "Another title".to_owned(),
                ..choice("a", [outcome("yes"), outcome("no")])
            },
            after(&["a=yes"], task("b")),
            after(&["a=yes"], task("c")),
        ],
    );
    let (none, mut engine) = (nothing(), plan.start());
    engine.finish_task("a", "yes").unwrap();
    let before = engine.of("a").clone();
    let report = engine.moved(to(&new, &none));
    assert_eq!(*engine.of("a"), before);
    assert_eq!(engine.overview(), "a:completed b:not_taken c:open");
    assert_eq!(report[0].change, TaskChange::Kept);
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

#[test]
fn a_process_with_nothing_left_to_do_completes() {
    let plan = Rehearsal::of([task("a"), task("b"), after(&["b"], task("c"))]);
    let new = version_2(&plan, [task("a"), task("b")]);
    let (none, mut engine) = (nothing(), plan.start());
    engine.done(&["a"]);
    engine
        .skip_by_hand(engine.id("b"), ANNA, &yes(), "no")
        .unwrap();
    assert_eq!(engine.overview(), "a:completed b:skipped c:open");
    let names = renamed(&[]);
    assert_eq!(
        engine.reasons(to(&new, &names)),
        [pair("/tasks/c", "no-counterpart")]
    );
    let mut engine = plan.start();
    engine.done(&["a"]);
    let joined = version_2(&plan, [task("a"), task("b")]);
    engine.moved(to(&joined, &none));
    engine.done(&["b"]);
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

fn per_household(key: &str) -> TaskTemplate {
    TaskTemplate {
        kind: TaskKind::FanOut,
        over: Some(Over::Field("households".to_owned())),
        ..task(key)
    }
}

/// E24
#[test]
fn the_children_of_a_fan_out_go_on_with_it() {
    let mut plan = Rehearsal::of([per_household("each")]);
    plan.households(2);
    let new = version_2(
        &plan,
        [TaskTemplate {
            title: "Anew".to_owned(),
            ..per_household("every")
        }],
    );
    let (names, mut engine) = (renamed(&[("each", "every")]), plan.start());
    let report = engine.moved(to(&new, &names));
    assert_eq!(engine.overview(), "every:open every:open every:open");
    assert_eq!(engine.run.tasks[1].title, "Anew");
    assert_eq!(report.len(), 3);

    let children: Vec<_> = engine.run.tasks[1..].iter().map(|task| task.id).collect();
    for id in children {
        engine
            .complete(id, ANNA, &yes(), &CompletionInput::default())
            .unwrap();
    }
    assert_eq!(engine.run.process.status, ProcessStatus::Completed);
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
    let plain = version_2(&plan, [task("each"), task("b")]);
    let (none, mut engine) = (nothing(), plan.start());
    assert_eq!(
        engine.reasons(to(&other, &none)),
        [pair("/tasks/each", "other-items")]
    );
    assert_eq!(
        engine.reasons(to(&plain, &none)),
        [pair("/tasks/each", "other-kind")]
    );
}

/// E25
#[test]
fn a_child_that_runs_brings_its_end_to_the_moved_process() {
    let child = ProcessId(uuid::Uuid::from_u128(0xD));
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
        due: in_days(5),
        reminders: vec![Reminder {
            offset: crate::process_type::definition::Offset {
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
