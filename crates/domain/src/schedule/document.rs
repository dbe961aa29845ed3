//! When a schedule runs, as people and programs write it: flat, and the same for a schedule as for the proposal of a type.

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    recurrence::Recurrence,
    timing::{Timing, When, reach_in_months},
};
use crate::{
    fault::{Fault, Faults},
    process_type::{
        definition::DueUnit,
        document::{DueDocument, DueFrom, ScheduleDocument},
        parse::parse_due,
    },
};

/// When on the day, unless told.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};
/// The days between which a schedule may start.
const FIRST_START: i32 = 2000;
const LAST_START: i32 = 2199;
/// How far a schedule may count, with room for what months differ.
const MOST_MONTHS: i32 = 140;

/// When a schedule runs: exactly one of `rule`, `at` and `on`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"rule": "FREQ=MONTHLY;BYMONTHDAY=1", "closed_days": "after", "time": "08:00"}))]
pub struct TimingDocument {
    /// RFC 5545 recurrence rule of days, such as `FREQ=MONTHLY;BYDAY=1MO`; `FREQ` is `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        min_length = 1,
        max_length = 500,
        example = "FREQ=MONTHLY;BYMONTHDAY=1"
    )]
    pub rule: Option<String>,
    /// With `rule`: what becomes of a day on which the firm is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_days: Option<ClosedDays>,
    /// Counted from a date attribute of the record, from the end of a quarter, or from the start or end of a fiscal year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DueDocument>,
    /// With `at` and a date attribute: every year, not only once (birthdays, anniversaries).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yearly: Option<bool>,
    /// Once, on this day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// When on the day, on the firm's clocks (`HH:MM`); 08:00 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "08:00")]
    pub time: Option<String>,
    /// Nothing before this day counts; the day on which the schedule is made, unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
}

/// What becomes of a day on which the firm is closed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedDays {
    /// It counts like any other.
    #[default]
    Keep,
    /// The last business day before it.
    Before,
    /// The next business day.
    After,
}

impl TimingDocument {
    /// The timing that it describes, or everything that is wrong with it, with pointers below `at`. `today` is the first day
    /// unless it names one.
    pub fn parse(&self, at: &str, today: NaiveDate) -> Result<Timing, Vec<Fault>> {
        let mut faults = Faults::default();
        let when = self.when(at, &mut faults);
        let time = self.time_of_day(at, &mut faults);
        let starts_on = self.starts_on.unwrap_or(today);
        within(starts_on, &format!("{at}/starts_on"), &mut faults);
        match when {
            Some(when) if faults.is_empty() => Ok(Timing {
                when,
                time,
                starts_on,
            }),
            Some(_) | None => Err(faults.into_vec()),
        }
    }

    /// The same with what was left out filled in, as it is kept.
    #[must_use]
    pub fn settled(mut self, today: NaiveDate) -> Self {
        self.time
            .get_or_insert_with(|| MORNING.format("%H:%M").to_string());
        self.starts_on.get_or_insert(today);
        self
    }

    fn when(&self, at: &str, faults: &mut Faults) -> Option<When> {
        let given = [self.rule.is_some(), self.at.is_some(), self.on.is_some()];
        if given.into_iter().filter(|given| *given).count() != 1 {
            let detail = "Give exactly one of `rule`, `at` and `on`.";
            faults.add(at, "exactly-one", detail);
            return None;
        }
        if self.closed_days.is_some() && self.rule.is_none() {
            let detail = "It goes with `rule`: `at` counts business days or ends on one.";
            faults.add(format!("{at}/closed_days"), "unexpected-member", detail);
        }
        if let Some(text) = &self.rule {
            self.without_yearly(at, faults);
            return match Recurrence::parse(text) {
                Ok(rule) => Some(When::Rule {
                    rule,
                    closed_days: self.closed_days.unwrap_or_default(),
                }),
                Err(bad) => {
                    faults.add(format!("{at}/rule"), bad.code, bad.detail);
                    None
                }
            };
        }
        if let Some(day) = self.on {
            self.without_yearly(at, faults);
            within(day, &format!("{at}/on"), faults);
            return Some(When::Once(day));
        }
        self.relative(at, faults)
    }

    fn relative(&self, at: &str, faults: &mut Faults) -> Option<When> {
        let document = self.at.as_ref()?;
        let place = format!("{at}/at");
        let rule = parse_due(document, &place, faults)?;
        let mut document = Some(document);
        let mut place = place;
        while let Some(part) = document {
            anchored(part, &place, self.yearly == Some(true), faults);
            document = part.fallback.as_deref();
            place.push_str("/fallback");
        }
        if reach_in_months(&rule) > MOST_MONTHS {
            let detail = "A schedule counts no further than ten years.";
            faults.add(format!("{at}/at"), "out-of-range", detail);
        }
        Some(When::Counted {
            rule,
            yearly: self.yearly == Some(true),
        })
    }

    fn without_yearly(&self, at: &str, faults: &mut Faults) {
        if self.yearly.is_some() {
            let detail = "It goes with `at` and a date attribute; a rule says itself how often.";
            faults.add(format!("{at}/yearly"), "unexpected-member", detail);
        }
    }

    fn time_of_day(&self, at: &str, faults: &mut Faults) -> NaiveTime {
        let Some(text) = &self.time else {
            return MORNING;
        };
        NaiveTime::parse_from_str(text, "%H:%M").unwrap_or_else(|_| {
            let detail = "A time of day is `HH:MM`, such as `08:00`.";
            faults.add(format!("{at}/time"), "bad-format", detail);
            MORNING
        })
    }
}

/// What a schedule counts from is known without a process.
fn anchored(document: &DueDocument, at: &str, yearly: bool, faults: &mut Faults) {
    match document.from {
        DueFrom::Attribute => {}
        DueFrom::QuarterEnd | DueFrom::FiscalYearStart | DueFrom::FiscalYearEnd => {
            if yearly {
                let detail = "Quarters and fiscal years return by themselves: leave out `yearly`.";
                faults.add(format!("{at}/from"), "not-yearly", detail);
            }
        }
        DueFrom::ProcessStart | DueFrom::Opened | DueFrom::Task | DueFrom::Field => {
            let detail = "A schedule counts from `attribute`, `quarter_end`, `fiscal_year_start` or `fiscal_year_end`.";
            faults.add(format!("{at}/from"), "no-process-yet", detail);
        }
    }
    if document.unit == DueUnit::Hours {
        let detail =
            "A schedule counts days, business days, months or years; `time` says when on the day.";
        faults.add(format!("{at}/unit"), "time-of-day", detail);
    }
}

fn within(day: NaiveDate, at: &str, faults: &mut Faults) {
    if !(FIRST_START..=LAST_START).contains(&day.year()) {
        let detail = format!("Name a day of the years {FIRST_START} to {LAST_START}.");
        faults.add(at, "out-of-range", detail);
    }
}

impl ScheduleDocument {
    /// The timing that a type proposes; its short form for a date attribute is written out.
    #[must_use]
    pub fn timing(&self) -> TimingDocument {
        let short = self.attribute.as_ref().map(|key| DueDocument {
            amount: Some(self.offset_days.unwrap_or_default()),
            amount_by: None,
            unit: DueUnit::Days,
            from: DueFrom::Attribute,
            key: Some(key.clone()),
            calendar: None,
            fallback: None,
        });
        TimingDocument {
            rule: self.rule.clone(),
            closed_days: self.closed_days,
            at: self.at.clone().or(short),
            yearly: self.yearly,
            ..TimingDocument::default()
        }
    }
}
