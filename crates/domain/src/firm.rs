//! The firm and its settings.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ids::{EntityId, FirmId, HolidayId},
    process_type::document::CalendarKind,
    value::FieldValue,
};

/// A firm with everything that its rules depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Firm {
    /// Its identity.
    pub id: FirmId,
    /// Unique short name, used to sign in.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// IANA time zone in which its days are counted.
    pub time_zone: Tz,
    /// When its business day ends; what happens later counts as the next business day.
    pub close_of_business: NaiveTime,
    /// Days of the week on which it is closed.
    pub weekend: Vec<Weekday>,
    /// First month of its fiscal year, 1 to 12.
    pub fiscal_year_start_month: u32,
    /// Who sees which entities (X17).
    pub visibility: Visibility,
    /// Whether an owner may move the due date of their task (X16).
    pub owner_may_reschedule: bool,
    /// Whether it is noted who is shown which client (X19).
    #[serde(default)]
    pub read_access_log: ReadAccessLog,
    /// What it has set of the policies of its process types, by their keys (ADR 22).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<String, FieldValue>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Rises with each change, also of its closing days.
    pub version: i64,
}

impl Firm {
    /// Whether what is planned by its clocks or business days comes at another time (E18).
    #[must_use]
    pub fn keeps_other_time_than(&self, other: &Self) -> bool {
        (
            self.time_zone,
            self.close_of_business,
            self.fiscal_year_start_month,
        ) != (
            other.time_zone,
            other.close_of_business,
            other.fiscal_year_start_month,
        ) || self.weekend != other.weekend
    }

    /// Whether it is noted that people are shown this record (X19): not of the firm's own, which everybody works with.
    #[must_use]
    pub fn logs_reading_of(&self, entity: EntityId) -> bool {
        match self.read_access_log {
            ReadAccessLog::Off => false,
            ReadAccessLog::On => entity != self.id.entity(),
        }
    }
}

/// Whether it is noted who is shown which client (X19).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadAccessLog {
    /// Each time, before the answer goes out.
    On,
    /// Never.
    #[default]
    Off,
}

/// Who sees which entities (X17).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// One sees entities that one is on a team of, or that belong to one's teams.
    #[default]
    Team,
    /// Everyone sees every entity.
    Firm,
}

/// A day on which the firm is closed besides weekends and the calendar's holidays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Its identity.
    pub id: HolidayId,
    /// The day.
    pub on: NaiveDate,
    /// Why.
    pub name: String,
    /// For which calendar; none: both.
    pub calendar: Option<CalendarKind>,
}
