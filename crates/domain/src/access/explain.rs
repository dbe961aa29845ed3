//! What somebody may do with a task, action by action (`GET /v1/tasks/{id}/permissions`).

use super::{
    Actor,
    decision::Decision,
    execution::decide,
    managing::{TaskAction, WorkFacts, decide_action},
};
use crate::{ids::UserId, user::PermissionLevel};

/// The three things that executing is (permissions.md).
pub const EXECUTION_ACTIONS: [&str; 3] = ["complete", "edit_form", "edit_checklist"];

/// Every action by its public name, with its decision: first the three of executing, then those of managing.
#[must_use]
pub fn task_permissions(actor: &Actor, facts: WorkFacts<'_>) -> Vec<(&'static str, Decision)> {
    let execution = decide(actor, facts.task);
    EXECUTION_ACTIONS
        .into_iter()
        .map(|name| (name, execution.clone()))
        .chain(
            TaskAction::ALL
                .iter()
                .map(|action| (action.as_str(), decide_action(*action, actor, facts))),
        )
        .collect()
}

/// Whether somebody may ask what another person may do: about themselves everyone, about anybody admins and auditors, about
/// their members managers.
#[must_use]
pub fn may_ask_about(actor: &Actor, user: UserId) -> bool {
    actor.active
        && (actor.user_id == user
            || match actor.level {
                PermissionLevel::Admin | PermissionLevel::Auditor => true,
                PermissionLevel::Manager => actor.manages(user),
                PermissionLevel::Designer | PermissionLevel::Member => false,
            })
}
