use super::*;
use crate::{
    condition::{Condition, Subject, Test},
    process::rehearsal::{ANNA, BEN, Rehearsal, after, choice, outcome, task},
    process_type::definition::Outcome,
    user::UserStatus,
};

fn any(template: TaskTemplate) -> TaskTemplate {
    TaskTemplate {
        join: Join::Any,
        ..template
    }
}

fn never() -> Condition {
    Condition::Leaf {
        subject: Subject::Field("nothing".to_owned()),
        test: Test::IsSet(true),
    }
}

fn fork() -> TaskTemplate {
    choice("fork", [outcome("left"), outcome("right")])
}

/// E1
#[test]
fn an_edge_with_an_outcome_is_live_by_that_outcome_alone() {
    let plan = Rehearsal::of([
        fork(),
        after(&["fork=left"], task("left")),
        after(&["fork=right"], task("right")),
        after(&["fork"], task("both")),
    ]);
    let mut engine = plan.start();
    engine.finish_task("fork", "left").unwrap();
    assert_eq!(
        engine.overview(),
        "fork:completed left:open right:not_taken both:open"
    );
}

/// E1
#[test]
fn a_skipped_task_passes_on_but_not_by_an_outcome() {
    let plan = Rehearsal::of([
        TaskTemplate {
            when: Some(never()),
            ..fork()
        },
        after(&["fork"], task("plain")),
        after(&["fork=left"], task("left")),
    ]);
    assert_eq!(
        plan.start().overview(),
        "fork:skipped plain:open left:not_taken"
    );
}

/// E1
#[test]
fn what_is_not_taken_takes_what_follows_with_it() {
    let plan = Rehearsal::of([
        fork(),
        after(&["fork=left"], task("left")),
        after(&["left"], task("behind")),
        after(&["fork=right"], task("right")),
    ]);
    let mut engine = plan.start();
    engine.finish_task("fork", "right").unwrap();
    assert_eq!(
        engine.overview(),
        "fork:completed left:not_taken behind:not_taken right:open"
    );
}

/// E2
#[test]
fn a_join_of_all_opens_when_every_edge_is_live() {
    let plan = Rehearsal::of([task("a"), task("b"), after(&["a", "b"], task("c"))]);
    let mut engine = plan.start();
    engine.done(&["a"]);
    assert_eq!(engine.overview(), "a:completed b:open c:waiting");
    engine.done(&["b"]);
    assert_eq!(engine.overview(), "a:completed b:completed c:open");
}

/// E2
#[test]
fn a_join_of_all_is_not_taken_as_soon_as_one_edge_is_dead() {
    let plan = Rehearsal::of([fork(), task("b"), after(&["fork=left", "b"], task("c"))]);
    let mut engine = plan.start();
    engine.finish_task("fork", "right").unwrap();
    assert_eq!(engine.overview(), "fork:completed b:open c:not_taken");
}

/// E3
#[test]
fn a_join_of_any_opens_at_the_first_live_edge() {
    let plan = Rehearsal::of([task("a"), task("b"), any(after(&["a", "b"], task("c")))]);
    let mut engine = plan.start();
    engine.done(&["b"]);
    assert_eq!(engine.overview(), "a:open b:completed c:open");
}

/// E3
#[test]
fn a_second_live_edge_does_not_open_it_again() {
    let plan = Rehearsal::of([task("a"), task("b"), any(after(&["a", "b"], task("c")))]);
    let mut engine = plan.start();
    engine.done(&["b", "c"]);
    engine.told();
    engine.done(&["a"]);
    assert_eq!(engine.told(), ["task.completed a", "process.completed"]);
    assert_eq!(engine.of("c").attempt, 1);
}

/// E3
#[test]
fn a_join_of_any_is_not_taken_when_all_edges_are_dead() {
    let plan = Rehearsal::of([
        fork(),
        choice("other", [outcome("left"), outcome("right")]),
        any(after(&["fork=left", "other=left"], task("c"))),
        task("d"),
    ]);
    let mut engine = plan.start();
    engine.finish_task("fork", "right").unwrap();
    assert_eq!(engine.of("c").status, TaskStatus::Waiting);
    engine.finish_task("other", "right").unwrap();
    assert_eq!(engine.of("c").status, TaskStatus::NotTaken);
}

/// E4
#[test]
fn a_condition_that_does_not_hold_skips_the_task() {
    let plan = Rehearsal::of([
        task("a"),
        TaskTemplate {
            when: Some(never()),
            ..after(&["a"], task("b"))
        },
        after(&["b"], task("c")),
    ]);
    let mut engine = plan.start();
    assert_eq!(engine.of("b").status, TaskStatus::Waiting);
    engine.done(&["a"]);
    assert_eq!(engine.overview(), "a:completed b:skipped c:open");
}

/// E4a
#[test]
fn a_marked_task_is_skipped_when_its_turn_comes() {
    let quick = Outcome {
        skips: vec!["c".to_owned()],
        ..outcome("quick")
    };
    let plan = Rehearsal::of([
        choice("a", [quick, outcome("thorough")]),
        after(&["a"], task("b")),
        after(&["b"], task("c")),
        after(&["c"], task("d")),
    ]);
    let mut engine = plan.start();
    engine.finish_task("a", "quick").unwrap();
    assert_eq!(engine.overview(), "a:completed b:open c:waiting d:waiting");
    assert_eq!(engine.of("c").skip_marked_by.as_deref(), Some("a"));
    engine.done(&["b"]);
    assert_eq!(
        engine.overview(),
        "a:completed b:completed c:skipped d:open"
    );
}

/// E5
#[test]
fn a_chain_moves_in_one_go_and_in_template_order() {
    let skipped = |template| TaskTemplate {
        when: Some(never()),
        ..template
    };
    let plan = Rehearsal::of([
        after(&["d"], task("e")),
        task("a"),
        skipped(after(&["a"], task("b"))),
        skipped(after(&["b"], task("d"))),
        after(&["a"], task("c")),
    ]);
    let mut engine = plan.start();
    assert_eq!(engine.told(), ["process.started", "task.opened a"]);
    engine.done(&["a"]);
    assert_eq!(
        engine.told(),
        [
            "task.completed a",
            "task.skipped b",
            "task.skipped d",
            "task.opened c",
            "task.opened e"
        ]
    );
}

/// E9
#[test]
fn a_task_opens_unassigned_where_no_rule_resolves_and_says_so() {
    let mut plan = Rehearsal::of([task("a")]);
    plan.around.people.get_mut(&ANNA).unwrap().status = UserStatus::Inactive;
    let mut engine = plan.start();
    assert_eq!(engine.of("a").owner_id, None);
    assert_eq!(
        engine.told(),
        ["process.started", "task.opened a", "task.unassigned a"]
    );
}

/// E9
#[test]
fn a_task_that_is_left_to_nobody_on_purpose_is_no_failure() {
    let plan = Rehearsal::of([TaskTemplate {
        owner: vec![OwnerRule::Unassigned],
        ..task("a")
    }]);
    assert_eq!(plan.start().told(), ["process.started", "task.opened a"]);
}

/// E9
#[test]
fn an_owner_set_by_hand_on_a_waiting_task_stays() {
    let plan = Rehearsal::of([task("a"), after(&["a"], task("b"))]);
    let mut engine = plan.start();
    let yes = crate::process::rehearsal::yes();
    engine.assign(engine.id("b"), BEN, &yes, &yes).unwrap();
    engine.done(&["a"]);
    assert_eq!(engine.of("b").owner_id, Some(BEN));
}
