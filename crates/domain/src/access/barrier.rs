//! What stops a person before any rule that grants is asked: another firm, inactivity (X13), a restriction (X18).

use super::{Actor, Rule, decision::Decision, team::is_on_team};
use crate::{
    entity::{Entity, Membership},
    ids::{FirmId, UserId},
    user::PermissionLevel,
};

/// Refuses those of another firm and the inactive.
pub(super) fn person(actor: &Actor, firm_id: FirmId) -> Option<Decision> {
    if actor.firm_id != firm_id {
        return Some(Decision::refuse(Rule::X17, "it belongs to another firm"));
    }
    (!actor.active).then(|| Decision::refuse(Rule::X13, "the user is inactive"))
}

/// Refuses those whom a restricted record does not name; auditors pass, to read.
pub(crate) fn restriction(
    user: UserId,
    level: PermissionLevel,
    entity: &Entity,
    memberships: &[Membership],
) -> Option<Decision> {
    let passes = !entity.is_restricted()
        || level == PermissionLevel::Auditor
        || is_on_team(user, entity.id, memberships);
    (!passes).then(|| {
        Decision::refuse(
            Rule::X18,
            format!("{} is restricted to the people on its teams", entity.name),
        )
    })
}

/// Refuses auditors, who change nothing, by the rule that governs the change.
pub(super) fn auditor(actor: &Actor, rule: Rule) -> Option<Decision> {
    (actor.level == PermissionLevel::Auditor)
        .then(|| Decision::refuse(rule, "an auditor changes nothing"))
}

/// All of these, for a change to a record or to work on it.
pub(super) fn change(
    actor: &Actor,
    firm_id: FirmId,
    entity: &Entity,
    memberships: &[Membership],
    rule: Rule,
) -> Option<Decision> {
    person(actor, firm_id)
        .or_else(|| restriction(actor.user_id, actor.level, entity, memberships))
        .or_else(|| auditor(actor, rule))
}
