//! Who owns a task or a process.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One owner rule: exactly one member is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"role": "client_service_associate"}))]
pub struct OwnerRuleDocument {
    /// Key of a role on the entity's teams, or of a firm role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Id of a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Key of a `user` field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Key of a task: whoever completed it. Of a fan-out, whoever completed the last of its children; for a task that is done
    /// for one item of another fan-out, whoever completed the child for the same item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executor_of: Option<String>,
    /// A person known from the process, or nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<OwnerIs>,
}

/// Owners that need no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnerIs {
    /// The process's accountable owner.
    ProcessOwner,
    /// Whoever started the process.
    Initiator,
    /// Nobody: the task opens unassigned.
    Unassigned,
}
