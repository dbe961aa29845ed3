//! Conditions, and the values that they compare with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::value::FieldValue;

/// A condition (E4): either one of `all`, `any`, `not`, or one of `field`, `attribute`, `policy`, `task` with one operator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"field": "funding_source", "eq": "Rollover"}))]
pub struct ConditionDocument {
    /// Every one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub all: Option<Vec<ConditionDocument>>,
    /// At least one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub any: Option<Vec<ConditionDocument>>,
    /// It does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub not: Option<Box<ConditionDocument>>,
    /// Key of a form field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Key of an attribute of the subject (`status` is built in).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Key of a policy of the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Key of a task: its outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Equals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eq: Option<OperandDocument>,
    /// Differs (false over nothing).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ne: Option<OperandDocument>,
    /// Greater, or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gt: Option<OperandDocument>,
    /// Greater or equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gte: Option<OperandDocument>,
    /// Less, or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lt: Option<OperandDocument>,
    /// Less or equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lte: Option<OperandDocument>,
    /// One of the list.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub is_in: Option<Vec<FieldValue>>,
    /// The list holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has: Option<OperandDocument>,
    /// Whether there is a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_set: Option<bool>,
}

/// A fixed value, or another value by reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum OperandDocument {
    /// Another value.
    Ref(RefDocument),
    /// This value.
    Fixed(FieldValue),
}

/// `{ref: {policy: K}}` and friends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefDocument {
    /// Where the value stands.
    pub r#ref: RefTargetDocument,
}

/// Exactly one member is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RefTargetDocument {
    /// Key of a form field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Key of an attribute of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Key of a policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}
