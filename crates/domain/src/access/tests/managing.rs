//! Managing tasks and processes (X7, X16), claiming (X20) and handing over (X11).

use super::fixture::{
    ASKER, COMPLIANCE, CSA, FIRM, INITIATOR, LEAD, OPERATIONS, OWNER, PARTNER, PROCESS_OWNER,
    Scene, TEAM, at_level, manager_of, member, person, user_id,
};
use crate::{
    access::{
        Actor, Rule,
        decision::Decision,
        explain::{may_ask_about, task_permissions},
        handing_over::decide_hand_over,
        managing::{TaskAction, decide_action},
        owning::{may_own, owner_rule_roles},
        process::{ProcessAction, decide_process_action},
    },
    ids::UserId,
    process_type::{definition::OwnerRule, document::TaskKind},
    user::{PermissionLevel, UserStatus},
};

fn decision(scene: &Scene, action: TaskAction, actor: &Actor) -> Decision {
    scene.ask(|facts| decide_action(action, actor, facts))
}

/// The actions that somebody may do, claiming aside.
fn allowed(scene: &Scene, actor: &Actor) -> Vec<&'static str> {
    TaskAction::ALL
        .iter()
        .filter(|action| **action != TaskAction::Claim)
        .filter(|action| decision(scene, **action, actor).allowed)
        .map(|action| action.as_str())
        .collect()
}

const ALL_MANAGING: [&str; 12] = [
    "assign",
    "reschedule",
    "reprioritise",
    "retitle",
    "hold",
    "resume",
    "skip",
    "cancel",
    "retry",
    "reopen",
    "release",
    "change_lists",
];

/// X7
#[test]
fn executing_grants_no_managing() {
    let scene = Scene::new()
        .joins(ASKER, CSA)
        .joins(ASKER, PARTNER)
        .joins_at(FIRM.entity(), ASKER, COMPLIANCE);
    assert_eq!(allowed(&scene, &member(ASKER)), Vec::<&str>::new());
    let refusal = decision(&scene, TaskAction::Skip, &member(ASKER));
    assert_eq!(
        refusal.reason,
        "refused by X7: holds Client Service Associate on Lindqvist Trust, which lets one execute it but not skip it: only its \
         owner's manager, the owner of its process, the primary lead of Lindqvist Trust or an admin may"
    );
}

/// X16
#[test]
fn who_has_no_part_in_the_task_is_told_who_manages_it() {
    let refusal = decision(&Scene::new(), TaskAction::Cancel, &member(ASKER));
    assert_eq!(
        refusal.reason,
        "refused by X16: only its owner's manager, the owner of its process, the primary lead of Lindqvist Trust or an \
         admin may cancel it"
    );
}

/// X16
#[test]
fn those_who_manage_a_task_do_everything_to_it() {
    let scene = Scene::new().joins(user_id(9), LEAD).primary(LEAD);
    for actor in [
        manager_of(ASKER, &[OWNER]),
        member(PROCESS_OWNER),
        member(user_id(9)),
        at_level(ASKER, PermissionLevel::Admin),
    ] {
        assert_eq!(allowed(&scene, &actor), ALL_MANAGING, "{actor:?}");
    }
}

/// X16
#[test]
fn the_accountable_person_of_its_play_manages_a_task() {
    let decision = Scene::new().ask(|mut facts| {
        facts.play_accountable = Some(ASKER);
        decide_action(TaskAction::Skip, &member(ASKER), facts)
    });
    assert_eq!(decision.rule, Rule::X16);
    assert!(decision.allowed);
}

/// X16
#[test]
fn others_like_them_do_not() {
    let mut scene = Scene::new()
        .joins(user_id(9), LEAD)
        .joins(user_id(10), PARTNER)
        .primary(PARTNER);
    scene.entity.team_id = Some(TEAM);
    for actor in [
        manager_of(ASKER, &[PROCESS_OWNER]),
        member(user_id(9)),
        member(user_id(10)),
        Actor {
            managed_users: vec![OWNER],
            ..member(ASKER)
        },
        at_level(ASKER, PermissionLevel::Designer),
        at_level(PROCESS_OWNER, PermissionLevel::Auditor),
    ] {
        assert_eq!(allowed(&scene, &actor), Vec::<&str>::new(), "{actor:?}");
    }
}

/// X16
#[test]
fn the_owner_hands_over_holds_and_resumes_and_moves_the_date_by_policy() {
    let mut scene = Scene::new();
    let owner = member(OWNER);
    assert_eq!(
        allowed(&scene, &owner),
        ["assign", "hold", "resume", "release"]
    );
    scene.firm.owner_may_reschedule = true;
    assert_eq!(
        allowed(&scene, &owner),
        ["assign", "reschedule", "hold", "resume", "release"]
    );
    let refusal = decision(&scene, TaskAction::Skip, &owner);
    assert_eq!(refusal.rule, Rule::X7);
}

/// X10, X16
#[test]
fn a_cover_has_the_owners_rights_unless_it_is_for_roles_only() {
    let mut scene = Scene::new().covered(OWNER, ASKER);
    assert_eq!(
        allowed(&scene, &member(ASKER)),
        ["assign", "hold", "resume", "release"]
    );
    let held = decision(&scene, TaskAction::Hold, &member(ASKER));
    assert_eq!((held.rule, held.on_behalf_of), (Rule::X10, Some(OWNER)));
    scene.covers[0].role_ids = vec![CSA];
    assert_eq!(allowed(&scene, &member(ASKER)), Vec::<&str>::new());
}

/// X16: whoever completed a task reopens it within a quarter of an hour (E8).
#[test]
fn whoever_completed_it_reopens_it_for_a_quarter_of_an_hour() {
    let completer = member(ASKER);
    let lately = Scene::new().completed(ASKER, 15);
    assert_eq!(allowed(&lately, &completer), ["reopen"]);
    let earlier = Scene::new().completed(ASKER, 16);
    assert_eq!(allowed(&earlier, &completer), Vec::<&str>::new());
    assert!(!decision(&lately, TaskAction::Reopen, &member(OWNER)).allowed);
}

/// X13, X18
#[test]
fn inactivity_and_restriction_beat_managing() {
    let mut scene = Scene::new();
    let mut admin = at_level(ASKER, PermissionLevel::Admin);
    scene.entity.restricted = true;
    assert_eq!(decision(&scene, TaskAction::Assign, &admin).rule, Rule::X18);
    let scene = scene.joins(ASKER, OPERATIONS);
    assert!(decision(&scene, TaskAction::Assign, &admin).allowed);
    admin.active = false;
    assert_eq!(decision(&scene, TaskAction::Assign, &admin).rule, Rule::X13);
}

fn claiming(scene: &Scene, user: UserId) -> Decision {
    decision(scene, TaskAction::Claim, &member(user))
}

/// X20
#[test]
fn holders_of_the_owner_rules_role_or_a_listed_one_claim() {
    let mut scene = Scene::new()
        .joins(ASKER, OPERATIONS)
        .joins(user_id(9), CSA)
        .joins(user_id(10), LEAD);
    scene.task.owner_id = None;
    assert_eq!(claiming(&scene, ASKER).rule, Rule::X20);
    assert!(!claiming(&scene, ASKER).allowed);
    scene.owner_roles = vec![OPERATIONS];
    assert_eq!(claiming(&scene, ASKER).role_id, Some(OPERATIONS));
    assert_eq!(claiming(&scene, user_id(9)).role_id, Some(CSA));
    assert!(!claiming(&scene, user_id(10)).allowed);
    let admin = at_level(user_id(11), PermissionLevel::Admin);
    assert!(!decision(&scene, TaskAction::Claim, &admin).allowed);
    scene.task.execution.enabled = false;
    assert!(!claiming(&scene, user_id(9)).allowed, "X4");
}

/// X20, X14: a firm role of the owner rule is held on the firm.
#[test]
fn a_firm_role_of_the_owner_rule_claims_from_the_firm() {
    let mut scene = Scene::new().joins_at(FIRM.entity(), ASKER, COMPLIANCE);
    scene.task.execution.firm_roles.clear();
    assert!(!claiming(&scene, ASKER).allowed);
    scene.owner_roles = vec![COMPLIANCE];
    assert!(claiming(&scene, ASKER).allowed);
}

/// X20, X11
#[test]
fn a_preparer_does_not_claim() {
    let scene = Scene::new().joins(ASKER, CSA).prepared_by(ASKER);
    assert_eq!(claiming(&scene, ASKER).rule, Rule::X11);
}

fn owning(scene: &Scene, user: UserId) -> Decision {
    let user = person(user, PermissionLevel::Member, UserStatus::Active);
    scene.ask(|facts| may_own(&user, facts))
}

/// X11
#[test]
fn an_approval_goes_only_to_whom_its_owner_rule_or_lists_name() {
    let mut scene = Scene::new().joins(user_id(9), CSA).joins(user_id(10), LEAD);
    assert!(owning(&scene, ASKER).allowed, "any task but an approval");
    scene.task.kind = TaskKind::Approval;
    assert_eq!(owning(&scene, ASKER).rule, Rule::X11);
    assert!(owning(&scene, user_id(9)).allowed);
    assert!(!owning(&scene, user_id(10)).allowed);
    scene.owner_roles = vec![LEAD];
    assert!(owning(&scene, user_id(10)).allowed);
    let named = person(ASKER, PermissionLevel::Member, UserStatus::Active);
    let by_name = scene.ask(|mut facts| {
        facts.owner_rule.people = &[ASKER];
        may_own(&named, facts)
    });
    assert!(by_name.allowed);
}

/// X11, X13, X18
#[test]
fn nobody_becomes_owner_who_could_not_execute() {
    let scene = Scene::new().prepared_by(ASKER);
    assert_eq!(owning(&scene, ASKER).rule, Rule::X11);
    let inactive = person(OWNER, PermissionLevel::Member, UserStatus::Inactive);
    assert_eq!(scene.ask(|facts| may_own(&inactive, facts)).rule, Rule::X13);
    let auditor = person(OWNER, PermissionLevel::Auditor, UserStatus::Active);
    assert!(!scene.ask(|facts| may_own(&auditor, facts)).allowed);
    let mut restricted = Scene::new();
    restricted.entity.restricted = true;
    assert_eq!(owning(&restricted, ASKER).rule, Rule::X18);
}

#[test]
fn owner_rules_name_roles_by_key() {
    let rules = [
        OwnerRule::Role("operations".to_owned()),
        OwnerRule::Initiator,
        OwnerRule::Role("gone".to_owned()),
        OwnerRule::Role("lead_advisor".to_owned()),
    ];
    assert_eq!(
        owner_rule_roles(&rules, &Scene::new().roles),
        [OPERATIONS, LEAD]
    );
}

/// X16
#[test]
fn a_process_is_managed_by_its_owner_their_manager_the_lead_and_admins() {
    let scene = Scene::new().joins(user_id(9), LEAD).primary(LEAD);
    let decide = |actor: &Actor| {
        [
            ProcessAction::Hold,
            ProcessAction::Resume,
            ProcessAction::Cancel,
            ProcessAction::HandOver,
            ProcessAction::Migrate,
        ]
        .map(|action| decide_process_action(action, actor, scene.process_facts()).allowed)
    };
    for actor in [
        member(PROCESS_OWNER),
        member(user_id(9)),
        manager_of(ASKER, &[PROCESS_OWNER]),
        at_level(ASKER, PermissionLevel::Admin),
    ] {
        assert_eq!(decide(&actor), [true; 5], "{actor:?}");
    }
    for actor in [
        member(OWNER),
        manager_of(ASKER, &[OWNER]),
        at_level(PROCESS_OWNER, PermissionLevel::Auditor),
    ] {
        assert_eq!(decide(&actor), [false; 5], "{actor:?}");
    }
}

#[test]
fn the_explanation_holds_every_action_once() {
    let explained = Scene::new().ask(|facts| task_permissions(&member(OWNER), facts));
    let names: Vec<&str> = explained.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "complete",
            "edit_form",
            "edit_checklist",
            "assign",
            "reschedule",
            "reprioritise",
            "retitle",
            "hold",
            "resume",
            "skip",
            "cancel",
            "retry",
            "reopen",
            "release",
            "claim",
            "change_lists"
        ]
    );
    let allowed: Vec<&str> = explained
        .iter()
        .filter(|(_, decision)| decision.allowed)
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(
        allowed,
        [
            "complete",
            "edit_form",
            "edit_checklist",
            "assign",
            "hold",
            "resume",
            "release"
        ]
    );
}

#[test]
fn one_asks_about_oneself_ones_members_or_as_one_who_may_read_all() {
    assert!(may_ask_about(&member(ASKER), ASKER));
    assert!(!may_ask_about(&member(ASKER), OWNER));
    assert!(may_ask_about(&manager_of(ASKER, &[OWNER]), OWNER));
    assert!(!may_ask_about(&manager_of(ASKER, &[]), OWNER));
    assert!(may_ask_about(
        &at_level(ASKER, PermissionLevel::Auditor),
        OWNER
    ));
    assert!(!may_ask_about(
        &at_level(ASKER, PermissionLevel::Designer),
        OWNER
    ));
}

/// X16
#[test]
fn what_somebody_leaves_is_handed_over_by_admins_and_their_managers() {
    let may = |actor: &Actor| {
        let decision = decide_hand_over(actor, OWNER);
        assert_eq!(decision.rule, Rule::X16);
        decision.allowed
    };
    assert!(may(&at_level(ASKER, PermissionLevel::Admin)));
    assert!(may(&manager_of(ASKER, &[OWNER])));
    assert!(!may(&manager_of(ASKER, &[INITIATOR])));
    for level in [
        PermissionLevel::Designer,
        PermissionLevel::Member,
        PermissionLevel::Auditor,
    ] {
        assert!(!may(&at_level(ASKER, level)), "{level:?}");
    }
    assert!(!may(&member(OWNER)), "one's own, too");
}
