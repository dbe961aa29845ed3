//! Who may execute a task (X1–X5, X8, X10–X14, X18), decided in the order that permissions.md gives.

use std::collections::BTreeSet;

use super::{Actor, Rule};
use crate::{
    entity::{Entity, Membership},
    firm::Firm,
    ids::{RoleId, UserId},
    role::Role,
    task::{Task, Via},
};

/// What was decided, by which rule, and why in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub allowed: bool,
    /// The rule that decided.
    pub rule: Rule,
    /// By which route, when allowed.
    pub via: Option<Via>,
    /// The role that matched.
    pub role_id: Option<RoleId>,
    /// For whom, under cover (X10).
    pub on_behalf_of: Option<UserId>,
    /// A sentence that says why.
    pub reason: String,
}

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
}

/// Whether somebody may execute the task now.
#[must_use]
pub fn decide(_actor: &Actor, _facts: TaskFacts<'_>) -> Decision {
    Decision {
        allowed: false,
        rule: Rule::X4,
        via: None,
        role_id: None,
        on_behalf_of: None,
        reason: String::new(),
    }
}
