use super::*;
use crate::{
    ids::EntityId,
    process::{
        Parent, ProcessStatus,
        rehearsal::{ANNA, Rehearsal, after, back, choice, outcome, subprocess, task, yes},
    },
    process_type::definition::{EffectOperand, OwnerRule, Target},
    value::FieldValue,
};
use uuid::Uuid;

const CHILD: ProcessId = ProcessId(Uuid::from_u128(0xD1));
const SECOND: ProcessId = ProcessId(Uuid::from_u128(0xD2));

/// A transfer that may come back filled or refused, and a task behind each.
fn plan() -> Rehearsal {
    Rehearsal::of([
        subprocess("move", &[("completed", "filled"), ("declined", "refused")]),
        after(&["move=filled"], task("thank")),
        after(&["move=refused"], task("explain")),
    ])
}

fn with_child(engine: &mut Engine<'_>) -> TaskId {
    let id = engine.id("move");
    engine.child_started(id, Some(CHILD)).unwrap();
    id
}

/// E25
#[test]
fn opening_a_subprocess_asks_for_its_child() {
    let plan = plan();
    let engine = plan.start();
    let [Job::StartProcess(request)] = &engine.changes.jobs[..] else {
        panic!("one start was expected");
    };
    assert_eq!(request.process_type, "transfer");
    assert_eq!(request.entity_id, Some(engine.of("move").entity_id));
    assert_eq!(request.parent_task_id, Some(engine.id("move")));
    assert_eq!(request.initiator_id, Some(ANNA));
    assert_eq!(request.depth, 1);
    assert!(request.waited_for);
    assert!(!request.unless_open);
}

/// E25
#[test]
fn the_child_is_handed_fields_and_records() {
    let account = EntityId(Uuid::from_u128(0xE));
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let mut plan = plan();
    let starts = plan.definition.tasks[0].starts.as_mut().unwrap();
    starts.of = Target::Related("account".to_owned());
    starts.related = [("to".to_owned(), "account".to_owned())].into();
    starts.fields = [
        ("amount".to_owned(), EffectOperand::Field("sum".to_owned())),
        ("asked_at".to_owned(), EffectOperand::Now),
        ("unknown".to_owned(), EffectOperand::Field("no".to_owned())),
        ("way".to_owned(), EffectOperand::Fixed(text("wire"))),
    ]
    .into();
    plan.input.related = [("account".to_owned(), account)].into();
    plan.input.fields = [("sum".to_owned(), text("12"))].into();

    let engine = plan.start();
    let [Job::StartProcess(request)] = &engine.changes.jobs[..] else {
        panic!("one start was expected");
    };
    assert_eq!(request.entity_id, Some(account));
    assert_eq!(request.related, [("to".to_owned(), account)].into());
    let fields = [
        ("amount".to_owned(), text("12")),
        ("asked_at".to_owned(), text("2026-03-02T15:00:00Z")),
        ("way".to_owned(), text("wire")),
    ];
    assert_eq!(request.fields, fields.into());
}

/// E25
#[test]
fn the_childs_result_gives_the_outcome() {
    let plan = plan();
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    engine.child_ended(id, CHILD, Some("declined")).unwrap();
    assert_eq!(
        engine.overview(),
        "move:completed thank:not_taken explain:open"
    );
    let completion = engine.of("move").completion.as_ref().unwrap();
    assert_eq!(completion.via, Via::System);
    assert_eq!(completion.by, None);
    assert_eq!(completion.outcome.as_deref(), Some("refused"));
}

/// E25
#[test]
fn without_results_any_result_completes_it() {
    let plan = Rehearsal::of([subprocess("move", &[]), after(&["move"], task("b"))]);
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    engine.child_ended(id, CHILD, Some("whatever")).unwrap();
    assert_eq!(engine.overview(), "move:completed b:open");
}

/// E25
#[test]
fn people_do_not_complete_what_a_child_completes() {
    let plan = plan();
    let mut engine = plan.start();
    let refused = engine.finish_task("move", "filled");
    assert_eq!(refused, Err(TaskError::WaitsForChild));
}

/// E25
#[test]
fn a_cancelled_child_puts_the_task_on_hold_until_it_is_tried_again() {
    let plan = plan();
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    engine.child_ended(id, CHILD, None).unwrap();
    let task = engine.of("move");
    assert_eq!(task.status, TaskStatus::OnHold);
    assert_eq!(task.hold.as_ref().unwrap().reason, HoldReason::Internal);
    assert!(!engine.wants_child(id));

    engine.changes.jobs.clear();
    engine.retry_child(id, ANNA, &yes()).unwrap();
    assert!(engine.wants_child(id));
    assert_eq!(engine.of("move").status, TaskStatus::Open);
    assert_eq!(engine.changes.jobs.len(), 1);
    engine.child_started(id, Some(SECOND)).unwrap();
    engine.child_ended(id, SECOND, Some("completed")).unwrap();
    assert_eq!(engine.of("thank").status, TaskStatus::Open);
}

/// E25
#[test]
fn a_task_over_a_cancelled_child_can_be_skipped_or_cancelled() {
    let plan = Rehearsal::of([subprocess("move", &[]), after(&["move"], task("b"))]);
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    let running = engine.cancel_task(id, ANNA, &yes(), "why");
    assert_eq!(running, Err(TaskError::NotCancellable));
    engine.child_ended(id, CHILD, None).unwrap();
    let (run, _) = engine.finish();

    let mut skipped = plan.later(run.clone(), 0);
    skipped.skip_by_hand(id, ANNA, &yes(), "why", None).unwrap();
    assert_eq!(skipped.overview(), "move:skipped b:open");

    let mut cancelled = plan.later(run, 0);
    cancelled.cancel_task(id, ANNA, &yes(), "why").unwrap();
    assert_eq!(cancelled.overview(), "move:cancelled b:not_taken");
}

/// E25
#[test]
fn a_result_that_stands_for_no_outcome_puts_the_task_on_hold() {
    let plan = plan();
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    engine.child_ended(id, CHILD, Some("surprise")).unwrap();
    let hold = engine.of("move").hold.as_ref().unwrap();
    assert_eq!(hold.reason, HoldReason::Internal);
    assert!(hold.note.as_ref().unwrap().contains("`surprise`"));
}

/// E25, E6
#[test]
fn a_childs_result_sends_back_no_oftener_than_its_outcome_may() {
    let mut plan = plan();
    plan.definition.tasks[0].outcomes[1] = crate::process_type::definition::Outcome {
        max_rounds: 1,
        ..back("refused", "move")
    };
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    engine.child_ended(id, CHILD, Some("declined")).unwrap();
    assert_eq!(engine.of("move").attempt, 2);
    engine.child_started(id, Some(SECOND)).unwrap();
    engine.child_ended(id, SECOND, Some("declined")).unwrap();
    assert_eq!(engine.of("move").status, TaskStatus::OnHold);
}

/// E25
#[test]
fn a_missing_type_leaves_the_task_to_its_owner() {
    let plan = plan();
    let mut engine = plan.start();
    engine.told();
    engine.child_started(engine.id("move"), None).unwrap();
    assert_eq!(engine.told(), ["process.not_started", "task.updated move"]);
    assert_eq!(engine.of("move").kind, TaskKind::Task);
    engine.finish_task("move", "filled").unwrap();
    assert_eq!(engine.of("thank").status, TaskStatus::Open);
}

/// E25
#[test]
fn without_a_record_to_start_it_for_the_task_is_left_to_its_owner() {
    let mut plan = plan();
    let starts = plan.definition.tasks[0].starts.as_mut().unwrap();
    starts.of = Target::Related("account".to_owned());
    let engine = plan.start();
    assert!(engine.changes.jobs.is_empty());
    assert_eq!(engine.of("move").kind, TaskKind::Task);
    let last = engine.changes.occurrences.iter().rev().nth(1).unwrap();
    assert_eq!(last.event, EventType::ProcessNotStarted);
    let after = last.after.as_ref().unwrap();
    assert_eq!(after["not_started"]["process_type"], "transfer");
}

/// E25, E6
#[test]
fn rework_keeps_the_old_child_and_starts_a_new_one() {
    let plan = Rehearsal::of([
        task("a"),
        after(&["a"], subprocess("move", &[])),
        after(&["a"], choice("check", [back("bad", "a"), outcome("good")])),
    ]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    let id = with_child(&mut engine);
    engine.finish_task("check", "bad").unwrap();
    engine.changes.jobs.clear();
    engine.done(&["a"]);
    assert_eq!(engine.changes.jobs.len(), 1);
    assert!(matches!(engine.changes.jobs[0], Job::StartProcess(_)));
    engine.child_started(id, Some(SECOND)).unwrap();
    engine.child_ended(id, CHILD, Some("completed")).unwrap();
    assert_eq!(engine.of("move").status, TaskStatus::Open);
    engine.child_ended(id, SECOND, Some("completed")).unwrap();
    assert_eq!(engine.of("move").status, TaskStatus::Completed);
}

/// E25, E9
#[test]
fn a_subprocess_has_an_owner() {
    let mut plan = plan();
    plan.definition.tasks[0].owner = vec![OwnerRule::ProcessOwner];
    assert_eq!(plan.start().of("move").owner_id, Some(ANNA));
}

/// E25
#[test]
fn the_end_of_a_child_reaches_the_task_that_waits_by_job() {
    let parent = ProcessId(Uuid::from_u128(0xE1));
    let waiting = TaskId(Uuid::from_u128(0xE2));
    let mut plan = Rehearsal::of([task("a")]);
    plan.input.parent = Some(Parent {
        process_id: parent,
        task_id: Some(waiting),
        waited_for: true,
    });
    let ended = |child_id, result: Option<&str>| Job::ChildEnded {
        process_id: parent,
        task_id: waiting,
        child_id,
        result: result.map(str::to_owned),
    };

    let mut engine = plan.start();
    engine.done(&["a"]);
    let id = engine.run.process.id;
    assert_eq!(engine.changes.jobs, [ended(id, Some("completed"))]);

    let mut engine = plan.start();
    engine.cancel_with_parent(None, "They left.").unwrap();
    assert_eq!(engine.run.process.status, ProcessStatus::Cancelled);
    let id = engine.run.process.id;
    assert_eq!(engine.changes.jobs, [ended(id, None)]);
}

/// E25
#[test]
fn a_child_that_cannot_be_started_puts_the_task_on_hold() {
    let plan = plan();
    let mut engine = plan.start();
    let id = engine.id("move");
    engine.told();
    engine.child_not_begun(id).unwrap();
    assert_eq!(engine.told(), ["task.held move"]);
    let hold = engine.of("move").hold.as_ref().unwrap();
    assert_eq!(hold.reason, HoldReason::Internal);
    assert!(!engine.wants_child(id));
    engine.child_not_begun(id).unwrap();
    assert_eq!(engine.told(), Vec::<String>::new());

    engine.child_asked_again(id).unwrap();
    assert!(engine.wants_child(id));
    assert_eq!(engine.of("move").status, TaskStatus::Open);
}

/// E25
#[test]
fn a_child_that_has_begun_is_not_told_to_have_failed_to() {
    let plan = plan();
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    engine.child_not_begun(id).unwrap();
    engine.child_asked_again(id).unwrap();
    assert_eq!(engine.of("move").status, TaskStatus::Open);
    assert_eq!(engine.of("move").child_process_id, Some(CHILD));
}

/// E25
#[test]
fn with_a_child_under_way_a_task_wants_no_other() {
    let plan = plan();
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    assert!(!engine.wants_child(id));
    engine.child_started(id, Some(SECOND)).unwrap();
    assert_eq!(engine.of("move").child_process_id, Some(CHILD));
}

/// E25, E6
#[test]
fn the_end_of_an_old_child_is_not_taken_for_that_of_one_to_come() {
    let plan = Rehearsal::of([
        task("a"),
        after(&["a"], subprocess("move", &[])),
        after(&["a"], choice("check", [back("bad", "a"), outcome("good")])),
    ]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    let id = with_child(&mut engine);
    engine.finish_task("check", "bad").unwrap();
    engine.done(&["a"]);
    engine.child_ended(id, CHILD, Some("completed")).unwrap();
    assert_eq!(engine.of("move").status, TaskStatus::Open);
}

/// E25
#[test]
fn a_task_over_a_failed_child_is_not_simply_resumed() {
    let plan = plan();
    let mut engine = plan.start();
    let id = with_child(&mut engine);
    engine.child_ended(id, CHILD, None).unwrap();
    let refused = engine.resume_task(id, &yes());
    assert_eq!(refused, Err(TaskError::ChildFailed));
    assert_eq!(engine.of("move").status, TaskStatus::OnHold);
}

/// E25
#[test]
fn a_hold_by_hand_is_no_failure_of_the_child() {
    let plan = plan();
    let mut engine = plan.start();
    let id = engine.id("move");
    let hold = HoldInput {
        reason: HoldReason::Internal,
        note: None,
        pause_clock: false,
        nigo: crate::process::submitting::NigoInput::default(),
    };
    engine.hold_task(id, &yes(), hold).unwrap();
    assert!(engine.wants_child(id));
    let refused = engine.retry_child(id, ANNA, &yes());
    assert_eq!(refused, Err(TaskError::NothingToRetry));
    engine.child_started(id, Some(CHILD)).unwrap();
    engine.resume_task(id, &yes()).unwrap();
    assert_eq!(engine.of("move").status, TaskStatus::Open);
}
