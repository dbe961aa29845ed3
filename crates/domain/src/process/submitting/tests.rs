use chrono::TimeDelta;

use super::*;
use crate::{
    access::Rule,
    process::{
        cancel::Children,
        rehearsal::{ANNA, Rehearsal, after, back, no, outcome, task, yes},
        undo::UndoFacts,
    },
    process_type::definition::{Outcome, TaskKind, TaskTemplate, WaitingOn},
    task::submission::{NigoFigures, Submission, figures},
};

/// Papers are prepared, then a custodian is waited for.
fn plan() -> Rehearsal {
    Rehearsal::of([
        task("prepare"),
        after(
            &["prepare"],
            TaskTemplate {
                kind: TaskKind::Wait,
                waiting_on: Some(WaitingOn::Custodian),
                outcomes: vec![
                    outcome("open"),
                    Outcome {
                        reason_codes: vec!["signature".to_owned()],
                        ..back("nigo", "prepare")
                    },
                    back("changed_mind", "prepare"),
                    Outcome {
                        ends: Some("declined".to_owned()),
                        ..outcome("declined")
                    },
                ],
                ..task("wait")
            },
        ),
        after(&["wait"], task("welcome")),
    ])
    .with_result("declined", Vec::new())
}

fn sent(engine: &Engine<'_>) -> Vec<Submission> {
    engine.of("wait").submissions.clone()
}

fn verdicts(engine: &Engine<'_>) -> Vec<Option<Verdict>> {
    let said = |it: &Submission| it.answer.as_ref().map(|answer| answer.verdict);
    sent(engine).iter().map(said).collect()
}

fn nigo(codes: &[&str]) -> AnswerInput {
    AnswerInput {
        verdict: Verdict::Nigo,
        answered_at: None,
        nigo: NigoInput {
            reason_codes: codes.iter().map(|code| (*code).to_owned()).collect(),
            cured_by: None,
        },
        note: None,
    }
}

fn hold(reason: HoldReason, codes: &[&str]) -> HoldInput {
    HoldInput {
        reason,
        note: Some("They want ink.".to_owned()),
        pause_clock: false,
        nigo: NigoInput {
            cured_by: (!codes.is_empty()).then_some(CuredBy::Client),
            ..nigo(codes).nigo
        },
    }
}

fn sent_back(engine: &mut Engine<'_>, code: &str) {
    let input = crate::process::input::CompletionInput {
        outcome: Some("nigo".to_owned()),
        reason_code: Some(code.to_owned()),
        ..crate::process::input::CompletionInput::default()
    };
    engine
        .complete(engine.id("wait"), ANNA, &yes(), &input)
        .unwrap();
}

/// E22
#[test]
fn what_is_waited_for_was_sent_when_the_wait_opened_and_is_answered_by_its_completion() {
    let plan = plan();
    let mut engine = plan.start();
    assert!(sent(&engine).is_empty());
    engine.done(&["prepare"]);
    let [first] = &sent(&engine)[..] else {
        panic!("one was sent");
    };
    assert_eq!((first.sent_at, first.attempt), (engine.now, 1));
    assert_eq!((first.resubmission_of, &first.answer), (None, &None));
    engine.finish_task("wait", "open").unwrap();
    assert_eq!(verdicts(&engine), [Some(Verdict::InGoodOrder)]);
}

/// E22, E6
#[test]
fn work_sent_back_keeps_its_submission_and_links_the_next_to_it() {
    let plan = plan();
    let mut engine = plan.start();
    engine.done(&["prepare"]);
    sent_back(&mut engine, "signature");
    let [first] = &sent(&engine)[..] else {
        panic!("one was sent");
    };
    let answer = first.answer.as_ref().unwrap();
    assert_eq!(answer.verdict, Verdict::Nigo);
    assert_eq!(answer.reason_codes, ["signature"]);
    assert_eq!(answer.reopened.as_deref(), Some("prepare"));
    let (run, _) = engine.finish();
    let mut engine = plan.later(run, 2);
    engine.done(&["prepare"]);
    let both = sent(&engine);
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].id, first.id);
    assert_eq!(
        (both[1].resubmission_of, both[1].attempt),
        (Some(first.id), 2)
    );
    assert_eq!(both[1].sent_at, engine.now);
    engine.finish_task("wait", "open").unwrap();
    let expected = NigoFigures {
        answered: 1,
        passed_first: 0,
        nigo: 1,
        in_nigo: TimeDelta::days(2),
    };
    assert_eq!(figures(&engine.run.tasks, engine.now), expected);
}

/// E22
#[test]
fn a_hold_over_what_is_not_in_good_order_answers_and_going_on_sends_again() {
    let plan = plan();
    let mut engine = plan.start();
    engine.done(&["prepare"]);
    let id = engine.id("wait");
    engine
        .hold_task(id, &yes(), hold(HoldReason::Nigo, &["ink"]))
        .unwrap();
    let answer = sent(&engine)[0].answer.clone().unwrap();
    assert_eq!(
        (answer.verdict, answer.cured_by),
        (Verdict::Nigo, Some(CuredBy::Client))
    );
    assert_eq!(
        (answer.reason_codes, answer.reopened),
        (vec!["ink".to_owned()], None)
    );
    let (run, _) = engine.finish();
    let mut engine = plan.later(run, 1);
    engine.resume_task(id, &yes()).unwrap();
    assert_eq!(verdicts(&engine), [Some(Verdict::Nigo), None]);
    let both = sent(&engine);
    assert_eq!(both[1].resubmission_of, Some(both[0].id));

    // A hold for another reason says nothing of what was sent.
    engine
        .hold_task(id, &yes(), hold(HoldReason::Internal, &[]))
        .unwrap();
    engine.resume_task(id, &yes()).unwrap();
    assert_eq!(verdicts(&engine), [Some(Verdict::Nigo), None]);
}

/// E22
#[test]
fn reasons_have_a_place_only_where_a_custodian_gives_them() {
    let plan = plan();
    let mut engine = plan.start();
    let early = engine.hold_task(
        engine.id("prepare"),
        &yes(),
        hold(HoldReason::Nigo, &["ink"]),
    );
    let Err(TaskError::Invalid(faults)) = early else {
        panic!("{early:?}");
    };
    let places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(places, ["/reason_codes", "/cured_by"]);
    engine
        .hold_task(engine.id("prepare"), &yes(), hold(HoldReason::Nigo, &[]))
        .unwrap();
    engine.resume_task(engine.id("prepare"), &yes()).unwrap();
    engine.done(&["prepare"]);
    let other = engine.hold_task(engine.id("wait"), &yes(), hold(HoldReason::Other, &["ink"]));
    assert!(matches!(other, Err(TaskError::Invalid(_))));
    assert_eq!(engine.of("prepare").submissions, []);
}

/// E22: an answer, the hold for it and the outcome that sends it back are one NIGO, not three.
#[test]
fn one_answer_is_told_once_however_often_it_is_noted() {
    let plan = plan();
    let mut engine = plan.start();
    engine.done(&["prepare"]);
    let (id, first) = (engine.id("wait"), sent(&engine)[0].id);
    engine
        .answer_submission(id, first, &yes(), &nigo(&["ink"]))
        .unwrap();
    engine
        .hold_task(id, &yes(), hold(HoldReason::Nigo, &["date"]))
        .unwrap();
    sent_back(&mut engine, "signature");
    let [only] = &sent(&engine)[..] else {
        panic!("one was sent");
    };
    let answer = only.answer.as_ref().unwrap();
    assert_eq!(answer.reason_codes, ["ink", "date", "signature"]);
    assert_eq!(figures(&engine.run.tasks, engine.now).nigo, 1);
}

/// E22
#[test]
fn sending_again_waits_for_the_answer_and_answers_come_once_and_in_time() {
    let plan = plan();
    let mut engine = plan.start();
    engine.done(&["prepare"]);
    let (id, first) = (engine.id("wait"), sent(&engine)[0].id);
    let again = SubmissionInput::default();
    let pending = engine.submit(id, &yes(), &again);
    assert_eq!(pending, Err(TaskError::Submission(Unsubmittable::Pending)));
    let refused = engine.answer_submission(id, first, &no(Rule::X2), &nigo(&["ink"]));
    assert!(matches!(refused, Err(TaskError::Denied(_))));
    for (input, place, code) in [
        (nigo(&[]), "/reason_codes", "required"),
        (nigo(&["ink", " "]), "/reason_codes/1", "bad-length"),
        (
            AnswerInput {
                verdict: Verdict::InGoodOrder,
                ..nigo(&["ink"])
            },
            "/reason_codes",
            "not-allowed",
        ),
        (
            AnswerInput {
                answered_at: Some(engine.now + TimeDelta::days(1)),
                ..nigo(&["ink"])
            },
            "/answered_at",
            "in-future",
        ),
        (
            AnswerInput {
                answered_at: Some(engine.now - TimeDelta::days(1)),
                ..nigo(&["ink"])
            },
            "/answered_at",
            "too-early",
        ),
    ] {
        let refused = engine.answer_submission(id, first, &yes(), &input);
        let Err(TaskError::Invalid(faults)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(
            (faults[0].pointer.as_str(), faults[0].code.as_str()),
            (place, code)
        );
    }
    engine.told();
    engine
        .answer_submission(id, first, &yes(), &nigo(&["ink"]))
        .unwrap();
    let twice = engine.answer_submission(id, first, &yes(), &nigo(&["ink"]));
    assert_eq!(twice, Err(TaskError::Submission(Unsubmittable::Answered)));
    let second = engine.submit(id, &yes(), &again).unwrap();
    assert_eq!(
        engine.told(),
        ["task.submission_answered wait", "task.submitted wait"]
    );
    assert_eq!(sent(&engine)[1].id, second);
    assert_eq!(sent(&engine)[1].resubmission_of, Some(first));
    let unknown = engine.answer_submission(engine.id("prepare"), first, &yes(), &nigo(&["ink"]));
    assert_eq!(unknown, Err(TaskError::NotFound));
}

/// E22
#[test]
fn only_what_a_custodian_is_waited_for_keeps_submissions() {
    let plan = plan();
    let mut engine = plan.start();
    let refused = engine.submit(engine.id("prepare"), &yes(), &SubmissionInput::default());
    assert_eq!(
        refused,
        Err(TaskError::Submission(Unsubmittable::NoCustodian))
    );
    let status = crate::task::TaskStatus::Waiting;
    let early = engine.submit(engine.id("wait"), &yes(), &SubmissionInput::default());
    assert_eq!(early, Err(TaskError::NotExecutable { status }));
}

/// E22
#[test]
fn what_is_not_the_custodians_answer_is_none() {
    for (outcome, verdict) in [
        ("changed_mind", Verdict::Withdrawn),
        ("declined", Verdict::Rejected),
    ] {
        let plan = plan();
        let mut engine = plan.start();
        engine.done(&["prepare"]);
        engine.finish_task("wait", outcome).unwrap();
        assert_eq!(verdicts(&engine), [Some(verdict)], "{outcome}");
        let answered = u32::from(verdict == Verdict::Rejected);
        assert_eq!(figures(&engine.run.tasks, engine.now).answered, answered);
    }
    let plan = plan();
    let mut engine = plan.start();
    engine.done(&["prepare"]);
    engine
        .cancel(ANNA, &yes(), "Moved away.", Some(Children::Keep))
        .unwrap();
    assert_eq!(verdicts(&engine), [Some(Verdict::Withdrawn)]);
}

/// E22, E8
#[test]
fn taking_the_completion_back_takes_the_answer_back() {
    let plan = plan();
    let mut engine = plan.start();
    engine.done(&["prepare"]);
    engine.finish_task("wait", "open").unwrap();
    let id = engine.id("wait");
    engine
        .reopen(id, ANNA, &yes(), None, &UndoFacts::default())
        .unwrap();
    assert_eq!(verdicts(&engine), [None]);
    engine.finish_task("wait", "open").unwrap();
    assert_eq!(verdicts(&engine), [Some(Verdict::InGoodOrder)]);
}

/// E22
#[test]
fn the_first_pass_rate_counts_first_answers_and_what_is_open_is_in_nigo_until_now() {
    let plan = plan();
    let mut engine = plan.start();
    assert_eq!(
        figures(&engine.run.tasks, engine.now).first_pass_rate(),
        None
    );
    engine.done(&["prepare"]);
    let (id, first) = (engine.id("wait"), sent(&engine)[0].id);
    engine
        .answer_submission(id, first, &yes(), &nigo(&["ink"]))
        .unwrap();
    let (run, _) = engine.finish();

    let other = self::plan();
    let mut passed = other.start();
    passed.done(&["prepare"]);
    passed.finish_task("wait", "open").unwrap();

    let engine = plan.later(run, 5);
    let both = engine.run.tasks.iter().chain(&passed.run.tasks);
    let found = figures(both, engine.now);
    assert_eq!(found.first_pass_rate(), Some(0.5));
    assert_eq!(
        (found.answered, found.nigo, found.days_in_nigo()),
        (2, 1, 5)
    );
}
