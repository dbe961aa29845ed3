//! What a subprocess or a fan-out starts, and over what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::EffectOperandDocument;

/// What a fan-out runs over: exactly one member is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OverDocument {
    /// Key of an `entity`, `user` or `choice` field with `multiple`: one child per value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Kind of entity related to the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<String>,
    /// Id of a segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
}

/// What is started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartsDocument {
    /// Key of a process type.
    pub r#type: String,
    /// For whom: `firm`, a key of `related` or of an `entity` field; the subject unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Fields handed to it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, EffectOperandDocument>,
    /// Records handed to it, by its key and ours.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub related: BTreeMap<String, String>,
    /// Its result to our outcome.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<String, String>,
}
