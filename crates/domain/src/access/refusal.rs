//! Which rule refuses a person whom nothing connects with a task (X4, X5, X2), and the sentence that explains it.

use super::{Actor, Rule, decision::Decision, execution::TaskFacts, team::role_name};
use crate::{
    entity::Membership,
    ids::{RoleId, UserId},
    role::{Role, RoleKind},
    task::Execution,
    user::PermissionLevel,
};

/// X4 if execution is off or all lists are empty, X5 if a listed role, or one of its name, is held where it gives nothing,
/// else X2.
pub(super) fn unmatched(actor: &Actor, facts: TaskFacts<'_>) -> Decision {
    let execution = &facts.task.execution;
    let listed: Vec<RoleId> = listed_roles(execution).collect();
    let (rule, why) = if !execution.enabled {
        (
            Rule::X4,
            format!(
                "{}advanced execution is off, so only its owner executes the task",
                whoever(actor, facts)
            ),
        )
    } else if listed.is_empty() {
        (
            Rule::X4,
            format!(
                "{}the task lists no roles, so only its owner executes it",
                whoever(actor, facts)
            ),
        )
    } else if let Some(why) = held_in_vain(actor, facts, &listed) {
        (Rule::X5, why)
    } else {
        let held = roles_here(actor.user_id, facts);
        (
            Rule::X2,
            held.map_or_else(
                || format!("needs {}", wanted(facts)),
                |held| format!("holds {held}, but needs {}", wanted(facts)),
            ),
        )
    };
    match actor.level {
        PermissionLevel::Auditor => Decision::refuse(rule, "an auditor changes nothing"),
        PermissionLevel::Admin
        | PermissionLevel::Designer
        | PermissionLevel::Manager
        | PermissionLevel::Member => Decision::refuse(rule, why),
    }
}

/// Whoever asks, as far as the task goes: the beginning of a sentence.
fn whoever(actor: &Actor, facts: TaskFacts<'_>) -> String {
    roles_here(actor.user_id, facts).map_or_else(
        || "does not own the task, and ".to_owned(),
        |held| format!("holds {held}, but "),
    )
}

/// The roles that somebody holds on the task's record, with its name.
fn roles_here(user: UserId, facts: TaskFacts<'_>) -> Option<String> {
    let names: Vec<&str> = facts
        .memberships
        .iter()
        .filter(|held| held.user_id == user && held.entity_id == facts.entity.id)
        .map(|held| role_name(held.role_id, facts.roles))
        .collect();
    (!names.is_empty()).then(|| format!("{} on {}", names.join(" and "), facts.entity.name))
}

fn listed_roles(execution: &Execution) -> impl Iterator<Item = RoleId> {
    execution
        .servicing_team_roles
        .iter()
        .chain(&execution.business_roles)
        .chain(&execution.firm_roles)
        .copied()
}

/// The first membership with a listed role, else the first with a role of a listed one's name (X5). None of them can be where
/// it counts, or it would have matched.
fn held_in_vain(actor: &Actor, facts: TaskFacts<'_>, listed: &[RoleId]) -> Option<String> {
    let held: Vec<(&Membership, Option<&str>)> = facts
        .memberships
        .iter()
        .map(|membership| (membership, place_name(membership, facts)))
        .chain(
            facts
                .elsewhere
                .iter()
                .map(|elsewhere| (elsewhere.membership, elsewhere.entity_name)),
        )
        .filter(|(membership, _)| membership.user_id == actor.user_id)
        .collect();
    let by_role = held
        .iter()
        .find(|(membership, _)| listed.contains(&membership.role_id))
        .map(|(membership, place)| {
            let role = role_name(membership.role_id, facts.roles);
            if membership.entity_id == facts.task.entity_id {
                format!(
                    "holds {role} on {} as another kind of role than the task asks for",
                    facts.entity.name
                )
            } else {
                format!(
                    "holds {role} on {}, not on {}",
                    place.unwrap_or("another record"),
                    wanted_place(membership.role_id, facts)
                )
            }
        });
    by_role.or_else(|| {
        held.iter()
            .find_map(|(membership, place)| {
                namesake(membership.role_id, listed, facts.roles).map(|(own, wanted)| {
                    format!(
                        "holds the {} role {} on {}, which only shares its name with the {} role that the task lists",
                        kind_name(own.kind),
                        own.name,
                        place.unwrap_or("another record"),
                        kind_name(wanted.kind)
                    )
                })
            })
    })
}

fn place_name<'a>(membership: &Membership, facts: TaskFacts<'a>) -> Option<&'a str> {
    if membership.entity_id == facts.entity.id {
        Some(&facts.entity.name)
    } else if membership.entity_id == facts.firm.id.entity() {
        Some(&facts.firm.name)
    } else {
        None
    }
}

fn wanted_place(role: RoleId, facts: TaskFacts<'_>) -> &str {
    if facts.task.execution.firm_roles.contains(&role) {
        &facts.firm.name
    } else {
        &facts.entity.name
    }
}

/// The role and the listed role whose name it shares, if it is another one.
fn namesake<'a>(
    held: RoleId,
    listed: &[RoleId],
    roles: &'a [Role],
) -> Option<(&'a Role, &'a Role)> {
    let own = roles.iter().find(|role| role.id == held)?;
    roles
        .iter()
        .find(|role| {
            listed.contains(&role.id)
                && role.id != own.id
                && role.name.to_lowercase() == own.name.to_lowercase()
        })
        .map(|wanted| (own, wanted))
}

const fn kind_name(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Business => "business",
        RoleKind::ServicingTeam => "servicing team",
        RoleKind::Firm => "firm",
    }
}

/// What would have let somebody execute, list by list.
pub(super) fn wanted(facts: TaskFacts<'_>) -> String {
    let execution = &facts.task.execution;
    let entity = &facts.entity.name;
    [
        (
            &execution.servicing_team_roles,
            format!("on the servicing team of {entity}"),
        ),
        (
            &execution.business_roles,
            format!("on the team of {entity}"),
        ),
        (&execution.firm_roles, format!("on {}", facts.firm.name)),
    ]
    .into_iter()
    .filter(|(listed, _)| !listed.is_empty())
    .map(|(listed, place)| {
        let names: Vec<&str> = listed
            .iter()
            .map(|role| role_name(*role, facts.roles))
            .collect();
        format!("{} {place}", names.join(" or "))
    })
    .collect::<Vec<_>>()
    .join(", or ")
}
