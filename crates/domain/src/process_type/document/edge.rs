//! What a task comes after.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An incoming edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EdgeDocument {
    /// Key of the task that comes before.
    pub task: String,
    /// Only by this outcome of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// How several incoming edges meet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// Opens when every edge is live (E2).
    #[default]
    All,
    /// Opens at the first live edge (E3).
    Any,
}

impl Join {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    pub(super) const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }
}
