//! The answer to a question of permission: yes or no, by which rule, and why.

use super::{Denied, Rule};
use crate::{
    ids::{RoleId, UserId},
    task::Via,
};

/// What was decided, by which rule, and why in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub allowed: bool,
    /// The rule that decided.
    pub rule: Rule,
    /// By which route, when executing is allowed.
    pub via: Option<Via>,
    /// The role that matched.
    pub role_id: Option<RoleId>,
    /// For whom, under cover (X10).
    pub on_behalf_of: Option<UserId>,
    /// A sentence that says why.
    pub reason: String,
}

impl Decision {
    /// Yes, by this rule.
    #[must_use]
    pub fn allow(rule: Rule, why: impl AsRef<str>) -> Self {
        Self::new(true, rule, format!("allowed by {rule}: {}", why.as_ref()))
    }

    /// No, by this rule.
    #[must_use]
    pub fn refuse(rule: Rule, why: impl AsRef<str>) -> Self {
        Self::new(false, rule, format!("refused by {rule}: {}", why.as_ref()))
    }

    const fn new(allowed: bool, rule: Rule, reason: String) -> Self {
        Self {
            allowed,
            rule,
            via: None,
            role_id: None,
            on_behalf_of: None,
            reason,
        }
    }

    /// The decision if it is a yes. A no hides the resource from whoever may not see it (`seen`), and else says by which
    /// rule (X17).
    pub fn or_denied(self, seen: bool) -> Result<Self, Denied> {
        if self.allowed {
            Ok(self)
        } else if seen {
            Err(Denied::Forbidden {
                rule: self.rule,
                reason: self.reason,
            })
        } else {
            Err(Denied::Hidden)
        }
    }
}
