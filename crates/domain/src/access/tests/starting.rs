//! Starting processes, making and editing records, running the firm's set-up (X20).

use super::fixture::{
    ASKER, COMPLIANCE, CSA, FIRM, LEAD, OPERATIONS, OWNER, Scene, TEAM, at_level, manager_of,
    member,
};
use crate::{
    access::{
        Actor, Rule,
        starting::{
            EntityAction, FirmAction, decide_entity_action, decide_firm_action,
            decide_set_password, decide_start,
        },
    },
    firm::Visibility,
    user::PermissionLevel,
};

fn start(scene: &Scene, actor: &Actor, initiators: &[&str]) -> (bool, Rule) {
    let initiators: Vec<String> = initiators.iter().map(|key| (*key).to_owned()).collect();
    let decision = decide_start(actor, &initiators, scene.entity_facts());
    (decision.allowed, decision.rule)
}

fn may(scene: &Scene, action: EntityAction, actor: &Actor) -> (bool, Rule) {
    let decision = decide_entity_action(action, actor, scene.entity_facts());
    (decision.allowed, decision.rule)
}

const YES: (bool, Rule) = (true, Rule::X20);
const NO: (bool, Rule) = (false, Rule::X20);
const UNSEEN: (bool, Rule) = (false, Rule::X17);

/// X20
#[test]
fn holders_of_an_initiating_role_start_a_process() {
    let scene = Scene::new().joins(ASKER, CSA);
    assert_eq!(
        start(&scene, &member(ASKER), &["client_service_associate"]),
        YES
    );
    assert_eq!(start(&scene, &member(ASKER), &["lead_advisor"]), NO);
    assert_eq!(
        start(&scene, &member(ASKER), &["associate"]),
        NO,
        "a name is no key"
    );
    assert_eq!(start(&scene, &member(ASKER), &[]), NO);
}

/// X20
#[test]
fn a_role_on_the_firm_starts_for_records_that_one_sees() {
    let mut scene = Scene::new().joins_at(FIRM.entity(), ASKER, COMPLIANCE);
    let initiators = ["compliance_officer"];
    assert_eq!(start(&scene, &member(ASKER), &initiators), UNSEEN);
    scene.firm.visibility = Visibility::Firm;
    assert_eq!(start(&scene, &member(ASKER), &initiators), YES);
    let of_the_firm = Scene::new().for_the_firm().joins(ASKER, COMPLIANCE);
    assert_eq!(start(&of_the_firm, &member(ASKER), &initiators), YES);
}

/// X20
#[test]
fn anyone_means_who_sees_the_subject_but_no_auditor() {
    let scene = Scene::new();
    assert_eq!(start(&scene, &member(ASKER), &["anyone"]), UNSEEN);
    let auditor = at_level(ASKER, PermissionLevel::Auditor);
    assert_eq!(start(&scene, &auditor, &["anyone"]), NO);
    let scene = scene.joins(ASKER, OPERATIONS);
    assert_eq!(start(&scene, &member(ASKER), &["anyone"]), YES);
    assert_eq!(
        start(&Scene::new().for_the_firm(), &member(ASKER), &["anyone"]),
        YES
    );
}

/// X20
#[test]
fn admins_and_managers_of_the_records_team_start_whatever_the_roles() {
    let mut scene = Scene::new();
    assert_eq!(
        start(&scene, &at_level(ASKER, PermissionLevel::Admin), &[]),
        YES
    );
    assert_eq!(start(&scene, &manager_of(ASKER, &[OWNER]), &[]), UNSEEN);
    scene.entity.team_id = Some(TEAM);
    assert_eq!(start(&scene, &manager_of(ASKER, &[]), &[]), YES);
    let designer = Actor {
        teams: vec![TEAM],
        ..at_level(ASKER, PermissionLevel::Designer)
    };
    assert_eq!(start(&scene, &designer, &[]), NO);
}

/// X13, X18, X20
#[test]
fn the_inactive_and_the_unnamed_start_nothing() {
    let mut scene = Scene::new().joins(ASKER, CSA);
    let inactive = Actor {
        active: false,
        ..member(ASKER)
    };
    assert_eq!(start(&scene, &inactive, &["anyone"]), (false, Rule::X13));
    scene.entity.restricted = true;
    let admin = at_level(OWNER, PermissionLevel::Admin);
    assert_eq!(start(&scene, &admin, &["anyone"]), (false, Rule::X18));
}

/// X20
#[test]
fn a_record_is_edited_by_its_team_and_its_team_by_its_lead() {
    let mut scene = Scene::new()
        .joins(ASKER, OPERATIONS)
        .joins(OWNER, LEAD)
        .primary(LEAD);
    scene.entity.team_id = Some(TEAM);
    let rights = |actor: &Actor| {
        [
            EntityAction::AddTo,
            EntityAction::Edit,
            EntityAction::EditTeam,
        ]
        .map(|action| may(&scene, action, actor))
    };
    let other = super::fixture::user_id(9);
    assert_eq!(rights(&member(ASKER)), [YES, YES, NO]);
    assert_eq!(rights(&member(OWNER)), [YES, YES, YES]);
    assert_eq!(rights(&manager_of(other, &[])), [YES, YES, YES]);
    assert_eq!(
        rights(&at_level(other, PermissionLevel::Admin)),
        [YES, YES, YES]
    );
    let colleague = Actor {
        teams: vec![TEAM],
        ..member(other)
    };
    assert_eq!(rights(&colleague), [YES, NO, NO]);
    assert_eq!(rights(&member(other)), [UNSEEN; 3]);
    assert_eq!(rights(&at_level(ASKER, PermissionLevel::Auditor)), [NO; 3]);
}

/// X20
#[test]
fn the_set_up_of_the_firm_is_kept_by_level() {
    let rights = |level| {
        FirmAction::ALL.map(|action| decide_firm_action(action, &at_level(ASKER, level)).allowed)
    };
    // Read the set-up, create an entity, start batches, design, administer, read the audit trail, see jobs, operate.
    assert_eq!(rights(PermissionLevel::Admin), [true; 8]);
    assert_eq!(
        rights(PermissionLevel::Designer),
        [true, true, true, true, false, false, false, false]
    );
    assert_eq!(
        rights(PermissionLevel::Manager),
        [true, true, true, false, false, false, false, false]
    );
    assert_eq!(
        rights(PermissionLevel::Member),
        [true, true, true, false, false, false, false, false]
    );
    assert_eq!(
        rights(PermissionLevel::Auditor),
        [true, false, false, false, false, true, true, false]
    );
}

/// X13
#[test]
fn the_inactive_read_not_even_the_set_up() {
    let inactive = Actor {
        active: false,
        ..at_level(ASKER, PermissionLevel::Admin)
    };
    for action in FirmAction::ALL {
        assert_eq!(decide_firm_action(action, &inactive).rule, Rule::X13);
    }
}

/// X20
#[test]
fn one_sets_ones_own_password_and_admins_anybodys() {
    assert!(decide_set_password(&member(ASKER), ASKER).allowed);
    assert!(!decide_set_password(&manager_of(ASKER, &[OWNER]), OWNER).allowed);
    assert!(decide_set_password(&at_level(ASKER, PermissionLevel::Admin), OWNER).allowed);
}
