//! Executing by ownership and roles (X1–X6, X14), and what refuses it first (X8, X13, X18).

use super::fixture::{
    ASKER, COMPLIANCE, CSA, FIRM, LINDQVIST, NAMESAKE, OKAFOR, OPERATIONS, OTHER_FIRM, OWNER,
    PARTNER, Scene, at_level, member, membership,
};
use crate::{
    access::{
        Actor, Rule,
        execution::{Decision, Elsewhere, TaskFacts, decide, decide_with_override},
    },
    role::RoleKind,
    task::{Execution, TaskStatus, Via},
    user::PermissionLevel,
};

fn decision(scene: &Scene, actor: &Actor) -> Decision {
    scene.ask(|facts| decide(actor, facts.task))
}

fn overriding(scene: &Scene, actor: &Actor) -> Decision {
    scene.ask(|facts| decide_with_override(actor, facts.task))
}

fn asked(scene: &Scene) -> Decision {
    decision(scene, &member(ASKER))
}

/// The verdict, the route and the sentence, as a test reads them.
fn told(decision: &Decision) -> (bool, Option<Via>, &str) {
    (decision.allowed, decision.via, &decision.reason)
}

/// X1
#[test]
fn the_owner_executes_without_being_on_a_team() {
    let scene = Scene::new();
    assert_eq!(
        told(&decision(&scene, &member(OWNER))),
        (true, Some(Via::Owner), "allowed by X1: owns the task")
    );
}

/// X2
#[test]
fn a_listed_servicing_role_on_the_entity_executes() {
    let decision = asked(&Scene::new().joins(ASKER, CSA));
    assert_eq!(
        told(&decision),
        (
            true,
            Some(Via::ServicingRole),
            "allowed by X2: holds Client Service Associate on Lindqvist Trust"
        )
    );
    assert_eq!(decision.role_id, Some(CSA));
}

/// X2
#[test]
fn an_unlisted_role_is_told_what_it_would_take() {
    let decision = asked(&Scene::new().joins(ASKER, OPERATIONS));
    assert_eq!(
        told(&decision),
        (
            false,
            None,
            "refused by X2: holds Operations on Lindqvist Trust, but needs Client Service Associate on the servicing team \
             of Lindqvist Trust, or Partner on the team of Lindqvist Trust, or Compliance Officer on Harbor Wealth"
        )
    );
}

/// X3
#[test]
fn a_listed_business_role_on_the_entity_executes() {
    let decision = asked(&Scene::new().joins(ASKER, PARTNER));
    assert_eq!(
        told(&decision),
        (
            true,
            Some(Via::BusinessRole),
            "allowed by X3: holds Partner on Lindqvist Trust"
        )
    );
}

/// X3
#[test]
fn the_lists_are_a_union_and_the_servicing_team_comes_first() {
    let mut scene = Scene::new().joins(ASKER, PARTNER).joins(ASKER, CSA);
    assert_eq!(asked(&scene).via, Some(Via::ServicingRole));
    scene.task.execution.servicing_team_roles.clear();
    assert_eq!(asked(&scene).via, Some(Via::BusinessRole));
}

/// X4
#[test]
fn while_execution_is_off_only_the_owner_executes() {
    let mut scene = Scene::new()
        .joins(ASKER, CSA)
        .joins(ASKER, PARTNER)
        .joins_at(FIRM.entity(), ASKER, COMPLIANCE);
    scene.task.execution.enabled = false;
    assert_eq!(
        told(&asked(&scene)),
        (
            false,
            None,
            "refused by X4: holds Client Service Associate and Partner on Lindqvist Trust, but advanced execution is off, so \
             only its owner executes the task"
        )
    );
    assert!(decision(&scene, &member(OWNER)).allowed);
}

/// X4
#[test]
fn with_empty_lists_only_the_owner_executes() {
    let mut scene = Scene::new().joins(ASKER, CSA);
    scene.task.execution = Execution {
        enabled: true,
        ..Execution::default()
    };
    assert_eq!(
        told(&asked(&scene)),
        (
            false,
            None,
            "refused by X4: holds Client Service Associate on Lindqvist Trust, but the task lists no roles, so only its owner \
             executes it"
        )
    );
}

/// X5
#[test]
fn a_listed_role_on_another_entity_gives_nothing() {
    assert_eq!(
        told(&asked(&Scene::new().joins_at(OKAFOR, ASKER, CSA))),
        (
            false,
            None,
            "refused by X5: holds Client Service Associate on Okafor Household, not on Lindqvist Trust"
        )
    );
}

/// X5
#[test]
fn a_servicing_role_on_the_firm_gives_nothing_for_a_client() {
    assert_eq!(
        told(&asked(&Scene::new().joins_at(FIRM.entity(), ASKER, CSA))),
        (
            false,
            None,
            "refused by X5: holds Client Service Associate on Harbor Wealth, not on Lindqvist Trust"
        )
    );
}

/// X5
#[test]
fn a_business_role_with_a_servicing_roles_name_gives_nothing() {
    assert_eq!(
        told(&asked(&Scene::new().joins(ASKER, NAMESAKE))),
        (
            false,
            None,
            "refused by X5: holds the business role Client Service Associate on Lindqvist Trust, which only shares its \
             name with the servicing team role that the task lists"
        )
    );
}

/// X5
#[test]
fn a_servicing_role_counts_only_as_membership_of_the_servicing_team() {
    let mut scene = Scene::new();
    scene
        .memberships
        .push(membership(1, LINDQVIST, ASKER, CSA, RoleKind::Business));
    assert_eq!(asked(&scene).rule, Rule::X5);
}

/// X5, X17
#[test]
fn a_record_that_the_reader_may_not_see_is_not_named() {
    let held = membership(1, OKAFOR, ASKER, CSA, RoleKind::ServicingTeam);
    let elsewhere = [Elsewhere {
        membership: &held,
        entity_name: None,
    }];
    let decision = Scene::new().ask(|facts| {
        decide(
            &member(ASKER),
            TaskFacts {
                elsewhere: &elsewhere,
                ..facts.task
            },
        )
    });
    assert_eq!(
        decision.reason,
        "refused by X5: holds Client Service Associate on another record, not on Lindqvist Trust"
    );
}

/// X6
#[test]
fn who_has_left_the_team_is_refused_at_once() {
    let mut scene = Scene::new().joins(ASKER, CSA);
    assert!(asked(&scene).allowed);
    scene.memberships.clear();
    assert_eq!(asked(&scene).rule, Rule::X2);
}

/// X8
#[test]
fn only_open_started_and_held_tasks_are_executed() {
    for status in TaskStatus::ALL {
        let decision = decision(&Scene::new().status(status), &member(OWNER));
        assert_eq!(decision.allowed, status.is_active(), "{status:?}");
        let rule = if status.is_active() {
            Rule::X1
        } else {
            Rule::X8
        };
        assert_eq!(decision.rule, rule, "{status:?}");
    }
}

/// X13
#[test]
fn the_inactive_match_nothing() {
    let inactive = Actor {
        active: false,
        ..member(OWNER)
    };
    assert_eq!(
        told(&decision(&Scene::new(), &inactive)),
        (false, None, "refused by X13: the user is inactive")
    );
}

/// X14
#[test]
fn a_firm_role_on_the_firm_executes_whatever_the_entity() {
    let decision = asked(&Scene::new().joins_at(FIRM.entity(), ASKER, COMPLIANCE));
    assert_eq!(
        told(&decision),
        (
            true,
            Some(Via::FirmRole),
            "allowed by X14: holds Compliance Officer on Harbor Wealth"
        )
    );
}

/// X14
#[test]
fn work_of_the_firm_follows_the_servicing_and_business_lists_too() {
    let scene = Scene::new().for_the_firm();
    assert_eq!(
        asked(&scene.joins(ASKER, CSA)).reason,
        "allowed by X2: holds Client Service Associate on Harbor Wealth"
    );
}

/// X18
#[test]
fn a_restricted_record_refuses_whom_it_does_not_name_even_the_owner() {
    let mut scene = Scene::new().joins(ASKER, CSA);
    scene.entity.restricted = true;
    assert!(asked(&scene).allowed);
    assert_eq!(decision(&scene, &member(OWNER)).rule, Rule::X18);
    scene.entity.restricted = false;
    scene.entity.kind = "employee".to_owned();
    assert_eq!(decision(&scene, &member(OWNER)).rule, Rule::X18);
}

/// X17: another firm's admin is nobody here.
#[test]
fn another_firms_admin_is_refused_first() {
    let stranger = Actor {
        firm_id: OTHER_FIRM,
        ..at_level(OWNER, PermissionLevel::Admin)
    };
    assert_eq!(overriding(&Scene::new(), &stranger).rule, Rule::X17);
}

#[test]
fn an_auditor_changes_nothing_though_owner_and_role_holder() {
    let scene = Scene::new().joins(OWNER, CSA).covered(OWNER, OWNER);
    assert_eq!(
        told(&decision(
            &scene,
            &at_level(OWNER, PermissionLevel::Auditor)
        ))
        .2,
        "refused by X5: an auditor changes nothing"
    );
}

/// The order of permissions.md: each refusal is lifted in turn, and the next one decides.
#[test]
fn refusals_come_in_their_order() {
    let mut scene = Scene::new().status(TaskStatus::Waiting).prepared_by(OWNER);
    scene.entity.restricted = true;
    let mut actor = Actor {
        active: false,
        ..member(OWNER)
    };
    assert_eq!(decision(&scene, &actor).rule, Rule::X13);
    actor.active = true;
    assert_eq!(decision(&scene, &actor).rule, Rule::X8);
    scene.task.status = TaskStatus::OnHold;
    assert_eq!(decision(&scene, &actor).rule, Rule::X18);
    scene.entity.restricted = false;
    assert_eq!(decision(&scene, &actor).rule, Rule::X11);
    scene.preparers.clear();
    assert_eq!(decision(&scene, &actor).rule, Rule::X1);
}
