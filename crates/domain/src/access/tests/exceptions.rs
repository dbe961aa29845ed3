//! What stands beside the roles: covers (X10), segregation (X11), overrides (X12).

use super::fixture::{
    ASKER, CSA, OKAFOR, OPERATIONS, OWNER, PARTNER, PROCESS_OWNER, Scene, TEAM, at_level,
    manager_of, member, user_id,
};
use crate::{
    access::{
        Actor, Rule,
        execution::{Decision, TaskFacts, decide, decide_with_override},
    },
    task::{TaskStatus, Via},
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

/// X10
#[test]
fn a_cover_executes_for_an_absent_owner_or_role_holder() {
    let for_owner = asked(&Scene::new().covered(OWNER, ASKER));
    assert_eq!(
        (for_owner.rule, for_owner.via, for_owner.on_behalf_of),
        (Rule::X10, Some(Via::Cover), Some(OWNER))
    );
    let colleague = user_id(9);
    let for_holder = asked(&Scene::new().joins(colleague, CSA).covered(colleague, ASKER));
    assert_eq!(
        (for_holder.role_id, for_holder.on_behalf_of),
        (Some(CSA), Some(colleague))
    );
}

/// X10
#[test]
fn a_cover_holds_from_its_first_moment_until_its_last() {
    let scene = Scene::new().covered(OWNER, ASKER);
    let at = |text: &str| {
        scene.ask(|facts| {
            let now = text.parse().unwrap();
            decide(&member(ASKER), TaskFacts { now, ..facts.task }).allowed
        })
    };
    assert!(!at("2026-07-06T03:59:59Z"));
    assert!(at("2026-07-06T04:00:00Z"));
    assert!(at("2026-07-11T03:59:59Z"));
    assert!(!at("2026-07-11T04:00:00Z"));
}

/// X10
#[test]
fn a_cover_keeps_to_its_roles_and_records() {
    let colleague = user_id(9);
    let mut scene = Scene::new().joins(colleague, CSA).covered(colleague, ASKER);
    scene.covers[0].role_ids = vec![CSA];
    assert!(asked(&scene).allowed);
    scene.covers[0].role_ids = vec![PARTNER];
    assert!(!asked(&scene).allowed);
    scene.covers[0].role_ids.clear();
    scene.covers[0].entity_ids = vec![OKAFOR];
    assert!(!asked(&scene).allowed);
}

/// X10
#[test]
fn cover_does_not_chain() {
    let colleague = user_id(9);
    let chained = Scene::new()
        .covered(OWNER, colleague)
        .covered(colleague, ASKER);
    assert!(!asked(&chained).allowed);
}

/// X11
#[test]
fn a_preparer_is_refused_by_every_route() {
    let scene = Scene::new()
        .joins(ASKER, CSA)
        .prepared_by(ASKER)
        .prepared_by(OWNER);
    assert_eq!(asked(&scene).rule, Rule::X11);
    assert_eq!(decision(&scene, &member(OWNER)).rule, Rule::X11);
}

/// X11
#[test]
fn a_preparer_may_not_act_even_as_cover_nor_be_acted_for() {
    let as_cover = Scene::new().covered(OWNER, ASKER).prepared_by(ASKER);
    assert_eq!(asked(&as_cover).rule, Rule::X11);
    let for_preparer = Scene::new().covered(OWNER, ASKER).prepared_by(OWNER);
    assert_eq!(asked(&for_preparer).rule, Rule::X11);
    let in_own_right = for_preparer.joins(ASKER, CSA);
    assert_eq!(asked(&in_own_right).rule, Rule::X2);
}

/// X12
#[test]
fn admins_and_managers_of_the_work_override() {
    let scene = Scene::new();
    let admin = at_level(ASKER, PermissionLevel::Admin);
    assert!(!decision(&scene, &admin).allowed, "only with a reason");
    assert_eq!(
        told(&overriding(&scene, &admin)),
        (
            true,
            Some(Via::Override),
            "allowed by X12: an admin overrides"
        )
    );
    let of_the_owner = manager_of(ASKER, &[OWNER]);
    assert_eq!(overriding(&scene, &of_the_owner).rule, Rule::X12);
    let of_others = manager_of(ASKER, &[PROCESS_OWNER]);
    assert!(!overriding(&scene, &of_others).allowed);
    let mut of_the_record = Scene::new();
    of_the_record.entity.team_id = Some(TEAM);
    assert_eq!(overriding(&of_the_record, &of_others).rule, Rule::X12);
    for level in [
        PermissionLevel::Designer,
        PermissionLevel::Member,
        PermissionLevel::Auditor,
    ] {
        assert!(!overriding(&scene, &at_level(ASKER, level)).allowed);
    }
}

/// X12
#[test]
fn an_override_is_not_recorded_where_none_is_needed() {
    let scene = Scene::new().joins(ASKER, CSA);
    let admin = at_level(ASKER, PermissionLevel::Admin);
    assert_eq!(overriding(&scene, &admin).via, Some(Via::ServicingRole));
}

/// X12, X8, X11, X18
#[test]
fn an_override_lifts_neither_status_nor_restriction_nor_segregation() {
    let admin = at_level(ASKER, PermissionLevel::Admin);
    let closed = Scene::new().status(TaskStatus::Completed);
    assert_eq!(overriding(&closed, &admin).rule, Rule::X8);
    let prepared = Scene::new().prepared_by(ASKER);
    assert_eq!(overriding(&prepared, &admin).rule, Rule::X11);
    let mut restricted = Scene::new();
    restricted.entity.restricted = true;
    assert_eq!(overriding(&restricted, &admin).rule, Rule::X18);
}

/// X10, X18: on a restricted record both the cover and the absent person must be named.
#[test]
fn a_cover_passes_a_restriction_only_if_both_are_named() {
    let mut scene = Scene::new().covered(OWNER, ASKER).joins(ASKER, OPERATIONS);
    scene.entity.restricted = true;
    assert_eq!(asked(&scene).rule, Rule::X2);
    let both = scene.joins(OWNER, OPERATIONS);
    assert_eq!(asked(&both).rule, Rule::X10);
}
