//! Reminders and escalations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{DueUnit, OwnerRuleDocument};

/// A reminder (E12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderDocument {
    /// Units from the due date; negative is before.
    #[schema(minimum = -3650, maximum = 3650, example = -2)]
    pub amount: i32,
    /// What is counted.
    pub unit: DueUnit,
    /// Who is told besides the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<OwnerRuleDocument>,
}

/// An escalation (E12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationDocument {
    /// Units from the due date; negative is before.
    #[schema(minimum = -3650, maximum = 3650, example = 1)]
    pub amount: i32,
    /// What is counted.
    pub unit: DueUnit,
    /// Who is told; the process's owner unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<OwnerRuleDocument>,
    /// Who owns it from then on, the first that can be found; whoever owns it already unless told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub new_owner: Vec<OwnerRuleDocument>,
}
