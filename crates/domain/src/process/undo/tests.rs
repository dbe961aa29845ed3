use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::*;
use crate::{
    access::Rule,
    attribute::AttributeType,
    ids::{ProcessTypeId, TouchpointId},
    process::{
        Parent, ProcessStatus,
        fixture::field,
        input::CompletionInput,
        owner::preparers,
        rehearsal::{
            ANNA, BEN, CLIENT, Rehearsal, after, back, choice, no, outcome, subprocess, task,
            tell_anna, yes,
        },
        run::Run,
    },
    process_type::definition::{
        Effect, EffectAction, EffectOperand, Join, Outcome, OwnerRule, TaskTemplate,
    },
    value::{FieldType, FieldValue},
};

fn text(value: &str) -> FieldValue {
    FieldValue::Text(value.to_owned())
}

fn effect(action: EffectAction) -> Effect {
    Effect {
        action,
        ..tell_anna("")
    }
}

fn sets_tier(value: &str) -> Effect {
    effect(EffectAction::SetAttribute {
        attribute: "tier".to_owned(),
        value: EffectOperand::Fixed(text(value)),
    })
}

fn with(effects: Vec<Effect>, template: TaskTemplate) -> TaskTemplate {
    TaskTemplate {
        on_complete: effects,
        ..template
    }
}

fn tiered(effects: Vec<Effect>) -> Rehearsal {
    let mut plan = Rehearsal::of([with(effects, task("a")), after(&["a"], task("b"))]);
    plan.attribute("tier", AttributeType::Choice, &["A", "B", "C"]);
    plan.client()
        .attributes
        .insert("tier".to_owned(), text("B"));
    plan
}

fn reopen(engine: &mut Engine<'_>, key: &str) -> Result<(), TaskError> {
    let facts = UndoFacts::default();
    engine.reopen(engine.id(key), ANNA, &yes(), Some("Too early."), &facts)
}

/// A process that a task of the run started at a moment.
fn child(run: &Run, key: &str, started_at: DateTime<Utc>) -> Process {
    Process {
        id: ProcessId(Uuid::from_u128(0xD)),
        name: "Transfer".to_owned(),
        process_type_id: ProcessTypeId(Uuid::from_u128(0xE)),
        parent: Some(Parent {
            process_id: run.process.id,
            task_id: Some(run.task(key).unwrap().id),
            waited_for: false,
        }),
        started_at,
        ..run.process.clone()
    }
}

fn in_the_way(engine: &Engine<'_>, key: &str, facts: &UndoFacts) -> Vec<Obstacle> {
    match engine.undoable(engine.id(key), facts) {
        Ok(()) => Vec::new(),
        Err(TaskError::NotUndoable(obstacles)) => obstacles,
        Err(other) => panic!("{other}"),
    }
}

/// E8
#[test]
fn an_undone_task_goes_on_where_it_was_and_the_next_waits_again() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let mut engine = plan.start();
    let due_at = engine.of("a").due_at;
    engine.done(&["a"]);
    engine.told();
    reopen(&mut engine, "a").unwrap();
    assert_eq!(engine.overview(), "a:in_progress b:waiting");
    let undone = engine.of("a");
    assert_eq!(undone.owner_id, Some(ANNA));
    assert_eq!(undone.due_at, due_at);
    assert_eq!(undone.completion, None);
    assert_eq!(undone.attempt, 2);
    assert!(undone.attempts[0].undone);
    assert_eq!(
        undone.attempts[0].undone_reason.as_deref(),
        Some("Too early.")
    );
    let last = engine.changes.occurrences[0].after.clone().unwrap();
    assert_eq!(last["reason"], "Too early.");
    assert_eq!(engine.told(), ["task.reopened a", "task.withdrawn b"]);

    engine.done(&["a", "b"]);
    assert_eq!(engine.run.process.status, ProcessStatus::Completed);
}

/// E8
#[test]
fn only_a_completed_task_of_a_running_process_is_undone() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let mut engine = plan.start();
    let status = TaskStatus::Open;
    assert_eq!(
        reopen(&mut engine, "a"),
        Err(TaskError::NotCompleted { status })
    );
    engine.done(&["a"]);
    engine.hold(&yes(), "Counsel.").unwrap();
    assert_eq!(reopen(&mut engine, "a"), Err(TaskError::ProcessNotRunning));
    engine.resume(ANNA, &yes()).unwrap();
    engine.done(&["b"]);
    assert_eq!(reopen(&mut engine, "b"), Err(TaskError::ProcessNotRunning));
    let facts = UndoFacts::default();
    let refused = engine.reopen(engine.id("b"), BEN, &no(Rule::X7), None, &facts);
    assert!(matches!(refused, Err(TaskError::Denied(_))));
}

/// E8
#[test]
fn everything_in_the_way_is_named_at_once_and_nothing_changes() {
    let entity = effect(EffectAction::CreateEntity {
        kind: "account".to_owned(),
        name: "New account".to_owned(),
        as_related: None,
        relation: None,
    });
    let plan = Rehearsal::of([
        with(vec![entity, tell_anna("Done.")], task("a")),
        after(&["a"], task("b")),
        after(&["b"], task("c")),
        after(&["a"], task("d")),
    ]);
    let mut engine = plan.start();
    engine.done(&["a", "b"]);
    let before = engine.run.clone();
    let facts = UndoFacts {
        children: vec![child(&engine.run, "a", engine.now)],
        touchpoints: Vec::new(),
    };
    let refused = engine.reopen(engine.id("a"), ANNA, &yes(), None, &facts);
    let Err(TaskError::NotUndoable(obstacles)) = refused else {
        panic!("{refused:?}");
    };
    let made = engine.of("a").completion.as_ref().unwrap();
    let expected = [
        Obstacle::Task {
            id: engine.id("b"),
            key: "b".to_owned(),
        },
        Obstacle::Process {
            id: facts.children[0].id,
            name: "Transfer".to_owned(),
        },
        Obstacle::Entity {
            id: made.consequences.entities[0],
        },
        Obstacle::Notification { user_id: ANNA },
    ];
    assert_eq!(obstacles, expected);
    assert_eq!(engine.run, before);
    assert!(in_the_way(&engine, "b", &UndoFacts::default()).is_empty());
}

/// E8
#[test]
fn attributes_return_unless_somebody_has_touched_them_since() {
    let plan = tiered(vec![sets_tier("A"), sets_tier("C")]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    assert_eq!(
        engine.changes.entities[&CLIENT].attributes["tier"],
        text("C")
    );
    reopen(&mut engine, "a").unwrap();
    assert_eq!(
        engine.changes.entities[&CLIENT].attributes["tier"],
        text("B")
    );
    let history: Vec<_> = engine.changes.attribute_values.iter().collect();
    assert_eq!(history.len(), 4);
    assert_eq!(history[3].after, Some(text("B")));

    let mut plan = tiered(vec![sets_tier("A")]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    let (run, _) = engine.finish();
    plan.client()
        .attributes
        .insert("tier".to_owned(), text("C"));
    let mut engine = plan.later(run, 0);
    reopen(&mut engine, "a").unwrap();
    assert!(engine.changes.entities.is_empty());
}

/// E8
#[test]
fn what_was_empty_before_is_empty_again() {
    let mut plan = tiered(vec![sets_tier("A")]);
    plan.client().attributes.clear();
    let mut engine = plan.start();
    engine.done(&["a"]);
    reopen(&mut engine, "a").unwrap();
    assert!(engine.changes.entities[&CLIENT].attributes.is_empty());
}

/// E8, E19
#[test]
fn what_came_of_a_completion_is_told_with_it() {
    let plan = tiered(vec![sets_tier("A")]);
    let mut engine = plan.start();
    engine.changes.occurrences.clear();
    engine.done(&["a"]);
    let told = engine.changes.occurrences[0].after.clone().unwrap();
    assert_eq!(told, snapshot(engine.of("a")));
    let written = &told["completion"]["consequences"]["attributes"][0];
    assert_eq!(
        (&written["before"], &written["after"]),
        (&"B".into(), &"A".into())
    );
}

/// E8
#[test]
fn its_touchpoints_are_voided() {
    let logs = effect(EffectAction::LogTouchpoint {
        touchpoint_type: "call".to_owned(),
        subject: "Called".to_owned(),
    });
    let plan = Rehearsal::of([with(vec![logs], task("a")), after(&["a"], task("b"))]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    let facts = UndoFacts {
        children: Vec::new(),
        touchpoints: engine.changes.touchpoints.clone(),
    };
    let kept = &engine.of("a").completion.as_ref().unwrap().consequences;
    let ids: Vec<TouchpointId> = facts.touchpoints.iter().map(|it| it.id).collect();
    assert_eq!(kept.touchpoints, ids);
    let id = engine.id("a");
    engine.told();
    engine.reopen(id, ANNA, &yes(), None, &facts).unwrap();
    let [voided] = &engine.changes.voided_touchpoints[..] else {
        panic!("one");
    };
    assert_eq!((voided.voided_at, voided.version), (Some(engine.now), 2));
    assert!(engine.told().contains(&"touchpoint.voided".to_owned()));
}

/// Files the letter of the start form, by a task that the next can send back.
fn filing() -> Rehearsal {
    let files = effect(EffectAction::FileDocument {
        name: None,
        files: vec!["letter".to_owned()],
    });
    let mut plan = Rehearsal::of([
        with(vec![files], task("a")),
        after(&["a"], choice("b", [back("bad", "a"), outcome("good")])),
    ]);
    plan.definition
        .start_form
        .push(field("letter", FieldType::File));
    let letter = text(&Uuid::from_u128(0x77).to_string());
    plan.input.fields.insert("letter".to_owned(), letter);
    plan
}

/// E8, E13
#[test]
fn the_links_of_documents_that_it_made_are_taken_away() {
    let plan = filing();
    let mut engine = plan.start();
    engine.done(&["a"]);
    let made = engine.changes.document_links.clone();
    assert_eq!(made.len(), 1);
    reopen(&mut engine, "a").unwrap();
    assert_eq!(engine.changes.unlinked_documents, made);
    let mut told = engine.changes.occurrences.iter();
    let unlinked = told.find(|it| it.event == EventType::DocumentUnlinked);
    let unlinked = unlinked.unwrap();
    assert_eq!(unlinked.before, Some(snapshot(&made[0])));
    assert_eq!((unlinked.entity_id, &unlinked.after), (Some(CLIENT), &None));
}

/// E8, E6
#[test]
fn links_of_an_earlier_attempt_stay() {
    let plan = filing();
    let mut engine = plan.start();
    engine.done(&["a"]);
    engine.finish_task("b", "bad").unwrap();
    let (run, changes) = engine.finish();
    let earlier = changes.document_links[0].id;
    let mut engine = plan.later(run, 0);
    engine.done(&["a"]);
    let made = engine.changes.document_links[0].id;
    assert_ne!(made, earlier);
    reopen(&mut engine, "a").unwrap();
    let gone = engine.changes.unlinked_documents.iter();
    assert_eq!(gone.map(|link| link.id).collect::<Vec<_>>(), [made]);
}

/// E8, X11
#[test]
fn segregation_still_counts_the_attempt() {
    let check = TaskTemplate {
        separate_from: vec!["a".to_owned()],
        owner: vec![OwnerRule::User(ANNA), OwnerRule::User(BEN)],
        ..after(&["a"], task("check"))
    };
    let plan = Rehearsal::of([task("a"), check]);
    let mut engine = plan.start();
    engine.finish_by(BEN, "a", "").unwrap();
    assert_eq!(engine.of("check").owner_id, Some(ANNA));
    reopen(&mut engine, "a").unwrap();
    assert!(preparers(&engine.run, engine.of("check")).contains(&BEN));
    engine.done(&["a"]);
    assert_eq!(engine.of("check").owner_id, None, "both have prepared");
}

/// E8, E3
#[test]
fn what_stands_by_another_way_stays() {
    let either = TaskTemplate {
        join: Join::Any,
        ..after(&["a", "b"], task("either"))
    };
    let plan = Rehearsal::of([
        task("a"),
        task("b"),
        either,
        after(&["a", "b"], task("both")),
    ]);
    let mut engine = plan.start();
    engine.done(&["b", "a"]);
    assert_eq!(
        engine.overview(),
        "a:completed b:completed either:open both:open"
    );
    reopen(&mut engine, "a").unwrap();
    assert_eq!(
        engine.overview(),
        "a:in_progress b:completed either:open both:waiting"
    );
    assert_eq!(engine.of("either").attempt, 1);
}

/// E8, E2, E4a
#[test]
fn branches_and_marks_of_the_outcome_are_taken_back_however_far_they_went() {
    let quick = Outcome {
        skips: vec!["review".to_owned()],
        sets_result: Some("short".to_owned()),
        ..outcome("quick")
    };
    let plan = Rehearsal::of([
        choice("a", [quick, outcome("long")]),
        after(&["a=quick"], task("fast")),
        after(&["a=long"], task("slow")),
        after(&["slow"], task("slower")),
        after(&["a"], task("review")),
        after(&["fast"], task("last")),
    ]);
    let mut engine = plan.start();
    engine.finish_task("a", "quick").unwrap();
    assert_eq!(
        engine.overview(),
        "a:completed fast:open slow:not_taken slower:not_taken review:skipped last:waiting"
    );
    reopen(&mut engine, "a").unwrap();
    assert_eq!(
        engine.overview(),
        "a:in_progress fast:waiting slow:waiting slower:waiting review:waiting last:waiting"
    );
    assert_eq!(engine.run.process.result, None);
    engine.finish_task("a", "long").unwrap();
    assert_eq!(
        engine.overview(),
        "a:completed fast:not_taken slow:open slower:waiting review:open last:not_taken"
    );
}

/// E8
#[test]
fn a_task_that_sent_work_back_is_no_longer_completed() {
    let plan = Rehearsal::of([task("a"), after(&["a"], choice("b", [back("bad", "a")]))]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    engine.finish_task("b", "bad").unwrap();
    let status = TaskStatus::Waiting;
    assert_eq!(
        reopen(&mut engine, "b"),
        Err(TaskError::NotCompleted { status })
    );
}

/// E8, E25
#[test]
fn a_child_that_has_started_stands_in_the_way_and_one_that_has_not_is_dropped() {
    let plan = Rehearsal::of([task("a"), after(&["a"], subprocess("move", &[]))]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    let asked = engine.changes.jobs.iter().find_map(|job| match job {
        crate::job::Job::StartProcess(request) => Some(request.clone()),
        _ => None,
    });
    let asked = asked.unwrap();
    assert!(engine.still_wants(&asked));
    let facts = UndoFacts {
        children: vec![child(&engine.run, "move", engine.now)],
        touchpoints: Vec::new(),
    };
    assert_eq!(in_the_way(&engine, "a", &facts).len(), 1);
    let long_ago = engine.now - chrono::TimeDelta::days(1);
    let earlier = UndoFacts {
        children: vec![child(&engine.run, "move", long_ago)],
        touchpoints: Vec::new(),
    };
    assert!(in_the_way(&engine, "a", &earlier).is_empty());

    reopen(&mut engine, "a").unwrap();
    assert!(!engine.still_wants(&asked));
    engine.done(&["a"]);
    assert!(!engine.still_wants(&asked), "another request was made");
}

/// E8, E6
#[test]
fn a_follow_up_is_dropped_with_what_was_undone_and_stays_after_rework() {
    let start = effect(EffectAction::StartProcess {
        process_type: "transfer".to_owned(),
        fields: std::collections::BTreeMap::new(),
        related: std::collections::BTreeMap::new(),
    });
    let plan = Rehearsal::of([
        with(vec![start], task("a")),
        after(&["a"], choice("b", [back("bad", "a"), outcome("good")])),
    ]);
    let asked = |engine: &Engine<'_>| {
        let jobs = engine.changes.jobs.iter();
        let mut asked = jobs.filter_map(|job| match job {
            crate::job::Job::StartProcess(request) => Some(request.clone()),
            _ => None,
        });
        asked.next_back().unwrap()
    };
    let mut engine = plan.start();
    engine.done(&["a"]);
    let first = asked(&engine);
    engine.finish_task("b", "bad").unwrap();
    assert!(engine.still_wants(&first));
    engine.done(&["a"]);
    let second = asked(&engine);
    reopen(&mut engine, "a").unwrap();
    assert!(engine.still_wants(&first));
    assert!(!engine.still_wants(&second));
}

/// E8
#[test]
fn a_subprocess_that_its_child_completed_is_not_undone() {
    let plan = Rehearsal::of([subprocess("move", &[]), task("b")]);
    let mut engine = plan.start();
    let id = engine.id("move");
    let mut started = child(&engine.run, "move", engine.now);
    engine.child_started(id, Some(started.id)).unwrap();
    started.started_at = engine.now - chrono::TimeDelta::hours(1);
    engine
        .child_ended(id, started.id, Some("completed"))
        .unwrap();
    let facts = UndoFacts {
        children: vec![started],
        touchpoints: Vec::new(),
    };
    assert_eq!(in_the_way(&engine, "move", &facts).len(), 1);
}

/// E8, E7
#[test]
fn answers_and_ticks_stay_as_they_were() {
    let plan = Rehearsal::of([
        TaskTemplate {
            checklist: vec![crate::process_type::definition::ChecklistItem {
                key: "read".to_owned(),
                text: "Read it".to_owned(),
                required: true,
            }],
            ..task("a")
        },
        after(&["a"], task("b")),
    ]);
    let mut engine = plan.start();
    let input = CompletionInput {
        checklist: [("read".to_owned(), true)].into(),
        ..CompletionInput::default()
    };
    engine
        .complete(engine.id("a"), ANNA, &yes(), &input)
        .unwrap();
    reopen(&mut engine, "a").unwrap();
    assert!(engine.of("a").checklist[0].done);
    engine.done(&["a"]);
}
