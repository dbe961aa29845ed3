//! When a schedule runs: in the firm's time zone, whatever daylight saving does (E18).

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{document::ClosedDays, recurrence::Recurrence};
use crate::{
    calendar::{
        Calendars, add_months,
        due::{Anchors, counted},
    },
    entity::Entity,
    fault::Fault,
    process::facts::attribute_value,
    process_type::definition::{CalendarKind, DueAmount, DueBase, DueRule, DueUnit},
    value::FieldValue,
};

/// How many turns of a quarter or a year are looked at for one date.
const MOST_TURNS: u32 = 240;

/// When a schedule runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// On which days.
    pub when: When,
    /// When on the day, on the firm's clocks.
    pub time: NaiveTime,
    /// Nothing before this day counts.
    pub starts_on: NaiveDate,
}

/// On which days a schedule runs.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// By a recurrence rule.
    Rule {
        /// The rule.
        rule: Recurrence,
        /// What becomes of closed days.
        closed_days: ClosedDays,
    },
    /// Counted from something that has a date.
    Counted {
        /// How.
        rule: DueRule,
        /// Whether the date of an attribute counts every year.
        yearly: bool,
    },
    /// Once.
    Once(NaiveDate),
}

impl Timing {
    /// Whether each record has its own days, so that the schedule has to look at them every day.
    #[must_use]
    pub fn depends_on_record(&self) -> bool {
        match &self.when {
            When::Rule { .. } | When::Once(_) => false,
            When::Counted { rule, .. } => rule.chain().any(reads_record),
        }
    }

    /// The attributes of the record that it reads, each with whether that has to be a date (else a choice).
    #[must_use]
    pub fn attributes(&self) -> BTreeSet<(&str, bool)> {
        let When::Counted { rule, .. } = &self.when else {
            return BTreeSet::new();
        };
        let mut named = BTreeSet::new();
        for rule in rule.chain() {
            if let DueBase::Attribute(key) = &rule.from {
                named.insert((key.as_str(), true));
            }
            if let DueAmount::By { attribute, .. } = &rule.amount {
                named.insert((attribute.as_str(), false));
            }
        }
        named
    }

    /// When the schedule has something to do next, after this moment: its next run or, where each record has its own days, its
    /// next look at them. None when it is over.
    #[must_use]
    pub fn next(&self, calendars: &Calendars, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.depends_on_record() {
            let today = calendars.day_of(after).max(self.starts_on);
            return [today, today.succ_opt()?]
                .into_iter()
                .map(|day| calendars.instant_on(day, self.time))
                .find(|look| *look > after);
        }
        self.runs(calendars, None, after).next()
    }

    /// The runs after a moment, in their order; for a record, if each has its own. Endless for many a schedule.
    pub fn runs<'t>(
        &'t self,
        calendars: &'t Calendars,
        record: Option<&'t Entity>,
        after: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> + 't {
        self.days(calendars, record, calendars.day_of(after))
            .map(|day| (day, calendars.instant_on(day, self.time)))
            .skip_while(move |(_, at)| *at <= after)
            .take_while(|(day, at)| !self.is_over(*day, *at))
            .map(|(_, at)| at)
    }

    /// The last day up to today that is a record's, after the one for which it has had its run.
    #[must_use]
    pub fn due_day(
        &self,
        calendars: &Calendars,
        record: &Entity,
        today: NaiveDate,
        last: Option<NaiveDate>,
    ) -> Option<NaiveDate> {
        self.days(calendars, Some(record), self.starts_on)
            .take_while(|day| *day <= today)
            .filter(|day| last.is_none_or(|last| *day > last))
            .last()
    }

    /// What is wrong with a timing after whose start nothing comes.
    #[must_use]
    pub fn no_next_date(&self) -> Fault {
        let (pointer, detail) = match &self.when {
            When::Rule { .. } => (
                "/timing/rule",
                "No day that is still to come fits this rule: mend it, or leave out its end.",
            ),
            When::Counted { .. } => (
                "/timing/at",
                "Nothing that it counts from gives a day that is still to come: set the attribute first, say `yearly`, or let `starts_on` reach back.",
            ),
            When::Once(_) => ("/timing/on", "That time has passed: name one to come."),
        };
        Fault::new(pointer, "no-next-date", detail)
    }

    fn is_over(&self, day: NaiveDate, at: DateTime<Utc>) -> bool {
        match &self.when {
            When::Rule { rule, .. } => rule.is_over(day, at),
            When::Counted { .. } | When::Once(_) => false,
        }
    }

    /// The days from its start on, in order, without most of those before `from`.
    fn days<'t>(
        &'t self,
        calendars: &'t Calendars,
        record: Option<&'t Entity>,
        from: NaiveDate,
    ) -> Box<dyn Iterator<Item = NaiveDate> + 't> {
        match &self.when {
            When::Once(day) => Box::new(std::iter::once(*day).filter(|day| *day >= self.starts_on)),
            When::Rule { rule, closed_days } => {
                let rolled = rule
                    .days(self.starts_on)
                    .map(move |day| roll(calendars, *closed_days, day));
                Box::new(rising(rolled))
            }
            When::Counted { rule, yearly } => {
                let turns = Turns::of(rule, *yearly);
                let first = from.max(self.starts_on);
                let days = turns.days(calendars, rule, record, first);
                Box::new(rising(days).filter(|day| *day >= self.starts_on))
            }
        }
    }
}

/// Leaves out what does not come after what came before: several closed days become one business day.
fn rising(days: impl Iterator<Item = NaiveDate>) -> impl Iterator<Item = NaiveDate> {
    let mut last = None;
    days.filter(move |day| {
        let rises = last.is_none_or(|last| *day > last);
        if rises {
            last = Some(*day);
        }
        rises
    })
}

fn roll(calendars: &Calendars, closed_days: ClosedDays, day: NaiveDate) -> NaiveDate {
    let calendar = CalendarKind::Market;
    match closed_days {
        ClosedDays::Keep => day,
        ClosedDays::Before => calendars.open_until(calendar, day),
        ClosedDays::After => calendars.open_from(calendar, day),
    }
}

fn reads_record(rule: &DueRule) -> bool {
    let by_attribute = match &rule.amount {
        DueAmount::By { .. } => true,
        DueAmount::Fixed(_) => false,
    };
    by_attribute || matches!(&rule.from, DueBase::Attribute(_))
}

/// How what is counted from returns.
#[derive(Debug, Clone, Copy)]
enum Turns {
    /// Not at all.
    Single,
    /// So many months later.
    Months { period: i32, years: bool },
}

impl Turns {
    fn of(rule: &DueRule, yearly: bool) -> Self {
        let quarters = rule.chain().any(|rule| rule.from == DueBase::QuarterEnd);
        let fiscal = rule
            .chain()
            .any(|rule| matches!(rule.from, DueBase::FiscalYearStart | DueBase::FiscalYearEnd));
        if quarters {
            Self::Months {
                period: 3,
                years: false,
            }
        } else if fiscal || yearly {
            Self::Months {
                period: 12,
                years: yearly,
            }
        } else {
            Self::Single
        }
    }

    /// The days that the rule names in one turn after the other, from the turn on that can reach `first`.
    fn days<'t>(
        self,
        calendars: &'t Calendars,
        rule: &'t DueRule,
        record: Option<&'t Entity>,
        first: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> + 't {
        let (step, turns) = match self {
            Self::Single => (0, 1),
            Self::Months { period, .. } => (period, MOST_TURNS),
        };
        // As far back as the rule may count from.
        let begin = add_months(first, -reach_in_months(rule) - 24);
        (0..turns).filter_map(move |turn| {
            let months = i32::try_from(turn).unwrap_or(i32::MAX).saturating_mul(step);
            let day = add_months(begin, months);
            let anchors = Turn {
                calendars,
                record,
                day,
                in_year: match self {
                    Self::Months { years: true, .. } => Some(day.year()),
                    Self::Months { years: false, .. } | Self::Single => None,
                },
            };
            let counted = counted(rule, &anchors, calendars)?;
            Some(calendars.day_of(counted.at))
        })
    }
}

/// More months than the rule may count.
pub(super) fn reach_in_months(rule: &DueRule) -> i32 {
    let reach = |rule: &DueRule| {
        let most = match &rule.amount {
            DueAmount::Fixed(amount) => amount.saturating_abs(),
            DueAmount::By { map, .. } => map
                .values()
                .map(|amount| amount.saturating_abs())
                .max()
                .unwrap_or_default(),
        };
        match rule.unit {
            DueUnit::BusinessDays => most / 14,
            DueUnit::Days => most / 28,
            DueUnit::Hours => 0,
            DueUnit::Months => most,
            DueUnit::Years => most.saturating_mul(12),
        }
    };
    rule.chain().map(reach).max().unwrap_or_default()
}

/// What can be counted from in one turn.
struct Turn<'t> {
    calendars: &'t Calendars,
    record: Option<&'t Entity>,
    /// A day of the quarter or fiscal year.
    day: NaiveDate,
    /// The year in which the date of an attribute returns.
    in_year: Option<i32>,
}

impl Anchors for Turn<'_> {
    fn process_start(&self) -> DateTime<Utc> {
        self.calendars.close_of_business(self.day)
    }

    fn opened(&self) -> DateTime<Utc> {
        self.process_start()
    }

    fn completed(&self, _: &str) -> Option<DateTime<Utc>> {
        None
    }

    fn attribute(&self, key: &str) -> Option<FieldValue> {
        let value = attribute_value(self.record?, key)?;
        let (Some(year), FieldValue::Text(text)) = (self.in_year, &value) else {
            return Some(value);
        };
        let Ok(day) = text.parse::<NaiveDate>() else {
            return Some(value);
        };
        // Not before it has happened.
        let years = year - day.year();
        (years >= 0).then(|| {
            let returned = add_months(day, years.saturating_mul(12));
            FieldValue::Text(returned.to_string())
        })
    }

    fn field(&self, _: &str) -> Option<FieldValue> {
        None
    }
}

/// A run that comes later than this after its time is late, and says so.
const PUNCTUAL: TimeDelta = TimeDelta::minutes(5);

/// How late a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lateness {
    /// Whether it is late.
    pub late: bool,
    /// How many further runs have fallen due meanwhile, for which this one stands, too.
    pub missed: u32,
}

impl Timing {
    /// How late a run is that was planned for a moment and takes place now.
    #[must_use]
    pub fn lateness(
        &self,
        calendars: &Calendars,
        planned: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Lateness {
        let missed = if self.depends_on_record() {
            0
        } else {
            let later = self.runs(calendars, None, planned);
            later.take_while(|at| *at <= now).count()
        };
        Lateness {
            late: now - planned > PUNCTUAL,
            missed: u32::try_from(missed).unwrap_or(u32::MAX),
        }
    }
}
