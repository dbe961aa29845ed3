//! Seeing records and work (X17, X18).

use super::fixture::{
    ASKER, COMPLIANCE, CSA, FIRM, INITIATOR, LEAD, OKAFOR, OPERATIONS, OTHER_FIRM, OWNER,
    PROCESS_OWNER, Scene, TEAM, at_level, manager_of, member,
};
use crate::{
    access::{
        Actor, Denied, Rule,
        decision::Decision,
        visibility::{EntityScope, WorkScope, sees_entity, sees_process, sees_task},
    },
    firm::Visibility,
    task::{Source, SourceType, TaskStatus},
    user::PermissionLevel,
};

const LEVELS: [PermissionLevel; 5] = [
    PermissionLevel::Admin,
    PermissionLevel::Designer,
    PermissionLevel::Manager,
    PermissionLevel::Member,
    PermissionLevel::Auditor,
];

fn entity(scene: &Scene, actor: &Actor) -> bool {
    sees_entity(actor, &scene.firm, &scene.entity, &scene.memberships)
}

fn task(scene: &Scene, actor: &Actor) -> bool {
    scene.ask(|facts| sees_task(actor, facts))
}

fn process(scene: &Scene, actor: &Actor) -> bool {
    sees_process(actor, scene.process_facts(), false)
}

/// The levels that see the record without a part in it.
fn levels(scene: &Scene, sees: fn(&Scene, &Actor) -> bool) -> Vec<PermissionLevel> {
    LEVELS
        .into_iter()
        .filter(|level| sees(scene, &at_level(ASKER, *level)))
        .collect()
}

/// X17
#[test]
fn by_team_one_sees_the_records_of_ones_own_and_ones_teams() {
    let mut scene = Scene::new();
    assert_eq!(
        levels(&scene, entity),
        [PermissionLevel::Admin, PermissionLevel::Auditor]
    );
    assert!(entity(
        &Scene::new().joins(ASKER, OPERATIONS),
        &member(ASKER)
    ));
    let on_user_team = Actor {
        teams: vec![TEAM],
        ..member(ASKER)
    };
    assert!(!entity(&scene, &on_user_team));
    scene.entity.team_id = Some(TEAM);
    assert!(entity(&scene, &on_user_team));
    assert!(entity(&scene, &manager_of(ASKER, &[])));
    assert!(!entity(&scene, &member(ASKER)));
}

/// X17
#[test]
fn by_firm_everyone_sees_every_record_and_its_work() {
    let mut scene = Scene::new();
    scene.firm.visibility = Visibility::Firm;
    assert_eq!(levels(&scene, entity), LEVELS);
    assert_eq!(levels(&scene, task), LEVELS);
    assert_eq!(levels(&scene, process), LEVELS);
}

/// X13, X17
#[test]
fn the_inactive_and_other_firms_see_nothing() {
    let scene = Scene::new().joins(ASKER, CSA);
    let inactive = Actor {
        active: false,
        ..member(ASKER)
    };
    let stranger = Actor {
        firm_id: OTHER_FIRM,
        ..at_level(ASKER, PermissionLevel::Admin)
    };
    for nobody in [inactive, stranger] {
        assert_eq!(EntityScope::of(&nobody, &scene.firm), EntityScope::Nothing);
        assert!(!task(&scene, &nobody));
        assert!(!process(&scene, &nobody));
    }
}

/// X18
#[test]
fn a_restricted_record_shows_itself_to_the_named_and_auditors_only() {
    let mut restricted = Scene::new();
    restricted.entity.restricted = true;
    let mut employee = Scene::new();
    employee.entity.kind = "employee".to_owned();
    for mut scene in [restricted, employee] {
        scene.entity.team_id = Some(TEAM);
        scene.firm.visibility = Visibility::Firm;
        for sees in [entity, task, process] {
            assert_eq!(levels(&scene, sees), [PermissionLevel::Auditor]);
            assert!(!sees(&scene, &manager_of(ASKER, &[OWNER, PROCESS_OWNER])));
        }
        assert!(!task(&scene, &member(OWNER)));
        assert!(!process(&scene, &member(PROCESS_OWNER)));
        let scene = scene.joins(ASKER, OPERATIONS);
        for sees in [entity, task, process] {
            assert_eq!(levels(&scene, sees), LEVELS);
        }
    }
}

/// X17
#[test]
fn owner_executors_and_covers_see_the_task_but_not_the_record() {
    let scene = Scene::new()
        .joins_at(FIRM.entity(), ASKER, COMPLIANCE)
        .covered(ASKER, INITIATOR);
    for user in [OWNER, ASKER, INITIATOR] {
        assert!(task(&scene, &member(user)));
        assert!(!entity(&scene, &member(user)));
    }
    assert!(!task(
        &Scene::new().joins_at(OKAFOR, ASKER, CSA),
        &member(ASKER)
    ));
}

/// X15, X17: who comes too late, or prepared the task, is told so and does not find nothing.
#[test]
fn neither_status_nor_segregation_hides_a_task_from_its_executors() {
    for status in TaskStatus::ALL {
        let scene = Scene::new()
            .status(status)
            .joins_at(FIRM.entity(), ASKER, COMPLIANCE)
            .prepared_by(ASKER);
        assert!(task(&scene, &member(ASKER)), "{status:?}");
    }
}

/// X16, X17
#[test]
fn whoever_manages_a_task_sees_it() {
    let scene = Scene::new();
    assert!(task(&scene, &member(PROCESS_OWNER)));
    assert!(process(&scene, &member(PROCESS_OWNER)));
    assert!(task(&scene, &manager_of(ASKER, &[OWNER])));
    assert!(!task(&scene, &manager_of(ASKER, &[])));
    assert!(!process(&scene, &manager_of(ASKER, &[OWNER])));
}

/// X17
#[test]
fn a_part_in_one_task_does_not_show_a_clients_process() {
    let facts = |scene: &Scene| sees_process(&member(OWNER), scene.process_facts(), true);
    assert!(!facts(&Scene::new()));
    assert!(facts(&Scene::new().for_the_firm()));
}

/// X17
#[test]
fn work_of_the_firm_is_seen_by_those_with_a_part_in_it() {
    let mut scene = Scene::new().for_the_firm().joins(ASKER, OPERATIONS);
    scene.firm.visibility = Visibility::Firm;
    assert_eq!(levels(&scene, entity), LEVELS);
    for sees in [task, process] {
        assert_eq!(
            levels(&scene, sees),
            [PermissionLevel::Admin, PermissionLevel::Auditor]
        );
        assert!(sees(&scene, &member(INITIATOR)));
        assert!(sees(&scene, &member(PROCESS_OWNER)));
    }
    assert!(task(&scene, &member(OWNER)));
    assert!(task(&scene, &manager_of(ASKER, &[OWNER])));
    assert!(process(&scene, &manager_of(ASKER, &[PROCESS_OWNER])));
    assert!(task(&scene.joins(ASKER, CSA), &member(ASKER)));
    let led = Scene::new().for_the_firm().joins(ASKER, LEAD).primary(LEAD);
    assert!(task(&led, &member(ASKER)));
}

/// X17
#[test]
fn whoever_made_a_task_of_the_firm_by_hand_sees_it() {
    let mut scene = Scene::new().for_the_firm();
    scene.task.process_id = None;
    scene.task.source = Source {
        kind: SourceType::Manual,
        id: ASKER.0,
    };
    let sees = |user| {
        scene.ask(|mut facts| {
            facts.process = None;
            sees_task(&member(user), facts)
        })
    };
    assert!(sees(ASKER));
    assert!(!sees(INITIATOR));
}

/// X17: for a client's work, having started it is not enough.
#[test]
fn an_initiator_who_left_the_team_sees_a_clients_process_no_more() {
    assert!(!process(&Scene::new(), &member(INITIATOR)));
    assert!(!task(&Scene::new(), &member(INITIATOR)));
}

/// X17
#[test]
fn the_scopes_for_queries_say_whose_work_is_seen() {
    let scene = Scene::new();
    let scope = WorkScope::of(&manager_of(ASKER, &[OWNER]), &scene.firm);
    assert_eq!(scope.managed_users, [OWNER]);
    assert!(!scope.all_firm_work);
    assert_eq!(
        scope.entities,
        EntityScope::Team {
            user: ASKER,
            teams: vec![TEAM],
            firm: FIRM.entity()
        }
    );
    let auditor = WorkScope::of(&at_level(ASKER, PermissionLevel::Auditor), &scene.firm);
    assert!(auditor.all_firm_work);
    assert_eq!(auditor.entities, EntityScope::All);
}

/// X17
#[test]
fn what_one_may_not_see_is_hidden_and_what_one_sees_is_forbidden_by_rule() {
    let refusal = Decision::refuse(Rule::X16, "not theirs");
    assert_eq!(refusal.clone().or_denied(false), Err(Denied::Hidden));
    assert_eq!(
        refusal.or_denied(true),
        Err(Denied::Forbidden {
            rule: Rule::X16,
            reason: "refused by X16: not theirs".to_owned()
        })
    );
    assert!(
        Decision::allow(Rule::X1, "owns it")
            .or_denied(false)
            .is_ok()
    );
}
