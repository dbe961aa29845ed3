//! The list of executors, held against the check on random firms.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::{prelude::*, sample::subsequence};

use super::fixture::{
    COMPLIANCE, CSA, FIRM, LINDQVIST, NAMESAKE, OKAFOR, OPERATIONS, PARTNER, Scene, now, person,
    user_id,
};
use crate::{
    access::{
        Actor,
        execution::{Decision, TaskFacts, decide, executors, grants},
        visibility::sees_task,
    },
    ids::{EntityId, UserId},
    task::TaskStatus,
    user::{PermissionLevel, User, UserStatus},
};

const PEOPLE: usize = 6;

fn a_user() -> impl Strategy<Value = UserId> {
    (1..=PEOPLE as u128).prop_map(user_id)
}

prop_compose! {
    fn a_firm_at_work()(
        owner in prop::option::of(a_user()),
        status in prop::sample::select(TaskStatus::ALL.to_vec()),
        enabled in prop::bool::weighted(0.8),
        lists in (
            subsequence(vec![CSA, OPERATIONS], 0..=2),
            subsequence(vec![PARTNER, NAMESAKE], 0..=2),
            subsequence(vec![COMPLIANCE], 0..=1),
        ),
        held in prop::collection::vec(
            (
                prop::sample::select(vec![LINDQVIST, OKAFOR, FIRM.entity()]),
                a_user(),
                prop::sample::select(vec![CSA, OPERATIONS, PARTNER, NAMESAKE, COMPLIANCE]),
            ),
            0..10,
        ),
        covers in prop::collection::vec(
            (a_user(), a_user(), -3..3_i64, 1..4_i64, prop::option::of(prop::sample::select(vec![CSA, PARTNER]))),
            0..4,
        ),
        preparers in prop::collection::btree_set(a_user(), 0..3),
        kind in prop::sample::select(vec!["trust", "employee", "firm"]),
    ) -> Scene {
        let mut scene = Scene::new();
        if kind == "firm" {
            scene = scene.for_the_firm();
        } else {
            scene.entity.kind = kind.to_owned();
        }
        scene.task.owner_id = owner;
        scene.task.status = status;
        scene.task.execution.enabled = enabled;
        (
            scene.task.execution.servicing_team_roles,
            scene.task.execution.business_roles,
            scene.task.execution.firm_roles,
        ) = lists;
        scene.preparers = preparers;
        for (absent, by, begins, lasts, role) in covers {
            scene = scene.covered(absent, by);
            if let Some(cover) = scene.covers.last_mut() {
                cover.from = now() + TimeDelta::days(begins);
                cover.until = cover.from + TimeDelta::days(lasts);
                cover.role_ids = role.into_iter().collect();
            }
        }
        held.into_iter().fold(scene, |scene, (entity, user, role): (EntityId, _, _)| {
            scene.joins_at(entity, user, role)
        })
    }
}

fn a_population() -> impl Strategy<Value = BTreeMap<UserId, User>> {
    let level = prop::sample::select(vec![
        PermissionLevel::Admin,
        PermissionLevel::Designer,
        PermissionLevel::Manager,
        PermissionLevel::Member,
        PermissionLevel::Auditor,
    ]);
    let status = prop::sample::select(vec![
        UserStatus::Active,
        UserStatus::Active,
        UserStatus::Inactive,
    ]);
    prop::collection::vec((level, status), PEOPLE).prop_map(|all| {
        (1..)
            .zip(all)
            .map(|(number, (level, status))| {
                let id = user_id(number);
                (id, person(id, level, status))
            })
            .collect()
    })
}

proptest! {
    /// The list of executors says of everybody what the write check says.
    #[test]
    fn executors_are_everybody_whom_the_check_lets_through(
        scene in a_firm_at_work(),
        people in a_population(),
    ) {
        let listed = scene.ask(|facts| executors(facts.task, &people));
        let checked: Vec<(UserId, Decision)> = people
            .values()
            .map(|user| {
                let actor = Actor::without_teams(user, FIRM);
                (user.id, scene.ask(|facts| decide(&actor, facts.task)))
            })
            .filter(|(_, decision)| decision.allowed)
            .collect();
        prop_assert_eq!(listed, checked);
    }

    /// X10: nobody has to write anything when a cover begins or ends: at every moment those grants hold that the check gives.
    #[test]
    fn grants_say_at_every_moment_to_come_what_the_check_says_then(
        scene in a_firm_at_work(),
        people in a_population(),
        hours in 0..200_i64,
    ) {
        let then = now() + TimeDelta::hours(hours);
        let granted: Vec<(UserId, Decision)> = scene
            .ask(|facts| grants(facts.task, &people))
            .into_iter()
            .filter(|grant| grant.from.is_none_or(|from| from <= then))
            .filter(|grant| grant.until.is_none_or(|until| then < until))
            .map(|grant| (grant.user_id, grant.decision))
            .collect();
        let checked =
            scene.ask(|facts| executors(TaskFacts { now: then, ..facts.task }, &people));
        prop_assert_eq!(granted, checked);
    }

    /// X17: whoever may execute a task is also shown it; X11, X13: nobody who prepared it or is inactive may.
    #[test]
    fn executors_see_the_task_and_neither_prepared_it_nor_left(
        scene in a_firm_at_work(),
        people in a_population(),
    ) {
        for (id, decision) in scene.ask(|facts| executors(facts.task, &people)) {
            let user = &people[&id];
            prop_assert!(!scene.preparers.contains(&id));
            prop_assert!(user.status == UserStatus::Active);
            prop_assert!(user.permission_level != PermissionLevel::Auditor);
            prop_assert!(decision.via.is_some());
            let actor = Actor::without_teams(user, FIRM);
            prop_assert!(scene.ask(|facts| sees_task(&actor, facts)));
        }
    }
}
