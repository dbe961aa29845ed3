//! Who may hand over what somebody leaves behind (X16). Each thing is then asked about by itself.

use super::{Actor, Rule, barrier, decision::Decision};
use crate::{ids::UserId, user::PermissionLevel};

/// Whether somebody may hand over another's work: admins, and managers for the members of their teams.
#[must_use]
pub fn decide_hand_over(actor: &Actor, from: UserId) -> Decision {
    barrier::person(actor, actor.firm_id)
        .or_else(|| barrier::auditor(actor, Rule::X16))
        .unwrap_or_else(|| {
            if actor.level == PermissionLevel::Admin {
                Decision::allow(Rule::X16, "an admin hands over everybody's work")
            } else if actor.manages(from) {
                Decision::allow(Rule::X16, "manages the person")
            } else {
                Decision::refuse(
                    Rule::X16,
                    "only admins and the person's managers hand over what they leave behind",
                )
            }
        })
}
