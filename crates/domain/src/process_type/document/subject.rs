//! The records that a process is run for, and those that it names or makes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a process is run for (E16).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectDocument {
    /// Kinds of entity; `client` stands for household, person, organization and trust.
    #[schema(min_items = 1, max_items = 20)]
    pub kinds: Vec<String>,
    /// Only entities in one of these statuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub statuses: Vec<String>,
    /// Whether one run may serve several entities.
    #[serde(default)]
    pub many: bool,
}

/// A further record of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelatedDocument {
    /// Its name inside the type.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "account")]
    pub key: String,
    /// Its entity kind.
    #[schema(example = "account")]
    pub kind: String,
}
