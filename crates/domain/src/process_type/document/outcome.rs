//! Ways to complete a task.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A way to complete a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutcomeDocument {
    /// Unique in the task.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "approved")]
    pub key: String,
    /// What people see.
    #[schema(min_length = 1, max_length = 200, example = "Approved")]
    pub label: String,
    /// Key of this task or one upstream that is done again (E6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopens: Option<String>,
    /// How often; 10 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    pub max_rounds: Option<u32>,
    /// Keys of tasks downstream that are skipped (E4a).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub skips: Vec<String>,
    /// Key of the result with which the process ends at once (E15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// Key of the result with which it will end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sets_result: Option<String>,
    /// Whether a note must say why.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub requires_note: bool,
    /// Reason codes of which one must be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub reason_codes: Vec<String>,
}
