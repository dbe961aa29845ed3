//! Fields of forms.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ConditionDocument;
use crate::value::{FieldType, FieldValue};

/// A form field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldDocument {
    /// Unique in the type.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "account_purpose")]
    pub key: String,
    /// What people see.
    #[schema(min_length = 1, max_length = 200, example = "Account purpose")]
    pub label: String,
    /// Type of its value.
    pub r#type: FieldType,
    /// Whether completing needs it (while it is visible).
    #[serde(default)]
    pub required: bool,
    /// What may be chosen (`choice`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub options: Vec<String>,
    /// Whether several values are taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub multiple: bool,
    /// Kind of entity that is named (`entity`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_kind: Option<String>,
    /// Shown, and required, only where this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_when: Option<ConditionDocument>,
    /// Limits on the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validate: Option<ValidateDocument>,
    /// Key of the attribute that it shows, and updates at completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Whose attribute: `firm`, a key of `related`, or of an `entity` or `user` field; the subject unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// Limits on a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValidateDocument {
    /// Smallest number, money amount or date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<FieldValue>,
    /// Largest number, money amount or date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<FieldValue>,
    /// Least length of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// Greatest length of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
}
