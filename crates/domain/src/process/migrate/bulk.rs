//! Moving all processes of a type: what was asked for, and what came of it for each of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    access::Actor,
    fault::Fault,
    ids::{MigrationId, ProcessId, ProcessTypeId, UserId},
    process::error::ProcessError,
    user::PermissionLevel,
};

/// Somebody wants all processes of a type moved to a version, or to know what that would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkMigration {
    /// Its identity.
    pub id: MigrationId,
    /// Whose processes.
    pub process_type_id: ProcessTypeId,
    /// To which version.
    pub version: i32,
    /// The new keys of tasks that have another one there, by their present keys.
    pub renamed: BTreeMap<String, String>,
    /// Whether nothing is moved.
    pub dry_run: bool,
    /// Who asked: only what they may see is looked at, and only what they manage is moved (X16, X17).
    pub requested_by: UserId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// When the last process was found.
    pub listed_at: Option<DateTime<Utc>>,
}

impl BulkMigration {
    /// Whether somebody may follow it: who asked, because what is counted is what they see, and auditors, who see all (X17).
    #[must_use]
    pub fn is_followed_by(&self, actor: &Actor) -> bool {
        actor.user_id == self.requested_by || actor.level == PermissionLevel::Auditor
    }
}

/// What became of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveState {
    /// Its turn has not come, or it was tried and is tried again.
    Waiting,
    /// It was moved; in a dry run, it can be.
    Moved,
    /// It follows the version, or a newer one, or has ended: there is nothing to do.
    Unchanged,
    /// It cannot be moved, or not by whoever asked.
    Refused,
}

impl MoveState {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Moved => "moved",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }
}

/// A process that was not moved, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedMove {
    /// Which.
    pub process_id: ProcessId,
    /// Every reason.
    pub reasons: Vec<Fault>,
}

/// What a refusal of the engine means where many processes are moved: that there is nothing to do, or why it was refused.
#[must_use]
pub fn settled(refused: &ProcessError) -> (MoveState, Vec<Fault>) {
    match refused {
        ProcessError::NotNewer { .. } | ProcessError::WrongStatus { .. } => {
            (MoveState::Unchanged, Vec::new())
        }
        ProcessError::NotMigratable(reasons) | ProcessError::Invalid(reasons) => {
            (MoveState::Refused, reasons.clone())
        }
        ProcessError::Denied(denied) => {
            let reason = Fault::new("", "forbidden", format!("You may not move it: {denied}."));
            (MoveState::Refused, vec![reason])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Denied, Rule},
        process::ProcessStatus,
    };

    #[test]
    fn what_needs_no_move_is_no_failure() {
        let status = ProcessStatus::Completed;
        for nothing in [
            ProcessError::NotNewer { present: 2 },
            ProcessError::WrongStatus { status },
        ] {
            assert_eq!(settled(&nothing), (MoveState::Unchanged, vec![]));
        }
        let reasons = vec![Fault::new("/tasks/a", "no-counterpart", "It is open.")];
        let refused = ProcessError::NotMigratable(reasons.clone());
        assert_eq!(settled(&refused), (MoveState::Refused, reasons));
        let denied = Denied::Forbidden {
            rule: Rule::X16,
            reason: "does not manage it".to_owned(),
        };
        let (state, reasons) = settled(&ProcessError::Denied(denied));
        assert_eq!(state, MoveState::Refused);
        assert_eq!(reasons[0].code, "forbidden");
    }
}
