use super::super::TaskChange;
use super::{in_days, item, nothing, per_household, renamed, to, version_2};
use crate::{
    job::Job,
    process::{
        ProcessStatus,
        edit::TaskEdit,
        fixture::field,
        input::CompletionInput,
        rehearsal::{ANNA, BEN, Rehearsal, after, choice, outcome, task, yes},
    },
    process_type::definition::{ExecutionRule, OwnerRule, Priority, TaskKind, TaskTemplate},
    role::RoleKind,
    value::{FieldType, FieldValue},
};

/// Owner, due date and drafts stay; what the task says and asks for is the new version's.
#[test]
fn a_task_under_way_goes_on_as_the_new_version_has_it() {
    let plan = Rehearsal::of([TaskTemplate {
        due: Some(in_days(3)),
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
            due: Some(in_days(9)),
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
    let high = Priority::High;
    let low = Priority::Low;
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
        let edit = TaskEdit {
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
