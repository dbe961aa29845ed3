//! Who may do what: one resolver answers every question of permission (X1–X20).

pub mod execution;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{FirmId, TeamId, UserId},
    user::PermissionLevel,
};

/// Who asks, as far as the gate needs to know; loaded live for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user_id: UserId,
    /// Of which firm.
    pub firm_id: FirmId,
    /// At which level.
    pub level: PermissionLevel,
    /// Whether they may act at all (X13).
    pub active: bool,
    /// The user teams that they belong to.
    pub teams: Vec<TeamId>,
    /// Those of them that they manage; empty unless their level is `manager`.
    pub managed_teams: Vec<TeamId>,
    /// Who belongs to the teams that they manage.
    pub managed_users: Vec<UserId>,
}

/// The rule that decided, by its number in `docs/permissions.md` (`X1` … `X20`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is a rule's number")]
pub enum Rule {
    X1,
    X2,
    X3,
    X4,
    X5,
    X7,
    X8,
    X10,
    X11,
    X12,
    X13,
    X14,
    X16,
    X17,
    X18,
    X20,
}

/// Why the answer is no. `Hidden` becomes 404 so that existence does not leak; `Forbidden`, 403 with its rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The actor may not even know that it exists.
    #[error("no such resource")]
    Hidden,
    /// The actor may see it, but not do this.
    #[error("{reason}")]
    Forbidden {
        /// The rule that refused.
        rule: Rule,
        /// A sentence that says why.
        reason: String,
    },
}
