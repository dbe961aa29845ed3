//! The sentence behind each yes and no names the facts that decided.

use chrono::TimeDelta;

use super::fixture::{
    ASKER, COMPLIANCE, CSA, FIRM, INITIATOR, LEAD, OPERATIONS, OWNER, PARTNER, Scene, at_level,
    manager_of, member, now,
};
use crate::{
    access::{
        Actor,
        execution::{decide, decide_with_override},
        managing::{TaskAction, decide_action},
        starting::{EntityAction, decide_entity_action},
    },
    task::TaskStatus,
    user::PermissionLevel,
};

fn execute(scene: &Scene, actor: &Actor) -> String {
    scene.ask(|facts| decide(actor, facts.task)).reason
}

fn manage(scene: &Scene, action: TaskAction, actor: &Actor) -> String {
    scene
        .ask(|facts| decide_action(action, actor, facts))
        .reason
}

/// X1, X2, X3, X14
#[test]
fn a_yes_names_the_role_and_where_it_is_held() {
    let asker = member(ASKER);
    assert_eq!(
        execute(&Scene::new(), &member(OWNER)),
        "allowed by X1: owns the task"
    );
    for (scene, sentence) in [
        (
            Scene::new().joins(ASKER, CSA),
            "allowed by X2: holds Client Service Associate on Lindqvist Trust",
        ),
        (
            Scene::new().joins(ASKER, PARTNER),
            "allowed by X3: holds Partner on Lindqvist Trust",
        ),
        (
            Scene::new().joins_at(FIRM.entity(), ASKER, COMPLIANCE),
            "allowed by X14: holds Compliance Officer on Harbor Wealth",
        ),
    ] {
        assert_eq!(execute(&scene, &asker), sentence);
    }
}

/// X2
#[test]
fn a_role_that_is_not_listed_is_named_beside_those_that_are() {
    let scene = Scene::new().joins(ASKER, OPERATIONS);
    let sentence = execute(&scene, &member(ASKER));
    assert!(
        sentence.starts_with("refused by X2: holds Operations"),
        "{sentence}"
    );
    assert!(
        sentence.contains(
            "but needs Client Service Associate on the servicing team of Lindqvist Trust, or Partner on the team"
        ),
        "{sentence}"
    );
}

/// X4
#[test]
fn whoever_holds_nothing_is_told_that_they_do_not_own_it() {
    let mut scene = Scene::new();
    scene.task.execution.enabled = false;
    assert_eq!(
        execute(&scene, &member(ASKER)),
        "refused by X4: does not own the task, and advanced execution is off, so only its owner executes the task"
    );
}

/// X7
#[test]
fn what_executing_does_not_include_is_said_with_who_may() {
    let scene = Scene::new().joins_at(FIRM.entity(), ASKER, COMPLIANCE);
    assert_eq!(
        manage(&scene, TaskAction::Assign, &member(ASKER)),
        "refused by X7: holds Compliance Officer on Harbor Wealth, which lets one execute it but not assign it: only its owner, \
         its owner's manager, the owner of its process, the primary lead of Lindqvist Trust or an admin may"
    );
    assert_eq!(
        manage(&scene, TaskAction::Cancel, &member(OWNER)),
        "refused by X7: owns the task, which lets one execute it but not cancel it: only its owner's manager, the owner of its \
         process, the primary lead of Lindqvist Trust or an admin may"
    );
    let covering = Scene::new().covered(OWNER, ASKER);
    assert!(
        manage(&covering, TaskAction::Skip, &member(ASKER))
            .starts_with("refused by X7: covers for the owner of the task, which lets one")
    );
}

/// E8, X16
#[test]
fn whoever_comes_too_late_to_take_it_back_is_told_so() {
    let scene = Scene::new().joins(ASKER, CSA).completed(ASKER, 16);
    assert!(
        manage(&scene, TaskAction::Reopen, &member(ASKER))
            .starts_with("refused by X16: completed the task more than 15 minutes ago; now only")
    );
    let in_time = Scene::new().joins(ASKER, CSA).completed(ASKER, 15);
    assert_eq!(
        manage(&in_time, TaskAction::Reopen, &member(ASKER)),
        "allowed by X16: completed the task a moment ago"
    );
}

/// X8, X13, X18
#[test]
fn what_stops_everybody_says_what_it_is() {
    let waiting = Scene::new().joins(ASKER, CSA).status(TaskStatus::Waiting);
    assert_eq!(
        execute(&waiting, &member(ASKER)),
        "refused by X8: the task is still waiting"
    );
    let gone = Actor {
        active: false,
        ..member(ASKER)
    };
    assert_eq!(
        execute(&Scene::new(), &gone),
        "refused by X13: the user is inactive"
    );
    let mut restricted = Scene::new();
    restricted.entity.restricted = true;
    assert_eq!(
        execute(&restricted, &at_level(ASKER, PermissionLevel::Admin)),
        "refused by X18: Lindqvist Trust is restricted to the people on its teams"
    );
}

/// X10
#[test]
fn a_cover_is_told_for_whom_they_act_and_only_in_time() {
    let covering = Scene::new().covered(OWNER, ASKER);
    assert_eq!(
        execute(&covering, &member(ASKER)),
        "allowed by X10: covers for the owner of the task"
    );
    let mut over = Scene::new().covered(OWNER, ASKER);
    over.covers[0].until = now() - TimeDelta::minutes(1);
    assert!(execute(&over, &member(ASKER)).starts_with("refused by X2: needs"));
}

/// X11
#[test]
fn a_preparer_is_told_what_they_prepared() {
    let mut scene = Scene::new().joins(ASKER, CSA).prepared_by(ASKER);
    scene.task.separate_from = vec!["prepare".to_owned(), "enter".to_owned()];
    assert_eq!(
        execute(&scene, &member(ASKER)),
        "refused by X11: completed, or filled in, a task that this one must be kept separate from (prepare, enter)"
    );
    let mut covering = Scene::new().covered(OWNER, ASKER).prepared_by(OWNER);
    covering.task.separate_from = vec!["prepare".to_owned()];
    assert_eq!(
        execute(&covering, &member(ASKER)),
        "refused by X11: covers for somebody who completed, or filled in, a task that this one must be kept separate from (prepare)"
    );
}

/// X12
#[test]
fn an_override_says_by_what_right() {
    let overriding = |actor: &Actor| {
        let scene = Scene::new();
        scene
            .ask(|facts| decide_with_override(actor, facts.task))
            .reason
    };
    assert_eq!(
        overriding(&at_level(ASKER, PermissionLevel::Admin)),
        "allowed by X12: an admin overrides"
    );
    assert_eq!(
        overriding(&manager_of(ASKER, &[OWNER])),
        "allowed by X12: a manager of the owner or of the record overrides"
    );
}

/// X16
#[test]
fn whoever_manages_is_told_as_what() {
    let skip = |scene: &Scene, actor: &Actor| manage(scene, TaskAction::Skip, actor);
    let scene = Scene::new().joins(ASKER, LEAD).primary(LEAD);
    assert_eq!(
        skip(&scene, &member(ASKER)),
        "allowed by X16: is the primary lead of the record"
    );
    assert_eq!(
        skip(&scene, &manager_of(INITIATOR, &[OWNER])),
        "allowed by X16: manages the owner of the task"
    );
}

/// X20
#[test]
fn claiming_names_the_roles_that_let_one() {
    let claim = |scene: &Scene| manage(scene, TaskAction::Claim, &member(ASKER));
    let mut scene = Scene::new();
    scene.owner_roles = vec![LEAD];
    let refused = claim(&scene);
    assert!(
        refused.starts_with(
            "refused by X20: needs Lead Advisor on Lindqvist Trust, or Client Service Associate on"
        ),
        "{refused}"
    );
    scene.task.execution.enabled = false;
    assert_eq!(
        claim(&scene),
        "refused by X20: needs Lead Advisor on Lindqvist Trust"
    );
    scene.owner_roles.clear();
    assert_eq!(
        claim(&scene),
        "refused by X20: neither the task's owner rule nor its lists name a role, so that it is only assigned"
    );
    let mut holder = Scene::new().joins(ASKER, LEAD);
    holder.owner_roles = vec![LEAD];
    assert_eq!(
        claim(&holder),
        "allowed by X20: holds Lead Advisor on Lindqvist Trust, which the task's owner rule names"
    );
    assert_eq!(
        claim(&Scene::new().joins(ASKER, CSA)),
        "allowed by X20: holds Client Service Associate on Lindqvist Trust, which the task lists"
    );
}

/// X20, X17
#[test]
fn a_record_is_named_in_what_may_not_be_done_to_it() {
    let scene = Scene::new().joins(ASKER, CSA);
    let team = decide_entity_action(EntityAction::EditTeam, &member(ASKER), scene.entity_facts());
    assert_eq!(
        team.reason,
        "refused by X20: only the primary lead, managers of its user team and admins change the teams of Lindqvist Trust"
    );
    let unseen = decide_entity_action(EntityAction::Edit, &member(INITIATOR), scene.entity_facts());
    assert_eq!(
        unseen.reason,
        "refused by X17: is on no team of Lindqvist Trust"
    );
}
