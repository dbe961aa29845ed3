//! Who may take an unassigned task (X20), and who may be made its owner (X11, E9).

use super::{
    Rule, barrier,
    decision::Decision,
    execution::why_allowed,
    managing::WorkFacts,
    process::ProcessFacts,
    refusal,
    route::{listed_route, segregated},
    team::{held, role_name},
};
use crate::{
    entity::{Entity, Membership},
    fault::Fault,
    ids::{RoleId, UserId},
    process_type::{definition::OwnerRule, document::TaskKind},
    role::{Role, RoleKind},
    user::{PermissionLevel, User, UserStatus},
};

/// Whom an owner rule names: holders of roles, and persons.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnerNames<'a> {
    /// Roles, held where E9 looks for them.
    pub roles: &'a [RoleId],
    /// Persons: named outright, or by a field, an executor, the initiator or the process's owner.
    pub people: &'a [UserId],
}

/// The roles that owner rules name, by the firm's roles of today.
#[must_use]
pub fn owner_rule_roles(owner: &[OwnerRule], roles: &[Role]) -> Vec<RoleId> {
    owner
        .iter()
        .filter_map(|rule| match rule {
            OwnerRule::Role(key) => roles.iter().find(|role| role.key == *key),
            OwnerRule::User(_)
            | OwnerRule::Field(_)
            | OwnerRule::ExecutorOf(_)
            | OwnerRule::ProcessOwner
            | OwnerRule::Initiator
            | OwnerRule::Unassigned => None,
        })
        .map(|role| role.id)
        .collect()
}

/// Whether somebody may take the task while nobody owns it (X20, X11).
pub(super) fn claim(user: UserId, facts: WorkFacts<'_>) -> Decision {
    segregated(user, facts.task).unwrap_or_else(|| {
        if let Some(role) = owner_role(user, facts) {
            Decision {
                role_id: Some(role),
                ..Decision::allow(
                    Rule::X20,
                    format!(
                        "holds {}, which the task's owner rule names",
                        role_and_place(role, facts)
                    ),
                )
            }
        } else if let Some(route) = listed_route(user, facts.task) {
            Decision {
                role_id: route.role_id,
                ..Decision::allow(
                    Rule::X20,
                    format!("{}, which the task lists", why_allowed(route, facts.task)),
                )
            }
        } else {
            Decision::refuse(Rule::X20, unclaimable(facts))
        }
    })
}

/// What would have let somebody claim the task.
fn unclaimable(facts: WorkFacts<'_>) -> String {
    let named = facts.owner_rule.roles.iter();
    let mut roles: Vec<String> = named.map(|role| role_and_place(*role, facts)).collect();
    let execution = &facts.task.task.execution;
    if execution.enabled {
        let listed = refusal::wanted(facts.task);
        if !listed.is_empty() {
            roles.push(listed);
        }
    }
    if roles.is_empty() {
        return "neither the task's owner rule nor its lists name a role, so that it is only assigned"
            .to_owned();
    }
    format!("needs {}", roles.join(", or "))
}

/// A role with where E9 looks for it.
fn role_and_place(role: RoleId, facts: WorkFacts<'_>) -> String {
    let task = facts.task;
    let of_firm = task
        .roles
        .iter()
        .any(|known| known.id == role && known.kind == RoleKind::Firm);
    let place = if of_firm {
        &task.firm.name
    } else {
        &task.entity.name
    };
    format!("{} on {place}", role_name(role, task.roles))
}

/// The role of the owner rule that somebody holds where E9 looks for it: a firm role on the firm, the others on the entity.
fn owner_role(user: UserId, facts: WorkFacts<'_>) -> Option<RoleId> {
    let task = facts.task;
    let entity = task.task.entity_id;
    let firm = task.firm.id.entity();
    [
        (RoleKind::ServicingTeam, entity),
        (RoleKind::Business, entity),
        (RoleKind::Firm, firm),
    ]
    .into_iter()
    .find_map(|(kind, on)| held(user, on, kind, facts.owner_rule.roles, task.memberships))
}

/// Whether somebody can be made the owner of the task: active, not an auditor, not kept out by a restriction (E9), not its
/// preparer, and for an approval somebody whom its owner rule or its lists name (X11). Who hands it over is asked with
/// [`decide_action`](super::managing::decide_action).
#[must_use]
pub fn may_own(user: &User, facts: WorkFacts<'_>) -> Decision {
    let task = facts.task;
    unfit(user, task.entity, task.memberships)
        .or_else(|| segregated(user.id, task))
        .or_else(|| {
            (task.task.kind == TaskKind::Approval && !named(user.id, facts)).then(|| {
                Decision::refuse(
                    Rule::X11,
                    "an approval goes only to somebody whom its owner rule or its lists name",
                )
            })
        })
        .unwrap_or_else(|| Decision::allow(Rule::X16, "can own the task"))
}

/// Whether somebody can be made the owner of the process: like the owner of a task, but for what only tasks have.
#[must_use]
pub fn may_own_process(user: &User, facts: ProcessFacts<'_>) -> Decision {
    unfit(user, facts.entity, facts.memberships)
        .unwrap_or_else(|| Decision::allow(Rule::X16, "can own the process"))
}

/// Refuses an owner whom somebody names but who cannot be one, as a fault of what was asked: the caller may well give the work
/// to others.
pub fn fit(may_own: &Decision) -> Result<(), Vec<Fault>> {
    if may_own.allowed {
        return Ok(());
    }
    let fault = Fault::new("/owner_id", "unfit-owner", may_own.reason.clone());
    Err(vec![fault])
}

/// Who can own no work on a record: the inactive, auditors, whomever a restriction keeps out.
fn unfit(user: &User, entity: &Entity, memberships: &[Membership]) -> Option<Decision> {
    if user.status == UserStatus::Inactive {
        return Some(Decision::refuse(Rule::X13, "the user is inactive"));
    }
    if user.permission_level == PermissionLevel::Auditor {
        return Some(Decision::refuse(Rule::X16, "an auditor changes nothing"));
    }
    barrier::restriction(user.id, user.permission_level, entity, memberships)
}

fn named(user: UserId, facts: WorkFacts<'_>) -> bool {
    facts.owner_rule.people.contains(&user)
        || owner_role(user, facts).is_some()
        || listed_route(user, facts.task).is_some()
}
