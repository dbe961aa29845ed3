//! Due rules (E11).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{Calendars, FIRST_DAY, LAST_DAY, add_months, within};
use crate::{
    process_type::definition::{CalendarKind, DueAmount, DueBase, DueRule, DueUnit, Offset},
    value::FieldValue,
};

/// Where a due rule finds what it counts from.
pub trait Anchors {
    /// When the process started.
    fn process_start(&self) -> DateTime<Utc>;
    /// When the task opened (or would open).
    fn opened(&self) -> DateTime<Utc>;
    /// When the task with this key was completed, if it was.
    fn completed(&self, task: &str) -> Option<DateTime<Utc>>;
    /// The value of an attribute of the subject.
    fn attribute(&self, key: &str) -> Option<FieldValue>;
    /// The value of a form field.
    fn field(&self, key: &str) -> Option<FieldValue>;
}

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The instant: close of business of the due day, or the exact time for hours.
    pub at: DateTime<Utc>,
    /// It would have been past and became today (E11).
    pub compressed: bool,
}

/// What a rule says, whatever the time is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The instant.
    pub at: DateTime<Utc>,
    /// On whose business days.
    pub calendar: CalendarKind,
}

impl Counted {
    /// What is past becomes today (E11).
    #[must_use]
    pub fn due(self, calendars: &Calendars, now: DateTime<Utc>) -> Due {
        calendars.not_past(self.calendar, self.at, now)
    }
}

/// When a rule's task is due; none while its base and every fallback's is unknown.
#[must_use]
pub fn due(
    rule: &DueRule,
    anchors: &dyn Anchors,
    calendars: &Calendars,
    now: DateTime<Utc>,
) -> Option<Due> {
    counted(rule, anchors, calendars).map(|counted| counted.due(calendars, now))
}

/// What a rule says, be it past; none while its base and every fallback's is unknown.
#[must_use]
pub fn counted(rule: &DueRule, anchors: &dyn Anchors, calendars: &Calendars) -> Option<Counted> {
    let known = amount(&rule.amount, anchors).zip(base(&rule.from, anchors, calendars));
    let Some((amount, base)) = known else {
        return counted(rule.fallback.as_deref()?, anchors, calendars);
    };
    let calendar = rule.calendar;
    let day = base.day(calendars, calendar);
    let at = match rule.unit {
        DueUnit::BusinessDays => {
            calendars.close_of_business(calendars.add_business_days(calendar, day, amount))
        }
        DueUnit::Days => calendars.deadline(calendar, add_days(day, amount)),
        DueUnit::Months => calendars.deadline(calendar, add_months(day, amount)),
        DueUnit::Years => calendars.deadline(calendar, add_months(day, amount.saturating_mul(12))),
        DueUnit::Hours => add_hours(base.instant(calendars), amount, calendars),
    };
    Some(Counted { at, calendar })
}

/// What lies so many units after an instant (before it, if negative): at the same time on the firm's clocks, except that hours
/// are hours.
#[must_use]
pub fn offset(
    calendars: &Calendars,
    calendar: CalendarKind,
    from: DateTime<Utc>,
    offset: Offset,
) -> DateTime<Utc> {
    let (day, amount) = (calendars.day_of(from), offset.amount);
    if amount == 0 {
        return from;
    }
    let day = match offset.unit {
        DueUnit::Hours => return add_hours(from, amount, calendars),
        DueUnit::BusinessDays => calendars.add_business_days(calendar, day, amount),
        DueUnit::Days => add_days(day, amount),
        DueUnit::Months => add_months(day, amount),
        DueUnit::Years => add_months(day, amount.saturating_mul(12)),
    };
    calendars.on_day(from, day)
}

/// The business days that are left until a due date, kept while its clock is paused; negative once it is past.
#[must_use]
pub fn remaining_business_days(
    calendars: &Calendars,
    calendar: CalendarKind,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> i32 {
    calendars.business_days_between(
        calendar,
        calendars.business_day_of(calendar, now),
        calendars.business_day_of(calendar, due_at),
    )
}

/// The due date of a task whose clock runs again with so many business days left.
#[must_use]
pub fn due_after_pause(
    calendars: &Calendars,
    calendar: CalendarKind,
    remaining: i32,
    now: DateTime<Utc>,
) -> Due {
    let today = calendars.business_day_of(calendar, now);
    let day = calendars.add_business_days(calendar, today, remaining);
    calendars.not_past(calendar, calendars.close_of_business(day), now)
}

/// What is counted from: a day as such, or something that happened at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

impl Base {
    fn day(self, calendars: &Calendars, calendar: CalendarKind) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Instant(instant) => calendars.business_day_of(calendar, instant),
        }
    }

    fn instant(self, calendars: &Calendars) -> DateTime<Utc> {
        match self {
            Self::Day(day) => calendars.close_of_business(day),
            Self::Instant(instant) => instant,
        }
    }

    /// The date or the instant that a value stands for, if it does.
    fn of(value: &FieldValue) -> Option<Self> {
        let text = match value {
            FieldValue::Text(text) => text,
            FieldValue::Flag(_)
            | FieldValue::Number(_)
            | FieldValue::Money(_)
            | FieldValue::List(_) => return None,
        };
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Some(Self::Day(within(day)));
        }
        let instant = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self::Instant(instant.with_timezone(&Utc)))
    }
}

fn base(from: &DueBase, anchors: &dyn Anchors, calendars: &Calendars) -> Option<Base> {
    // The quarter or year is that in which the process started: one that runs late stays in it.
    let period = || calendars.day_of(anchors.process_start());
    match from {
        DueBase::ProcessStart => Some(Base::Instant(anchors.process_start())),
        DueBase::Opened => Some(Base::Instant(anchors.opened())),
        DueBase::Task(key) => anchors.completed(key).map(Base::Instant),
        DueBase::Attribute(key) => Base::of(&anchors.attribute(key)?),
        DueBase::Field(key) => Base::of(&anchors.field(key)?),
        DueBase::QuarterEnd => Some(Base::Day(calendars.quarter_end(period()))),
        DueBase::FiscalYearStart => Some(Base::Day(calendars.fiscal_year_start(period()))),
        DueBase::FiscalYearEnd => Some(Base::Day(calendars.fiscal_year_end(period()))),
    }
}

fn amount(amount: &DueAmount, anchors: &dyn Anchors) -> Option<i32> {
    match amount {
        DueAmount::Fixed(amount) => Some(*amount),
        DueAmount::By { attribute, map } => match anchors.attribute(attribute)? {
            FieldValue::Text(option) => map.get(&option).copied(),
            FieldValue::Flag(_)
            | FieldValue::Number(_)
            | FieldValue::Money(_)
            | FieldValue::List(_) => None,
        },
    }
}

fn add_days(day: NaiveDate, amount: i32) -> NaiveDate {
    let beyond = if amount < 0 { FIRST_DAY } else { LAST_DAY };
    day.checked_add_signed(TimeDelta::days(i64::from(amount)))
        .map_or(beyond, within)
}

fn add_hours(instant: DateTime<Utc>, amount: i32, calendars: &Calendars) -> DateTime<Utc> {
    let (first, last) = (
        calendars.close_of_business(FIRST_DAY),
        calendars.close_of_business(LAST_DAY),
    );
    let beyond = if amount < 0 { first } else { last };
    instant
        .checked_add_signed(TimeDelta::hours(i64::from(amount)))
        .map_or(beyond, |instant| instant.clamp(first, last))
}

impl Calendars {
    /// A deadline in calendar days ends with the last business day up to it.
    fn deadline(&self, calendar: CalendarKind, day: NaiveDate) -> DateTime<Utc> {
        self.close_of_business(self.open_until(calendar, day))
    }

    /// What is already past becomes today: the business day that is now under way, or the next one.
    fn not_past(&self, calendar: CalendarKind, at: DateTime<Utc>, now: DateTime<Utc>) -> Due {
        if at < now {
            let today = self.business_day_of(calendar, now);
            Due {
                at: self.close_of_business(today),
                compressed: true,
            }
        } else {
            Due {
                at,
                compressed: false,
            }
        }
    }
}

#[cfg(test)]
mod tests;
