use super::*;
use crate::{
    entity::Membership,
    ids::{EntityId, MembershipId, RoleId},
    process::{
        edit::TaskEdit,
        hold::HoldInput,
        rehearsal::{ANNA, BEN, CLIENT, Rehearsal, after, back, choice, outcome, task, yes},
        run::Run,
        submitting::NigoInput,
        undo::UndoFacts,
    },
    process_type::definition::{
        CalendarKind, DueAmount, DueBase, DueRule, DueUnit, ExecutionRule, TaskKind,
    },
    role::RoleKind,
    task::{HoldReason, TaskStatus},
};
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn business_days(amount: i32) -> Offset {
    Offset {
        amount,
        unit: DueUnit::BusinessDays,
    }
}

fn reminder(days: i32) -> Reminder {
    Reminder {
        offset: business_days(days),
        to: None,
    }
}

/// Due so many business days after it opens, on Monday.
fn due_in(days: i32, template: TaskTemplate) -> TaskTemplate {
    TaskTemplate {
        due: Some(DueRule {
            amount: DueAmount::Fixed(days),
            unit: DueUnit::BusinessDays,
            from: DueBase::Opened,
            calendar: CalendarKind::Market,
            fallback: None,
        }),
        ..template
    }
}

/// Due on Friday, reminded of on Thursday, escalated to Ben on Monday.
fn watched() -> TaskTemplate {
    TaskTemplate {
        reminders: vec![reminder(-1)],
        escalation: Some(Escalation {
            offset: business_days(1),
            to: None,
            new_owner: vec![OwnerRule::User(BEN)],
        }),
        ..due_in(4, task("a"))
    }
}

/// What is planned, in the order of its time.
fn planned(jobs: &[Job]) -> Vec<DueMoment> {
    let mut planned: Vec<_> = jobs
        .iter()
        .filter_map(|job| match job {
            Job::DueMoment(planned) => Some(planned.clone()),
            _ => None,
        })
        .collect();
    planned.sort_by_key(|planned| planned.at);
    planned
}

fn times(jobs: &[Job]) -> Vec<DateTime<Utc>> {
    planned(jobs).iter().map(|planned| planned.at).collect()
}

fn started(plan: &Rehearsal) -> (Run, Vec<DueMoment>) {
    let (run, changes) = plan.start().finish();
    (run, planned(&changes.jobs))
}

/// What a job does to a run: what it tells, and who is told.
fn come(plan: &Rehearsal, run: Run, moment: &DueMoment) -> (Run, Vec<String>, Vec<UserId>) {
    let mut engine = plan.later(run, 0);
    engine.moment_came(moment);
    let told = engine.told();
    let (run, changes) = engine.finish();
    let people = changes.notifications.iter().map(|it| it.user_id).collect();
    (run, told, people)
}

/// E12
#[test]
fn what_is_due_is_reminded_of_and_escalated_at_an_offset_in_business_days() {
    let plan = Rehearsal::of([watched()]);
    let (run, planned) = started(&plan);
    let due_at = at("2026-03-06T22:00:00Z");
    assert_eq!(run.tasks[0].due_at, Some(due_at));
    let told: Vec<_> = planned.iter().map(|it| (it.moment, it.at)).collect();
    // New York's clocks go forward on Sunday.
    assert_eq!(
        told,
        [
            (Moment::Reminder { number: 0 }, at("2026-03-05T22:00:00Z")),
            (Moment::Escalation, at("2026-03-09T21:00:00Z")),
        ]
    );
    assert!(
        planned
            .iter()
            .all(|it| (it.attempt, it.due_at) == (1, due_at))
    );
}

/// E12
#[test]
fn a_reminder_goes_to_the_owner_and_to_whom_the_rule_names_once() {
    let mut template = watched();
    template.reminders[0].to = Some(OwnerRule::User(BEN));
    let plan = Rehearsal::of([template]);
    let (run, planned) = started(&plan);
    let (run, told, people) = come(&plan, run, &planned[0]);
    assert_eq!(told[0], "task.reminded a");
    assert_eq!(people, [ANNA, BEN]);
    let (run, told, people) = come(&plan, run, &planned[0]);
    assert_eq!((told.len(), people.len()), (0, 0), "a second time");
    assert_eq!(run.tasks[0].owner_id, Some(ANNA));
    assert_eq!(run.tasks[0].escalated_at(), None);
}

/// E12
#[test]
fn of_what_nobody_owns_whoever_is_accountable_is_reminded() {
    let plan = Rehearsal::of([TaskTemplate {
        owner: vec![OwnerRule::Unassigned],
        ..watched()
    }]);
    let (run, planned) = started(&plan);
    let (_, _, people) = come(&plan, run, &planned[0]);
    assert_eq!(people, [ANNA], "who started it owns the process");
}

/// E12, E9
#[test]
fn an_escalation_tells_and_gives_the_task_to_its_new_owner() {
    let plan = Rehearsal::of([watched()]);
    let (run, planned) = started(&plan);
    let (run, told, people) = come(&plan, run, &planned[1]);
    assert_eq!(
        told,
        [
            "task.escalated a",
            "notification.created",
            "task.assigned a",
            "notification.created",
        ]
    );
    assert_eq!(people, [ANNA, BEN]);
    let task = &run.tasks[0];
    assert_eq!((task.owner_id, task.owner_by_hand), (Some(BEN), false));
    assert_eq!(task.escalated_at(), Some(at("2026-03-02T15:00:00Z")));
}

/// E12, X11
#[test]
fn an_escalation_gives_a_task_to_nobody_whom_segregation_refuses() {
    let plan = Rehearsal::of([
        task("write"),
        TaskTemplate {
            separate_from: vec!["write".to_owned()],
            owner: vec![OwnerRule::User(ANNA)],
            ..after(&["write"], watched())
        },
    ]);
    let mut engine = plan.start();
    engine.finish_by(BEN, "write", "").unwrap();
    let (run, changes) = engine.finish();
    let (run, told, people) = come(&plan, run, &planned(&changes.jobs)[1]);
    assert_eq!(told[0], "task.escalated a");
    assert_eq!((run.tasks[1].owner_id, people), (Some(ANNA), vec![ANNA]));
}

/// E12
#[test]
fn what_has_been_done_or_given_another_date_is_not_reminded_of() {
    let plan = Rehearsal::of([watched(), task("b")]);
    let (run, first) = started(&plan);
    let mut engine = plan.later(run.clone(), 0);
    engine.done(&["a"]);
    let (done, changes) = engine.finish();
    assert!(
        changes.jobs.is_empty(),
        "nothing has to be taken out of the queue"
    );
    assert_eq!(come(&plan, done, &first[0]).1, Vec::<String>::new());

    let mut engine = plan.later(run, 0);
    let moved = TaskEdit::to_date(Some(at("2026-03-11T21:00:00Z")));
    engine.edit_task(engine.id("a"), &moved, &[yes()]).unwrap();
    let (run, changes) = engine.finish();
    assert_eq!(
        times(&changes.jobs),
        [at("2026-03-10T21:00:00Z"), at("2026-03-12T21:00:00Z")]
    );
    assert_eq!(come(&plan, run.clone(), &first[0]).1, Vec::<String>::new());
    assert_eq!(
        come(&plan, run, &planned(&changes.jobs)[0]).1[0],
        "task.reminded a"
    );
}

/// E12: a date that comes back is not reminded of again, however often it was planned.
#[test]
fn each_due_date_is_reminded_of_once() {
    let plan = Rehearsal::of([watched()]);
    let (run, first) = started(&plan);
    let (mut run, told, _) = come(&plan, run, &first[0]);
    assert_eq!(told[0], "task.reminded a");
    for (due_at, again) in [("2026-03-11T21:00:00Z", 2), ("2026-03-06T22:00:00Z", 1)] {
        let mut engine = plan.later(run, 0);
        let moved = TaskEdit::to_date(Some(at(due_at)));
        engine.edit_task(engine.id("a"), &moved, &[yes()]).unwrap();
        let (after, changes) = engine.finish();
        assert_eq!(planned(&changes.jobs).len(), again, "{due_at}");
        run = after;
    }
    assert_eq!(come(&plan, run, &first[0]).1, Vec::<String>::new());
}

/// E12: whoever opens late is reminded once, at once, and not once for each time that has passed.
#[test]
fn of_reminders_whose_time_has_passed_the_last_one_comes() {
    let plan = Rehearsal::of([TaskTemplate {
        reminders: vec![reminder(-5), reminder(-2), reminder(-1)],
        ..due_in(1, task("a"))
    }]);
    let (run, planned) = started(&plan);
    let opened = run.tasks[0].opened_at.unwrap();
    let moments: Vec<_> = planned.iter().map(|it| (it.moment, it.at)).collect();
    assert_eq!(
        moments,
        [
            (Moment::Reminder { number: 1 }, opened),
            (Moment::Reminder { number: 2 }, at("2026-03-02T22:00:00Z")),
        ]
    );
}

/// E12, E11
#[test]
fn a_paused_clock_takes_the_moments_with_it_and_brings_them_back() {
    let plan = Rehearsal::of([watched()]);
    let (run, first) = started(&plan);
    let mut engine = plan.later(run, 0);
    let hold = HoldInput {
        reason: HoldReason::Client,
        note: None,
        pause_clock: true,
        nigo: NigoInput::default(),
    };
    engine.hold_task(engine.id("a"), &yes(), hold).unwrap();
    let (run, changes) = engine.finish();
    assert!(changes.jobs.is_empty());
    assert_eq!(come(&plan, run.clone(), &first[0]).1, Vec::<String>::new());
    let mut engine = plan.later(run, 7);
    engine.resume_task(engine.id("a"), &yes()).unwrap();
    let (_, changes) = engine.finish();
    assert_eq!(
        times(&changes.jobs),
        [at("2026-03-12T21:00:00Z"), at("2026-03-16T21:00:00Z")]
    );
}

/// E12, E15: what came while the process stood still comes when it goes on.
#[test]
fn a_process_on_hold_reminds_nobody_until_it_goes_on() {
    let plan = Rehearsal::of([watched()]);
    let (run, first) = started(&plan);
    let mut engine = plan.later(run, 0);
    engine.hold(&yes(), "Counsel.").unwrap();
    let (run, _) = engine.finish();
    assert_eq!(come(&plan, run.clone(), &first[0]).1, Vec::<String>::new());
    let mut engine = plan.later(run, 0);
    engine.resume(ANNA, &yes()).unwrap();
    let (run, changes) = engine.finish();
    let again = planned(&changes.jobs);
    assert_eq!(again, first, "the same date, so the same moments");
    assert_eq!(come(&plan, run, &again[0]).1[0], "task.reminded a");
}

/// E12, E6, E8
#[test]
fn another_attempt_is_reminded_of_anew_and_the_old_one_no_more() {
    let plan = Rehearsal::of([
        watched(),
        after(&["a"], choice("check", [outcome("good"), back("bad", "a")])),
    ]);
    let (run, first) = started(&plan);
    let (run, ..) = come(&plan, run, &first[0]);
    let mut engine = plan.later(run, 0);
    engine.done(&["a"]);
    engine.finish_task("check", "bad").unwrap();
    let (run, changes) = engine.finish();
    let second = planned(&changes.jobs);
    assert_eq!(
        second.iter().map(|it| it.attempt).collect::<Vec<_>>(),
        [2, 2]
    );
    assert_eq!(come(&plan, run.clone(), &first[1]).1, Vec::<String>::new());
    let (run, told, _) = come(&plan, run, &second[0]);
    assert_eq!(told[0], "task.reminded a");

    let mut engine = plan.later(run, 0);
    engine.done(&["a"]);
    let id = engine.id("a");
    engine
        .reopen(id, ANNA, &yes(), None, &UndoFacts::default())
        .unwrap();
    let (run, changes) = engine.finish();
    let third = planned(&changes.jobs);
    assert_eq!(third.len(), 1, "the reminder of this date has come");
    assert_eq!((third[0].moment, third[0].attempt), (Moment::Escalation, 3));
    assert_eq!(run.tasks[0].status, TaskStatus::InProgress);
}

/// One of two people prepares, the others approve.
fn segregated(plan: &mut Rehearsal, holders: &[UserId]) {
    let role = plan.role("checker", RoleKind::ServicingTeam);
    plan.around.memberships = (1..)
        .zip(holders)
        .map(|(n, who)| held(n, *who, role))
        .collect();
}

fn held(number: u128, user_id: UserId, role_id: RoleId) -> Membership {
    Membership {
        id: MembershipId(Uuid::from_u128(number)),
        entity_id: EntityId(CLIENT.0),
        user_id,
        role_id,
        role_kind: RoleKind::ServicingTeam,
        is_primary: false,
        created_at: DateTime::UNIX_EPOCH,
        version: 1,
    }
}

fn four_eyes() -> Rehearsal {
    Rehearsal::of([
        task("write"),
        TaskTemplate {
            kind: TaskKind::Approval,
            separate_from: vec!["write".to_owned()],
            owner: vec![OwnerRule::Role("checker".to_owned())],
            execution: ExecutionRule {
                enabled: true,
                servicing_team_roles: vec!["checker".to_owned()],
                ..ExecutionRule::default()
            },
            ..after(&["write"], choice("check", [outcome("good")]))
        },
    ])
}

fn wants_somebody_else(jobs: &[Job]) -> Vec<(TaskId, u32)> {
    jobs.iter()
        .filter_map(|job| match job {
            Job::NobodyElse {
                task_id, attempt, ..
            } => Some((*task_id, *attempt)),
            _ => None,
        })
        .collect()
}

/// E21
#[test]
fn a_task_that_only_its_preparer_could_execute_is_escalated_once_and_stays() {
    let mut plan = four_eyes();
    segregated(&mut plan, &[BEN]);
    let mut engine = plan.start();
    engine.finish_by(BEN, "write", "").unwrap();
    let (run, changes) = engine.finish();
    let [(id, attempt)] = wants_somebody_else(&changes.jobs)[..] else {
        panic!("one escalation was expected");
    };
    let mut engine = plan.later(run, 0);
    for _ in 0..2 {
        engine.nobody_else_could(id, attempt, &[BEN]);
    }
    engine.nobody_else_could(id, attempt + 1, &[BEN]);
    assert_eq!(
        engine.told(),
        [
            "task.escalated check",
            "notification.created",
            "notification.created"
        ]
    );
    let (run, changes) = engine.finish();
    let people: Vec<_> = changes.notifications.iter().map(|it| it.user_id).collect();
    assert_eq!(people, [ANNA, BEN], "the process's owner and the managers");
    assert_eq!(run.tasks[1].status, TaskStatus::Open);
    assert!(run.tasks[1].escalated_at().is_some());
}

/// E21
#[test]
fn where_somebody_else_could_nothing_is_escalated() {
    let mut plan = four_eyes();
    segregated(&mut plan, &[BEN, ANNA]);
    let mut engine = plan.start();
    engine.finish_by(BEN, "write", "").unwrap();
    assert_eq!(wants_somebody_else(&engine.changes.jobs), []);
    assert_eq!(engine.of("check").owner_id, Some(ANNA));

    // Nobody holds the role: nobody is found, but segregation is not why.
    let mut plan = four_eyes();
    segregated(&mut plan, &[]);
    let mut engine = plan.start();
    engine.finish_by(BEN, "write", "").unwrap();
    assert_eq!(wants_somebody_else(&engine.changes.jobs), []);
    assert_eq!(engine.of("check").owner_id, None);
}

/// E12, E11: by a pause, of the task or of its process, nothing comes again that has come for a due date.
#[test]
fn what_has_come_for_a_late_task_does_not_come_again_after_a_hold() {
    let plan = Rehearsal::of([watched(), task("b")]);
    let (mut run, planned_once) = started(&plan);
    run = plan.later(run, 10).finish().0;
    for moment in &planned_once {
        let (after, told, _) = come(&plan, run, moment);
        assert!(!told.is_empty());
        run = after;
    }
    let mut engine = plan.later(run.clone(), 1);
    let hold = HoldInput {
        reason: HoldReason::Client,
        note: None,
        pause_clock: true,
        nigo: NigoInput::default(),
    };
    engine.hold_task(engine.id("a"), &yes(), hold).unwrap();
    let (held, at_hold) = engine.finish();
    let mut engine = plan.later(held, 1);
    engine.resume_task(engine.id("a"), &yes()).unwrap();
    let (resumed, at_resume) = engine.finish();

    let mut engine = plan.later(run, 1);
    engine.hold(&yes(), "Counsel.").unwrap();
    let (stopped, at_stop) = engine.finish();
    let mut engine = plan.later(stopped, 1);
    engine.resume(ANNA, &yes()).unwrap();
    let (going, at_start) = engine.finish();

    for changes in [at_hold, at_resume, at_stop, at_start] {
        assert!(planned(&changes.jobs).is_empty());
    }
    for run in [resumed, going] {
        for moment in &planned_once {
            let (after, told, people) = come(&plan, run.clone(), moment);
            assert_eq!((after, told, people), (run.clone(), Vec::new(), Vec::new()));
        }
    }
}
