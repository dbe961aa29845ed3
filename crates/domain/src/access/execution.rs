//! Who may execute a task (X1–X5, X8, X10–X14, X18), decided in the order that permissions.md gives.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

pub use super::decision::Decision;
use super::{
    Actor, Rule, barrier,
    cover::Cover,
    refusal,
    route::{Route, cover_routes, own_route, prepared, segregated},
    team::role_name,
};
use crate::{
    entity::{Entity, Membership},
    firm::Firm,
    ids::UserId,
    process_type::definition::TaskKind,
    role::Role,
    task::{Task, TaskStatus, Via},
    user::{PermissionLevel, User},
};

/// The facts about a task that the question needs.
#[derive(Clone, Copy)]
pub struct TaskFacts<'a> {
    /// The firm and its policies.
    pub firm: &'a Firm,
    /// The task as stored.
    pub task: &'a Task,
    /// Its entity.
    pub entity: &'a Entity,
    /// Who holds which role on its entity and on the firm entity.
    pub memberships: &'a [Membership],
    /// All roles of the firm, for the sentences.
    pub roles: &'a [Role],
    /// Who completed, or changed the form of, a task that this one is separate from, in any attempt (X11).
    pub preparers: &'a BTreeSet<UserId>,
    /// Who stands in for whom (X10), now or later: those [in force](super::cover::in_force).
    pub covers: &'a [Cover],
    /// Roles that the person asking holds on other records. They never grant anything; with them a refusal can tell X5 from
    /// X2, so it is enough to load them after a refusal by X2.
    pub elsewhere: &'a [Elsewhere<'a>],
    /// The present moment.
    pub now: DateTime<Utc>,
}

/// A role held on another record than the task's.
#[derive(Clone, Copy)]
pub struct Elsewhere<'a> {
    /// Who holds what where.
    pub membership: &'a Membership,
    /// What that record is called; none when whoever reads the sentence may not see it (X17).
    pub entity_name: Option<&'a str>,
}

/// Whether somebody may execute the task now: fill in its form, tick its checklist, complete it.
#[must_use]
pub fn decide(actor: &Actor, facts: TaskFacts<'_>) -> Decision {
    barred(actor, facts)
        .or_else(|| matched(actor, facts))
        .unwrap_or_else(|| refused(actor, facts))
}

/// The same when the caller gave a reason to override (X12): admins, and managers for their teams' work. A person who needs
/// no override is answered as without; status, restriction and segregation cannot be overridden.
#[must_use]
pub fn decide_with_override(actor: &Actor, facts: TaskFacts<'_>) -> Decision {
    barred(actor, facts)
        .or_else(|| matched(actor, facts))
        .or_else(|| overridden(actor, facts))
        .unwrap_or_else(|| refused(actor, facts))
}

/// Everyone who may execute the task now without an override, with the decision that lets them, in the order of their ids.
/// `people` must hold the owner, all members and all covers; whoever is not in it is passed over.
#[must_use]
pub fn executors(facts: TaskFacts<'_>, people: &BTreeMap<UserId, User>) -> Vec<(UserId, Decision)> {
    candidates(facts)
        .into_iter()
        .filter_map(|id| people.get(&id))
        .map(|user| Actor::without_teams(user, facts.firm.id))
        .map(|actor| (actor.user_id, decide(&actor, facts)))
        .filter(|(_, decision)| decision.allowed)
        .collect()
}

/// Somebody may execute a task for a time, as long as nothing else changes than the clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Who.
    pub user_id: UserId,
    /// From when on; none: they may already.
    pub from: Option<DateTime<Utc>>,
    /// Until when; none: for good.
    pub until: Option<DateTime<Utc>>,
    /// The decision that lets them.
    pub decision: Decision,
}

/// Everyone who may execute the task now, or will as covers begin and end (X10), as [`decide`] says at each of these moments.
#[must_use]
pub fn grants(facts: TaskFacts<'_>, people: &BTreeMap<UserId, User>) -> Vec<Grant> {
    candidates(facts)
        .into_iter()
        .filter_map(|id| people.get(&id))
        .flat_map(|user| grants_of(user, facts))
        .collect()
}

/// When one person may execute the task.
#[must_use]
pub fn grants_of(user: &User, facts: TaskFacts<'_>) -> Vec<Grant> {
    let actor = Actor::without_teams(user, facts.firm.id);
    let turns: BTreeSet<DateTime<Utc>> = facts
        .covers
        .iter()
        .filter(|cover| cover.cover_user_ids.contains(&user.id))
        .flat_map(|cover| [cover.from, cover.until])
        .filter(|turn| *turn > facts.now)
        .collect();
    let begins: Vec<DateTime<Utc>> = [facts.now].into_iter().chain(turns).collect();
    let mut found: Vec<Grant> = Vec::new();
    for (place, now) in begins.iter().copied().enumerate() {
        let decision = decide(&actor, TaskFacts { now, ..facts });
        let from = (place > 0).then_some(now);
        let until = begins.get(place + 1).copied();
        match found.last_mut() {
            Some(last) if last.until == from && last.decision == decision => last.until = until,
            _ if decision.allowed => found.push(Grant {
                user_id: user.id,
                from,
                until,
                decision,
            }),
            _ => {}
        }
    }
    found
}

/// Whom any route could lead to the task.
fn candidates(facts: TaskFacts<'_>) -> BTreeSet<UserId> {
    let covering = facts
        .covers
        .iter()
        .flat_map(|cover| cover.cover_user_ids.iter().copied());
    facts
        .task
        .owner_id
        .into_iter()
        .chain(facts.memberships.iter().map(|held| held.user_id))
        .chain(covering)
        .collect()
}

/// What refuses before any route is looked at: inactive, status, restriction, segregation.
fn barred(actor: &Actor, facts: TaskFacts<'_>) -> Option<Decision> {
    barrier::person(actor, facts.firm.id)
        .or_else(|| wrong_status(facts.task.status))
        .or_else(|| by_items(facts.task.kind))
        .or_else(|| {
            barrier::restriction(actor.user_id, actor.level, facts.entity, facts.memberships)
        })
        .or_else(|| segregated(actor.user_id, facts))
}

fn wrong_status(status: TaskStatus) -> Option<Decision> {
    match status {
        TaskStatus::Open | TaskStatus::InProgress | TaskStatus::OnHold => None,
        TaskStatus::Waiting => Some("the task is still waiting"),
        TaskStatus::Completed => Some("the task is completed"),
        TaskStatus::Skipped => Some("the task was skipped"),
        TaskStatus::NotTaken => Some("the task's branch was not taken"),
        TaskStatus::Cancelled => Some("the task was cancelled"),
    }
    .map(|why| Decision::refuse(Rule::X8, why))
}

/// People execute the children of a fan-out, never the task that has them (E24).
fn by_items(kind: TaskKind) -> Option<Decision> {
    match kind {
        TaskKind::FanOut => Some(Decision::refuse(
            Rule::X8,
            "the task is done item by item, by its children",
        )),
        TaskKind::Task
        | TaskKind::Approval
        | TaskKind::Decision
        | TaskKind::Wait
        | TaskKind::Subprocess => None,
    }
}

fn matched(actor: &Actor, facts: TaskFacts<'_>) -> Option<Decision> {
    if actor.level == PermissionLevel::Auditor {
        return None;
    }
    own_route(actor.user_id, facts)
        .or_else(|| cover_routes(actor.user_id, facts).find(|route| !for_a_preparer(*route, facts)))
        .map(|route| Decision {
            via: Some(route.via),
            role_id: route.role_id,
            on_behalf_of: route.on_behalf_of,
            ..Decision::allow(route.rule, why_allowed(route, facts))
        })
}

fn overridden(actor: &Actor, facts: TaskFacts<'_>) -> Option<Decision> {
    let why = match actor.level {
        PermissionLevel::Admin => "an admin overrides",
        PermissionLevel::Manager if manages_work(actor, facts) => {
            "a manager of the owner or of the record overrides"
        }
        PermissionLevel::Manager
        | PermissionLevel::Designer
        | PermissionLevel::Member
        | PermissionLevel::Auditor => return None,
    };
    Some(Decision {
        via: Some(Via::Override),
        ..Decision::allow(Rule::X12, why)
    })
}

/// Whether the task is work of the actor's teams: owned by one of their members, or for a record that names one of them.
fn manages_work(actor: &Actor, facts: TaskFacts<'_>) -> bool {
    actor.reaches(facts.entity)
        || facts
            .task
            .owner_id
            .is_some_and(|owner| actor.manages(owner))
}

fn refused(actor: &Actor, facts: TaskFacts<'_>) -> Decision {
    let covers_a_preparer = actor.level != PermissionLevel::Auditor
        && cover_routes(actor.user_id, facts).any(|route| for_a_preparer(route, facts));
    if covers_a_preparer {
        return Decision::refuse(
            Rule::X11,
            format!("covers for somebody who {}", prepared(facts)),
        );
    }
    refusal::unmatched(actor, facts)
}

/// The absent person counts like the one who acts for them (X11).
fn for_a_preparer(route: Route, facts: TaskFacts<'_>) -> bool {
    route
        .on_behalf_of
        .is_some_and(|absent| facts.preparers.contains(&absent))
}

/// What connects somebody with the task, in words.
pub(super) fn why_allowed(route: Route, facts: TaskFacts<'_>) -> String {
    let role = route.role_id.map(|role| role_name(role, facts.roles));
    match (route.on_behalf_of, role) {
        (None, None) => "owns the task".to_owned(),
        (None, Some(role)) if route.rule == Rule::X14 => {
            format!("holds {role} on {}", facts.firm.name)
        }
        (None, Some(role)) => format!("holds {role} on {}", facts.entity.name),
        (Some(_), None) => "covers for the owner of the task".to_owned(),
        (Some(_), Some(role)) => format!("covers for a holder of {role}"),
    }
}
