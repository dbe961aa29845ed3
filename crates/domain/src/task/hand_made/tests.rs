use super::*;
use crate::{
    process::rehearsal::{ANNA, BEN, CLIENT, Rehearsal, no, yes},
    process_type::definition::ChecklistItem,
    task::{HoldReason, SourceType},
};

fn item(key: &str, required: bool) -> ChecklistItem {
    ChecklistItem {
        key: key.to_owned(),
        text: key.to_owned(),
        required,
    }
}

fn made(rehearsal: &Rehearsal) -> HandMade<'_> {
    let new = NewTask {
        title: "Ring them".to_owned(),
        due_at: Some("2026-03-04T22:00:00Z".parse().unwrap()),
        checklist: vec![item("ring", true), item("write", true), item("sing", false)],
        ..NewTask::default()
    };
    HandMade::create(rehearsal.world(), CLIENT, new, ANNA, &yes()).unwrap()
}

fn told(task: &HandMade<'_>) -> Vec<&'static str> {
    let told = task.changes.occurrences.iter();
    told.map(|occurrence| occurrence.event.as_str()).collect()
}

fn ticking(items: &[(&str, bool)]) -> CompletionInput {
    let items = items.iter().map(|(key, done)| ((*key).to_owned(), *done));
    CompletionInput {
        checklist: items.collect(),
        ..CompletionInput::default()
    }
}

/// E10
#[test]
fn a_task_made_by_hand_starts_open_and_says_who_made_it() {
    let rehearsal = Rehearsal::of([]);
    let made = made(&rehearsal);
    assert_eq!(made.task.status, TaskStatus::Open);
    assert_eq!(made.task.process_id, None);
    assert_eq!(made.task.source.kind, SourceType::Manual);
    assert_eq!(made.task.source.id, ANNA.0);
    assert_eq!(told(&made), ["task.created"]);
}

/// E7
#[test]
fn its_required_items_are_done_or_marked_before_it_is_completed() {
    let rehearsal = Rehearsal::of([]);
    let mut made = made(&rehearsal);
    let refused = made.complete(ANNA, &yes(), &ticking(&[("ring", true), ("dance", true)]));
    let Err(TaskError::Invalid(faults)) = refused else {
        panic!("faults were expected");
    };
    let pointers: Vec<_> = faults.iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(pointers, ["/checklist/dance", "/checklist/write"]);

    let away = CheckState::NotApplicable {
        note: Some("They called.".to_owned()),
    };
    made.set_check("write", &away, BEN, &yes()).unwrap();
    made.complete(ANNA, &yes(), &ticking(&[("ring", true)]))
        .unwrap();
    assert_eq!(made.task.status, TaskStatus::Completed);
    assert_eq!(made.task.checklist[0].by, Some(ANNA));
    assert_eq!(made.task.checklist[1].by, Some(BEN));
    assert_eq!(
        told(&made),
        [
            "task.created",
            "task.started",
            "task.updated",
            "task.completed"
        ]
    );
    assert_eq!(made.task.version, 4);
}

/// E7
#[test]
fn it_has_neither_form_nor_outcomes() {
    let rehearsal = Rehearsal::of([]);
    let mut made = made(&rehearsal);
    let input = CompletionInput {
        outcome: Some("good".to_owned()),
        form: [("sum".to_owned(), None)].into(),
        ..ticking(&[("ring", true), ("write", true)])
    };
    let Err(TaskError::Invalid(faults)) = made.complete(ANNA, &yes(), &input) else {
        panic!("faults were expected");
    };
    let pointers: Vec<_> = faults.iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(pointers, ["/form/sum", "/outcome"]);
}

/// X8, X20
#[test]
fn it_moves_as_a_task_of_a_process_does() {
    let rehearsal = Rehearsal::of([]);
    let mut made = made(&rehearsal);
    made.claim(BEN, &yes()).unwrap();
    assert_eq!(made.claim(ANNA, &yes()), Err(TaskError::AlreadyOwned));
    made.release(&yes()).unwrap();
    made.assign(ANNA, &yes(), &yes()).unwrap();
    made.start_task(&yes()).unwrap();
    let hold = HoldInput {
        reason: HoldReason::Client,
        note: None,
        pause_clock: true,
        nigo: crate::process::submitting::NigoInput::default(),
    };
    let due_at = made.task.due_at;
    made.hold(&yes(), hold).unwrap();
    assert_eq!(made.task.due_at, None);
    made.resume(&yes()).unwrap();
    assert_eq!(made.task.due_at, due_at);
    assert_eq!(made.task.status, TaskStatus::InProgress);
    made.cancel(&yes(), "Not needed.").unwrap();
    let status = TaskStatus::Cancelled;
    let late = made.skip(&yes(), "Not needed.");
    assert_eq!(late, Err(TaskError::NotExecutable { status }));
}

/// X4, X16
#[test]
fn nothing_moves_without_a_decision_in_favour() {
    let rehearsal = Rehearsal::of([]);
    let mut made = made(&rehearsal);
    let no = no(Rule::X4);
    let input = ticking(&[("ring", true), ("write", true)]);
    let refused = [
        made.complete(ANNA, &no, &input),
        made.set_check("ring", &CheckState::Done, ANNA, &no),
        made.start_task(&no),
        made.assign(BEN, &no, &yes()),
        made.claim(BEN, &no),
        made.release(&no),
        made.cancel(&no, "why"),
        made.skip(&no, "why"),
    ];
    for answer in refused {
        assert!(matches!(answer, Err(TaskError::Denied(_))), "{answer:?}");
    }
    assert_eq!(told(&made), ["task.created"]);
}

/// E11
#[test]
fn what_is_overdue_stays_so_through_a_hold() {
    let rehearsal = Rehearsal::of([]);
    let due_at = Some("2026-03-02T14:00:00Z".parse().unwrap());
    let mut made = made(&rehearsal);
    made.task.due_at = due_at;
    let hold = HoldInput {
        reason: HoldReason::Client,
        note: None,
        pause_clock: true,
        nigo: crate::process::submitting::NigoInput::default(),
    };
    made.hold(&yes(), hold).unwrap();
    assert_eq!(made.task.due_at, due_at);
    made.resume(&yes()).unwrap();
    assert_eq!(made.task.due_at, due_at);
}
