//! What sets a process off.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What sets a process off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TriggerDocument {
    /// The kind of trigger.
    pub kind: TriggerKind,
    /// In people's words.
    #[schema(max_length = 2000)]
    pub description: String,
}

/// Kinds of trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerKind {
    /// Something happened.
    Reactionary,
    /// The firm takes the lead.
    Proactive,
    /// At set times.
    Periodic,
    /// When it is needed.
    AsNeeded,
}
