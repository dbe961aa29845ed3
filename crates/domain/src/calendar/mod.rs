//! Business days: whose holidays count, and when a day ends (E11).

pub mod due;
pub mod holidays;

use std::collections::BTreeSet;

use chrono::{
    DateTime, Datelike as _, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _,
    Utc, Weekday,
};
use chrono_tz::Tz;

use crate::{
    firm::{Firm, Holiday},
    process_type::document::CalendarKind,
};

/// A firm's business days on both calendars, in its time zone.
///
/// Every method is total. Days are kept between the years 1 and 9998, so that an instant of any of them has four digits of
/// year in every time zone; what lies beyond counts as the first or the last of them.
#[derive(Debug, Clone)]
pub struct Calendars {
    time_zone: Tz,
    close_of_business: NaiveTime,
    weekend: Vec<Weekday>,
    fiscal_year_start_month: u32,
    market_closings: BTreeSet<NaiveDate>,
    bank_closings: BTreeSet<NaiveDate>,
}

impl Calendars {
    /// The calendars of a firm: weekends, the shipped US holidays, and its own closing days.
    #[must_use]
    pub fn new(firm: &Firm, closings: &[Holiday]) -> Self {
        let closings_of = |calendar| {
            closings
                .iter()
                .filter(|closing| closing.calendar.is_none_or(|only| only == calendar))
                .map(|closing| closing.on)
                .collect()
        };
        let every_day: BTreeSet<u32> = firm
            .weekend
            .iter()
            .map(Weekday::num_days_from_monday)
            .collect();
        Self {
            time_zone: firm.time_zone,
            close_of_business: firm.close_of_business,
            // A firm without any working day would have no due dates at all.
            weekend: if every_day.len() == 7 {
                Vec::new()
            } else {
                firm.weekend.clone()
            },
            fiscal_year_start_month: firm.fiscal_year_start_month.clamp(1, 12),
            market_closings: closings_of(CalendarKind::Market),
            bank_closings: closings_of(CalendarKind::Bank),
        }
    }

    /// The firm's time zone.
    #[must_use]
    pub const fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// Whether a day is a business day.
    #[must_use]
    pub fn is_open(&self, calendar: CalendarKind, day: NaiveDate) -> bool {
        let closings = match calendar {
            CalendarKind::Market => &self.market_closings,
            CalendarKind::Bank => &self.bank_closings,
        };
        !self.weekend.contains(&day.weekday())
            && !closings.contains(&day)
            && !holidays::is_holiday(calendar, day)
    }

    /// The day itself if it is open, else the next open one.
    #[must_use]
    pub fn open_from(&self, calendar: CalendarKind, day: NaiveDate) -> NaiveDate {
        self.walk(calendar, within(day), NaiveDate::succ_opt)
    }

    /// The day itself if it is open, else the last open one before.
    #[must_use]
    pub fn open_until(&self, calendar: CalendarKind, day: NaiveDate) -> NaiveDate {
        self.walk(calendar, within(day), NaiveDate::pred_opt)
    }

    /// The nth open day after a day (before it, if negative), which is not counted; for 0 the day or the next open one.
    #[must_use]
    pub fn add_business_days(
        &self,
        calendar: CalendarKind,
        day: NaiveDate,
        amount: i32,
    ) -> NaiveDate {
        let step = if amount < 0 {
            NaiveDate::pred_opt
        } else {
            NaiveDate::succ_opt
        };
        let mut day = within(day);
        if amount == 0 {
            return self.open_from(calendar, day);
        }
        for _ in 0..amount.unsigned_abs() {
            match step(&day).filter(|next| is_within(*next)) {
                Some(next) => day = self.walk(calendar, next, step),
                None => break,
            }
        }
        day
    }

    /// How many business days after `from` the day `to` is, negative if it lies before.
    ///
    /// For an open `to`, adding that many to `from` gives `to` again.
    #[must_use]
    pub fn business_days_between(
        &self,
        calendar: CalendarKind,
        from: NaiveDate,
        to: NaiveDate,
    ) -> i32 {
        let (from, to) = (within(from), within(to));
        let count = |after: NaiveDate, until: NaiveDate| {
            let open = after
                .iter_days()
                .take_while(|day| *day < until)
                .filter(|day| self.is_open(calendar, *day))
                .count();
            i32::try_from(open).unwrap_or(i32::MAX)
        };
        match (from.succ_opt(), to.succ_opt()) {
            (Some(after), Some(until)) if from < to => count(after, until),
            _ => -count(to, from),
        }
    }

    /// The day on which an instant falls in the firm's time zone.
    #[must_use]
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        let end = at_midnight(LAST_DAY) + TimeDelta::days(1);
        let instant = instant.clamp(at_midnight(FIRST_DAY), end);
        within(instant.with_timezone(&self.time_zone).date_naive())
    }

    /// The business day to which an instant counts: what happens on a closed day or after close of business counts to the
    /// next one.
    #[must_use]
    pub fn business_day_of(&self, calendar: CalendarKind, instant: DateTime<Utc>) -> NaiveDate {
        let day = self.day_of(instant);
        let day = if instant > self.close_of_business(day) {
            day.succ_opt().unwrap_or(day)
        } else {
            day
        };
        self.open_from(calendar, day)
    }

    /// The instant at which business closes on a day: the same time on the firm's clocks, whatever daylight saving does.
    #[must_use]
    pub fn close_of_business(&self, day: NaiveDate) -> DateTime<Utc> {
        self.instant_of(within(day).and_time(self.close_of_business))
    }

    /// The same time on the firm's clocks on another day.
    #[must_use]
    pub fn on_day(&self, instant: DateTime<Utc>, day: NaiveDate) -> DateTime<Utc> {
        let end = at_midnight(LAST_DAY) + TimeDelta::days(1);
        let instant = instant.clamp(at_midnight(FIRST_DAY), end);
        let time = instant.with_timezone(&self.time_zone).time();
        self.instant_of(within(day).and_time(time))
    }

    /// The instant of a time of day on the firm's clocks.
    #[must_use]
    pub fn instant_on(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        self.instant_of(within(day).and_time(time))
    }

    fn instant_of(&self, wall: NaiveDateTime) -> DateTime<Utc> {
        let instant = self
            .time_zone
            .from_local_datetime(&wall)
            .earliest()
            // The clocks skip this time today: it is as long after yesterday's as on any other day.
            .or_else(|| {
                let yesterday = wall - TimeDelta::days(1);
                let instant = self.time_zone.from_local_datetime(&yesterday).earliest()?;
                Some(instant + TimeDelta::days(1))
            });
        instant.map_or_else(|| wall.and_utc(), |instant| instant.with_timezone(&Utc))
    }

    /// The first day of the fiscal year that a day belongs to.
    #[must_use]
    pub fn fiscal_year_start(&self, day: NaiveDate) -> NaiveDate {
        let first_of_month = within(day).with_day(1).unwrap_or(day);
        add_months(
            first_of_month,
            -i32::try_from(self.months_into_fiscal_year(day)).unwrap_or(0),
        )
    }

    /// The last day of the fiscal year that a day belongs to.
    #[must_use]
    pub fn fiscal_year_end(&self, day: NaiveDate) -> NaiveDate {
        let next = add_months(self.fiscal_year_start(day), 12);
        next.pred_opt().unwrap_or(next)
    }

    /// The last day of the quarter of the fiscal year that a day belongs to.
    #[must_use]
    pub fn quarter_end(&self, day: NaiveDate) -> NaiveDate {
        let quarters = i32::try_from(self.months_into_fiscal_year(day) / 3).unwrap_or(0) + 1;
        let next = add_months(self.fiscal_year_start(day), quarters * 3);
        next.pred_opt().unwrap_or(next)
    }

    fn months_into_fiscal_year(&self, day: NaiveDate) -> u32 {
        (within(day).month() + 12 - self.fiscal_year_start_month) % 12
    }

    fn walk(
        &self,
        calendar: CalendarKind,
        mut day: NaiveDate,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
    ) -> NaiveDate {
        while !self.is_open(calendar, day) {
            match step(&day).filter(|next| is_within(*next)) {
                Some(next) => day = next,
                None => break,
            }
        }
        day
    }
}

/// So many months later (earlier, if negative), clamped to the last day of the month.
pub(crate) fn add_months(day: NaiveDate, amount: i32) -> NaiveDate {
    let months = Months::new(amount.unsigned_abs());
    if amount < 0 {
        day.checked_sub_months(months).map_or(FIRST_DAY, within)
    } else {
        day.checked_add_months(months).map_or(LAST_DAY, within)
    }
}

const FIRST_DAY: NaiveDate = ordinal_day(1, 1);
const LAST_DAY: NaiveDate = ordinal_day(9998, 365);

const fn ordinal_day(year: i32, ordinal: u32) -> NaiveDate {
    match NaiveDate::from_yo_opt(year, ordinal) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

fn is_within(day: NaiveDate) -> bool {
    (FIRST_DAY..=LAST_DAY).contains(&day)
}

fn within(day: NaiveDate) -> NaiveDate {
    day.clamp(FIRST_DAY, LAST_DAY)
}

fn at_midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

#[cfg(test)]
pub(crate) mod tests;
