//! Who may start processes, make and edit records, and run the firm's set-up (X20).

use super::{
    Actor, Rule, barrier,
    decision::Decision,
    team::{is_on_team, is_primary_lead},
    visibility::sees_entity,
};
use crate::{
    entity::{Entity, Membership},
    firm::Firm,
    ids::UserId,
    role::Role,
    user::PermissionLevel,
};

/// The word among a type's initiators that lets everyone who sees the subject start it.
pub const ANYONE: &str = "anyone";

/// The facts about a record that these questions need.
#[derive(Clone, Copy)]
pub struct EntityFacts<'a> {
    /// The firm and its policies.
    pub firm: &'a Firm,
    /// The record; for work of the firm, the firm's own.
    pub entity: &'a Entity,
    /// Who holds which role on it and on the firm entity.
    pub memberships: &'a [Membership],
    /// All roles of the firm.
    pub roles: &'a [Role],
}

/// What is done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityAction {
    /// Change its name, status, attributes, relations.
    Edit,
    /// Change who is on its teams.
    EditTeam,
    /// Add a task, touchpoint or document.
    AddTo,
}

/// What is done to the firm's set-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FirmAction {
    /// Read users, teams, roles, attribute definitions, process types, the library and the firm's settings.
    ReadSetup,
    /// Make a record.
    CreateEntity,
    /// Have processes started for many records; for each of them it is asked again.
    Start,
    /// Make and edit process types, schedules, roles and attribute definitions; install from the library.
    Design,
    /// Make and edit users, their teams, and the firm's settings and closing days.
    Administer,
    /// Read the audit trail.
    ReadAudit,
    /// See the work that is done in the background.
    WatchJobs,
    /// Look after the work that is done in the background.
    Operate,
}

impl FirmAction {
    /// Every action, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::ReadSetup,
        Self::CreateEntity,
        Self::Start,
        Self::Design,
        Self::Administer,
        Self::ReadAudit,
        Self::WatchJobs,
        Self::Operate,
    ];
}

/// Whether somebody may start a process of a type with these initiators for the record. Whoever may not see the record is
/// refused by X17.
#[must_use]
pub fn decide_start(actor: &Actor, initiators: &[String], facts: EntityFacts<'_>) -> Decision {
    if let Some(refusal) = unseen_or_unable(actor, facts) {
        return refusal;
    }
    let named = |role: &Role| initiators.contains(&role.key);
    let here = |held: &&Membership| {
        held.user_id == actor.user_id
            && (held.entity_id == facts.entity.id || held.entity_id == facts.firm.id.entity())
    };
    let held = facts.memberships.iter().filter(here).find_map(|held| {
        facts
            .roles
            .iter()
            .find(|role| role.id == held.role_id && named(role))
    });
    if let Some(role) = held {
        Decision {
            role_id: Some(role.id),
            ..Decision::allow(
                Rule::X20,
                format!("holds {}, which starts this type", role.name),
            )
        }
    } else if initiators.iter().any(|word| word == ANYONE) {
        Decision::allow(Rule::X20, "anyone who sees the record starts this type")
    } else if let Some(why) = runs_the_record(actor, facts.entity) {
        Decision::allow(Rule::X20, why)
    } else {
        Decision::refuse(
            Rule::X20,
            format!(
                "holds none of the roles that start this type on {} or on {}",
                facts.entity.name, facts.firm.name
            ),
        )
    }
}

/// Whether somebody may do this to a record. Whoever may not see it is refused by X17.
#[must_use]
pub fn decide_entity_action(
    action: EntityAction,
    actor: &Actor,
    facts: EntityFacts<'_>,
) -> Decision {
    if let Some(refusal) = unseen_or_unable(actor, facts) {
        return refusal;
    }
    let entity = facts.entity;
    let (by_part, refusal) = match action {
        EntityAction::AddTo => (Some("sees the record"), ""),
        EntityAction::Edit => (
            is_on_team(actor.user_id, entity.id, facts.memberships)
                .then_some("is on a team of the record"),
            "only the people on its teams, managers of its user team and admins edit",
        ),
        EntityAction::EditTeam => (
            is_primary_lead(actor.user_id, entity.id, facts.memberships, facts.roles)
                .then_some("is the primary lead of the record"),
            "only the primary lead, managers of its user team and admins change the teams of",
        ),
    };
    match by_part.or_else(|| runs_the_record(actor, entity)) {
        Some(why) => Decision::allow(Rule::X20, why),
        None => Decision::refuse(Rule::X20, format!("{refusal} {}", entity.name)),
    }
}

/// Whether somebody may do this to the firm's set-up, in their own firm.
#[must_use]
pub fn decide_firm_action(action: FirmAction, actor: &Actor) -> Decision {
    if let Some(refusal) = barrier::person(actor, actor.firm_id) {
        return refusal;
    }
    let (allowed, who) = match (action, actor.level) {
        (
            FirmAction::ReadSetup,
            PermissionLevel::Admin
            | PermissionLevel::Designer
            | PermissionLevel::Manager
            | PermissionLevel::Member
            | PermissionLevel::Auditor,
        ) => (true, "everyone of the firm reads its set-up"),
        (
            FirmAction::CreateEntity,
            PermissionLevel::Admin
            | PermissionLevel::Designer
            | PermissionLevel::Manager
            | PermissionLevel::Member,
        ) => (true, "everyone but auditors makes records"),
        (
            FirmAction::Start,
            PermissionLevel::Admin
            | PermissionLevel::Designer
            | PermissionLevel::Manager
            | PermissionLevel::Member,
        ) => (true, "everyone but auditors starts batches"),
        (FirmAction::CreateEntity | FirmAction::Start, PermissionLevel::Auditor) => {
            (false, "an auditor changes nothing")
        }
        (FirmAction::Design, PermissionLevel::Admin | PermissionLevel::Designer) => (
            true,
            "designers and admins keep types, schedules, roles and attributes",
        ),
        (
            FirmAction::Design,
            PermissionLevel::Manager | PermissionLevel::Member | PermissionLevel::Auditor,
        ) => (
            false,
            "only designers and admins keep types, schedules, roles and attributes",
        ),
        (FirmAction::Administer, PermissionLevel::Admin) => {
            (true, "admins keep users, teams and the firm")
        }
        (
            FirmAction::Administer,
            PermissionLevel::Designer
            | PermissionLevel::Manager
            | PermissionLevel::Member
            | PermissionLevel::Auditor,
        ) => (false, "only admins keep users, teams and the firm"),
        (FirmAction::ReadAudit, PermissionLevel::Admin | PermissionLevel::Auditor) => {
            (true, "admins and auditors read the audit trail")
        }
        (
            FirmAction::ReadAudit,
            PermissionLevel::Designer | PermissionLevel::Manager | PermissionLevel::Member,
        ) => (false, "only admins and auditors read the audit trail"),
        (FirmAction::WatchJobs, PermissionLevel::Admin | PermissionLevel::Auditor) => {
            (true, "admins and auditors see the work in the background")
        }
        (
            FirmAction::WatchJobs,
            PermissionLevel::Designer | PermissionLevel::Manager | PermissionLevel::Member,
        ) => (
            false,
            "only admins and auditors see the work in the background",
        ),
        (FirmAction::Operate, PermissionLevel::Admin) => {
            (true, "admins look after the work in the background")
        }
        (
            FirmAction::Operate,
            PermissionLevel::Designer
            | PermissionLevel::Manager
            | PermissionLevel::Member
            | PermissionLevel::Auditor,
        ) => (false, "only admins look after the work in the background"),
    };
    if allowed {
        Decision::allow(Rule::X20, who)
    } else {
        Decision::refuse(Rule::X20, who)
    }
}

/// Whether somebody may set a user's password: their own, or as one who keeps users.
#[must_use]
pub fn decide_set_password(actor: &Actor, user: UserId) -> Decision {
    barrier::person(actor, actor.firm_id).unwrap_or_else(|| {
        if actor.user_id == user {
            Decision::allow(Rule::X20, "sets their own password")
        } else {
            decide_firm_action(FirmAction::Administer, actor)
        }
    })
}

/// The inactive, those whom a restriction keeps out, whoever may not see the record, and auditors.
fn unseen_or_unable(actor: &Actor, facts: EntityFacts<'_>) -> Option<Decision> {
    barrier::change(
        actor,
        facts.firm.id,
        facts.entity,
        facts.memberships,
        Rule::X20,
    )
    .or_else(|| {
        (!sees_entity(actor, facts.firm, facts.entity, facts.memberships))
            .then(|| Decision::refuse(Rule::X17, format!("is on no team of {}", facts.entity.name)))
    })
}

/// Admins, and managers of the user team that the record names.
fn runs_the_record(actor: &Actor, entity: &Entity) -> Option<&'static str> {
    if actor.level == PermissionLevel::Admin {
        Some("is an admin")
    } else if actor.reaches(entity) {
        Some("manages the team of the record")
    } else {
        None
    }
}
