//! When something is due.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When a task is due (E11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": 2, "unit": "business_days", "from": "opened"}))]
pub struct DueDocument {
    /// How many units after the base; negative is before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -3650, maximum = 3650)]
    pub amount: Option<i32>,
    /// The amount by the value of an attribute (client tiers).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_by: Option<AmountByDocument>,
    /// What is counted.
    pub unit: DueUnit,
    /// What it is counted from.
    pub from: DueFrom,
    /// Key of the task, attribute or field that it is counted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Which calendar's business days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarKind>,
    /// What applies while the base is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub fallback: Option<Box<DueDocument>>,
}

/// An amount chosen by an attribute's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountByDocument {
    /// Key of a choice attribute of the subject.
    pub attribute: String,
    /// Amount by option.
    pub map: BTreeMap<String, i32>,
}

/// Units of a due rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum DueUnit {
    BusinessDays,
    Days,
    Hours,
    Months,
    Years,
}

/// Bases of a due rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum DueFrom {
    ProcessStart,
    Opened,
    Task,
    Attribute,
    Field,
    QuarterEnd,
    FiscalYearStart,
    FiscalYearEnd,
}

/// Whose holidays count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarKind {
    /// The exchanges'.
    #[default]
    Market,
    /// The Federal Reserve banks'.
    Bank,
}
