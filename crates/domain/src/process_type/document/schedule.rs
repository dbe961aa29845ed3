//! When a process type starts by itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DueDocument;
use crate::schedule::ClosedDays;

/// When a type starts by itself (E18).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleDocument {
    /// RFC 5545 recurrence rule of days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub rule: Option<String>,
    /// With `rule`: what becomes of a day on which the firm is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_days: Option<ClosedDays>,
    /// Key of a date attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Days from that date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_days: Option<i32>,
    /// Counted from a date attribute, the end of a quarter, or the start or end of a fiscal year, perhaps by client tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DueDocument>,
    /// With a date attribute: every year, not only once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yearly: Option<bool>,
    /// Skip a run while one is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless_open: Option<bool>,
}
