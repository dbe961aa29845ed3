//! Who may do what: one resolver answers every question of permission (X1–X20).

pub(crate) mod barrier;
pub mod cover;
pub mod decision;
pub mod documents;
pub mod execution;
pub mod explain;
pub mod handing_over;
pub mod managing;
pub mod operations;
pub mod owning;
pub mod process;
mod refusal;
pub mod route;
pub mod starting;
pub mod team;
pub mod visibility;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    entity::Entity,
    ids::{FirmId, TeamId, UserId},
    user::{PermissionLevel, User, UserStatus},
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

impl Actor {
    /// A person with nothing but their level: enough to ask whether they may execute, which teams of users never decide.
    #[must_use]
    pub const fn without_teams(user: &User, firm_id: FirmId) -> Self {
        Self {
            user_id: user.id,
            firm_id,
            level: user.permission_level,
            active: match user.status {
                UserStatus::Active => true,
                UserStatus::Inactive => false,
            },
            teams: Vec::new(),
            managed_teams: Vec::new(),
            managed_users: Vec::new(),
        }
    }

    /// Whether this person belongs to a team that they manage.
    #[must_use]
    pub fn manages(&self, user: UserId) -> bool {
        self.level == PermissionLevel::Manager && self.managed_users.contains(&user)
    }

    /// Whether the record names a team that they manage.
    #[must_use]
    pub fn reaches(&self, entity: &Entity) -> bool {
        self.level == PermissionLevel::Manager
            && entity
                .team_id
                .is_some_and(|team| self.managed_teams.contains(&team))
    }
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

impl Rule {
    /// Its number, as answers and audit entries show it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X1 => "X1",
            Self::X2 => "X2",
            Self::X3 => "X3",
            Self::X4 => "X4",
            Self::X5 => "X5",
            Self::X7 => "X7",
            Self::X8 => "X8",
            Self::X10 => "X10",
            Self::X11 => "X11",
            Self::X12 => "X12",
            Self::X13 => "X13",
            Self::X14 => "X14",
            Self::X16 => "X16",
            Self::X17 => "X17",
            Self::X18 => "X18",
            Self::X20 => "X20",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
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
