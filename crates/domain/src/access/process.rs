//! Who may do what to a process as a whole (X16).

use super::{Actor, Rule, barrier, decision::Decision, team::is_primary_lead};
use crate::{
    entity::{Entity, Membership},
    firm::Firm,
    process::Process,
    role::Role,
    user::PermissionLevel,
};

/// What is done to a process as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each says what is done")]
pub enum ProcessAction {
    Hold,
    Resume,
    Cancel,
    HandOver,
    Migrate,
}

impl ProcessAction {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
            Self::HandOver => "hand over",
            Self::Migrate => "migrate",
        }
    }
}

/// The facts about a process that managing it needs.
#[derive(Clone, Copy)]
pub struct ProcessFacts<'a> {
    /// The firm and its policies.
    pub firm: &'a Firm,
    /// The process as stored.
    pub process: &'a Process,
    /// Its entity.
    pub entity: &'a Entity,
    /// Who holds which role on its entity and on the firm entity.
    pub memberships: &'a [Membership],
    /// All roles of the firm.
    pub roles: &'a [Role],
}

/// Whether somebody may hold, resume, cancel or migrate the process: like its tasks, with its own owner's manager (X16).
#[must_use]
pub fn decide_process_action(
    action: ProcessAction,
    actor: &Actor,
    facts: ProcessFacts<'_>,
) -> Decision {
    barrier::change(
        actor,
        facts.firm.id,
        facts.entity,
        facts.memberships,
        Rule::X16,
    )
    .unwrap_or_else(|| match manages_process(actor, facts) {
        Some(why) => Decision::allow(Rule::X16, why),
        None => Decision::refuse(
            Rule::X16,
            format!(
                "only its owner, their manager, the primary lead of {} or an admin may {} the process",
                facts.entity.name,
                action.as_str()
            ),
        ),
    })
}

/// Whether somebody is among those who manage the process, and as what.
pub(super) fn manages_process(actor: &Actor, facts: ProcessFacts<'_>) -> Option<&'static str> {
    let owner = facts.process.owner_id;
    if actor.level == PermissionLevel::Admin {
        Some("an admin manages every process")
    } else if owner == Some(actor.user_id) {
        Some("owns the process")
    } else if owner.is_some_and(|owner| actor.manages(owner)) {
        Some("manages the owner of the process")
    } else if is_primary_lead(
        actor.user_id,
        facts.entity.id,
        facts.memberships,
        facts.roles,
    ) {
        Some("is the primary lead of the record")
    } else {
        None
    }
}
