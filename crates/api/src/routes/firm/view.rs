use std::collections::BTreeMap;

use chrono::{DateTime, Utc, Weekday};
use domain::{
    firm::{Firm, ReadAccessLog, Visibility},
    value::FieldValue,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The firm with everything that its rules depend on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FirmView {
    id: Uuid,
    /// Used to sign in; never changes.
    #[schema(example = "northwind")]
    slug: String,
    #[schema(example = "Northwind Wealth")]
    name: String,
    /// IANA name of the zone in which its days are counted.
    #[schema(example = "America/New_York")]
    time_zone: String,
    /// When its business day ends, in its time zone.
    #[schema(example = "17:00:00")]
    close_of_business: String,
    /// Days of the week on which it is closed.
    #[schema(example = json!(["saturday", "sunday"]))]
    weekend: Vec<DayOfWeek>,
    /// First month of its fiscal year.
    #[schema(minimum = 1, maximum = 12, example = 1)]
    fiscal_year_start_month: u32,
    /// Who sees which entities.
    visibility: Visibility,
    /// Whether the owner of a task may move its due date.
    owner_may_reschedule: bool,
    /// Whether it is noted who is shown which client.
    read_access_log: ReadAccessLog,
    /// What it has set of the policies of its process types, by their keys; every other has its default.
    #[schema(example = json!({"large_payout_amount": {"amount": "25000", "currency": "USD"}}))]
    policies: BTreeMap<String, FieldValue>,
    created_at: DateTime<Utc>,
    /// Rises with each change of the settings or the closing days.
    version: i64,
}

impl FirmView {
    pub(super) fn new(firm: &Firm) -> Self {
        Self {
            id: firm.id.0,
            slug: firm.slug.clone(),
            name: firm.name.clone(),
            time_zone: firm.time_zone.name().to_owned(),
            close_of_business: firm.close_of_business.format("%H:%M:%S").to_string(),
            weekend: firm.weekend.iter().copied().map(DayOfWeek::from).collect(),
            fiscal_year_start_month: firm.fiscal_year_start_month,
            visibility: firm.visibility,
            owner_may_reschedule: firm.owner_may_reschedule,
            read_access_log: firm.read_access_log,
            policies: firm.policies.clone(),
            created_at: firm.created_at,
            version: firm.version,
        }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DayOfWeek {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl From<Weekday> for DayOfWeek {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }
}

impl From<DayOfWeek> for Weekday {
    fn from(day: DayOfWeek) -> Self {
        match day {
            DayOfWeek::Monday => Self::Mon,
            DayOfWeek::Tuesday => Self::Tue,
            DayOfWeek::Wednesday => Self::Wed,
            DayOfWeek::Thursday => Self::Thu,
            DayOfWeek::Friday => Self::Fri,
            DayOfWeek::Saturday => Self::Sat,
            DayOfWeek::Sunday => Self::Sun,
        }
    }
}
