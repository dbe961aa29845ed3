//! What connects a person with a task: ownership (X1), a role (X2, X3, X14), a cover (X10).

use super::{
    Rule,
    decision::Decision,
    execution::TaskFacts,
    team::{held, is_on_team},
};
use crate::{
    ids::{RoleId, UserId},
    role::RoleKind,
    task::Via,
};

/// What connects a person with a task: the first of owner, servicing, business and firm role, else a cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// By which route.
    pub via: Via,
    /// The rule behind it.
    pub rule: Rule,
    /// The role that matched; under cover, the absent person's.
    pub role_id: Option<RoleId>,
    /// For whom, under cover (X10).
    pub on_behalf_of: Option<UserId>,
}

/// What connects a person with the task, whatever its status and whoever prepared it: the basis of seeing it (X17), so that
/// who comes too late is told so instead of finding nothing. It is not a permission to execute.
#[must_use]
pub fn route(user: UserId, facts: TaskFacts<'_>) -> Option<Route> {
    own_route(user, facts).or_else(|| cover_routes(user, facts).next())
}

/// Owner (X1), servicing team (X2), team (X3), firm (X14), in this order; the lists count only while the switch is on (X4).
pub(super) fn own_route(user: UserId, facts: TaskFacts<'_>) -> Option<Route> {
    let task = facts.task;
    if task.owner_id == Some(user) {
        return Some(Route {
            via: Via::Owner,
            rule: Rule::X1,
            role_id: None,
            on_behalf_of: None,
        });
    }
    listed_route(user, facts)
}

/// The part of [`own_route`] that the task's lists give.
pub(super) fn listed_route(user: UserId, facts: TaskFacts<'_>) -> Option<Route> {
    let execution = &facts.task.execution;
    if !execution.enabled {
        return None;
    }
    let entity = facts.task.entity_id;
    let firm = facts.firm.id.entity();
    let lists = [
        (
            Via::ServicingRole,
            Rule::X2,
            entity,
            RoleKind::ServicingTeam,
            &execution.servicing_team_roles,
        ),
        (
            Via::BusinessRole,
            Rule::X3,
            entity,
            RoleKind::Business,
            &execution.business_roles,
        ),
        (
            Via::FirmRole,
            Rule::X14,
            firm,
            RoleKind::Firm,
            &execution.firm_roles,
        ),
    ];
    lists.into_iter().find_map(|(via, rule, on, kind, listed)| {
        held(user, on, kind, listed, facts.memberships).map(|role| Route {
            via,
            rule,
            role_id: Some(role),
            on_behalf_of: None,
        })
    })
}

/// The routes of those whom somebody covers now. A cover passes on what the absent person may do themselves, never what
/// they cover for another.
pub(super) fn cover_routes(user: UserId, facts: TaskFacts<'_>) -> impl Iterator<Item = Route> {
    facts
        .covers
        .iter()
        .filter(move |cover| {
            cover.cover_user_ids.contains(&user) && cover.applies(facts.now, facts.task.entity_id)
        })
        .filter(move |cover| {
            !facts.entity.is_restricted()
                || is_on_team(cover.absent_id, facts.entity.id, facts.memberships)
        })
        .filter_map(move |cover| {
            own_route(cover.absent_id, facts)
                .into_iter()
                .chain(listed_route(cover.absent_id, facts))
                .find(|route| cover.extends_to(route.role_id))
                .map(|route| Route {
                    via: Via::Cover,
                    rule: Rule::X10,
                    role_id: route.role_id,
                    on_behalf_of: Some(cover.absent_id),
                })
        })
}

/// Whose owner's rights somebody has as their cover (X10, X16); a cover for some roles only gives none.
pub(super) fn standing_in_for_owner(user: UserId, facts: TaskFacts<'_>) -> Option<UserId> {
    cover_routes(user, facts)
        .find(|route| route.role_id.is_none())
        .and_then(|route| route.on_behalf_of)
}

/// Refuses who prepared what this task checks (X11).
pub(super) fn segregated(user: UserId, facts: TaskFacts<'_>) -> Option<Decision> {
    facts
        .preparers
        .contains(&user)
        .then(|| Decision::refuse(Rule::X11, prepared(facts)))
}

/// What preparers have done (X11).
pub(super) fn prepared(facts: TaskFacts<'_>) -> String {
    let told = "completed, or filled in, a task that this one must be kept separate from";
    let keys = &facts.task.separate_from;
    if keys.is_empty() {
        return told.to_owned();
    }
    format!("{told} ({})", keys.join(", "))
}
