//! Days on which US markets (NYSE) and the Federal Reserve Banks are closed, as rules.

use chrono::{Datelike as _, NaiveDate, TimeDelta, Weekday};

use crate::process_type::document::CalendarKind;

/// When a holiday falls.
enum When {
    /// The same date each year.
    Date { month: u32, day: u32 },
    /// The nth weekday of a month.
    Nth {
        month: u32,
        weekday: Weekday,
        nth: u8,
    },
    /// The last weekday of a month.
    Last { month: u32, weekday: Weekday },
    /// The Friday before Easter Sunday.
    GoodFriday,
}

/// What a calendar makes of a holiday. One that falls on a Sunday always moves to Monday.
#[derive(Clone, Copy)]
enum Closes {
    /// Open as on any other day.
    No,
    /// Closed; on the Friday before if it falls on a Saturday.
    FridayForSaturday,
    /// Closed; one that falls on a Saturday closes no other day.
    SaturdayStays,
}

struct Rule {
    name: &'static str,
    since: i32,
    when: When,
    market: Closes,
    bank: Closes,
}

use Closes::{FridayForSaturday, No, SaturdayStays};
use When::{Date, GoodFriday, Last, Nth};

#[rustfmt::skip]
const RULES: [Rule; 12] = [
    // NYSE does not close on the last day of a year for a New Year's Day on a Saturday.
    Rule { name: "New Year's Day", since: 0, when: Date { month: 1, day: 1 }, market: SaturdayStays, bank: SaturdayStays },
    Rule { name: "Martin Luther King, Jr. Day", since: 1998, when: Nth { month: 1, weekday: Weekday::Mon, nth: 3 }, market: FridayForSaturday, bank: SaturdayStays },
    Rule { name: "Washington's Birthday", since: 0, when: Nth { month: 2, weekday: Weekday::Mon, nth: 3 }, market: FridayForSaturday, bank: SaturdayStays },
    Rule { name: "Good Friday", since: 0, when: GoodFriday, market: FridayForSaturday, bank: No },
    Rule { name: "Memorial Day", since: 0, when: Last { month: 5, weekday: Weekday::Mon }, market: FridayForSaturday, bank: SaturdayStays },
    Rule { name: "Juneteenth National Independence Day", since: 2022, when: Date { month: 6, day: 19 }, market: FridayForSaturday, bank: SaturdayStays },
    Rule { name: "Independence Day", since: 0, when: Date { month: 7, day: 4 }, market: FridayForSaturday, bank: SaturdayStays },
    Rule { name: "Labor Day", since: 0, when: Nth { month: 9, weekday: Weekday::Mon, nth: 1 }, market: FridayForSaturday, bank: SaturdayStays },
    Rule { name: "Columbus Day", since: 0, when: Nth { month: 10, weekday: Weekday::Mon, nth: 2 }, market: No, bank: SaturdayStays },
    Rule { name: "Veterans Day", since: 0, when: Date { month: 11, day: 11 }, market: No, bank: SaturdayStays },
    Rule { name: "Thanksgiving Day", since: 0, when: Nth { month: 11, weekday: Weekday::Thu, nth: 4 }, market: FridayForSaturday, bank: SaturdayStays },
    Rule { name: "Christmas Day", since: 0, when: Date { month: 12, day: 25 }, market: FridayForSaturday, bank: SaturdayStays },
];

/// The holidays of a calendar in a year as they are observed, in order, with their names.
pub fn holidays(
    calendar: CalendarKind,
    year: i32,
) -> impl Iterator<Item = (NaiveDate, &'static str)> {
    RULES
        .iter()
        .filter_map(move |rule| Some((rule.observed(calendar, year)?, rule.name)))
}

/// Whether a calendar's holiday is observed on a day.
pub(super) fn is_holiday(calendar: CalendarKind, day: NaiveDate) -> bool {
    // No holiday is observed in another month than its own, so most rules need no computing.
    RULES
        .iter()
        .filter(|rule| rule.when.may_be_in(day.month()))
        .any(|rule| rule.observed(calendar, day.year()) == Some(day))
}

impl Rule {
    fn observed(&self, calendar: CalendarKind, year: i32) -> Option<NaiveDate> {
        let closes = match calendar {
            CalendarKind::Market => self.market,
            CalendarKind::Bank => self.bank,
        };
        let day = self.when.in_year(year).filter(|_| year >= self.since)?;
        match (closes, day.weekday()) {
            (Closes::No, _) => None,
            (_, Weekday::Sun) => day.succ_opt(),
            (Closes::FridayForSaturday, Weekday::Sat) => day.pred_opt(),
            (Closes::FridayForSaturday | Closes::SaturdayStays, _) => Some(day),
        }
    }
}

impl When {
    fn in_year(&self, year: i32) -> Option<NaiveDate> {
        match *self {
            Self::Date { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            Self::Nth {
                month,
                weekday,
                nth,
            } => NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth),
            Self::Last { month, weekday } => [5, 4]
                .into_iter()
                .find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)),
            Self::GoodFriday => good_friday(year),
        }
    }

    const fn may_be_in(&self, wanted: u32) -> bool {
        match self {
            Self::Date { month, .. } | Self::Nth { month, .. } | Self::Last { month, .. } => {
                *month == wanted
            }
            Self::GoodFriday => wanted == 3 || wanted == 4,
        }
    }
}

/// By the anonymous Gregorian computus: Easter Sunday is so many days after 22 March, Good Friday two days earlier.
fn good_friday(year: i32) -> Option<NaiveDate> {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let moon_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon_correction + 15) % 30;
    let to_sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let exception = (golden + 11 * epact + 22 * to_sunday) / 451;
    let after = epact + to_sunday - 7 * exception;
    NaiveDate::from_ymd_opt(year, 3, 20)?.checked_add_signed(TimeDelta::days(i64::from(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weekdays(calendar: CalendarKind, year: i32) -> Vec<String> {
        holidays(calendar, year)
            .map(|(day, _)| day)
            .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .map(|day| day.format("%m-%d").to_string())
            .collect()
    }

    /// E11
    #[test]
    fn market_holidays_are_those_that_the_exchange_published() {
        let published = [
            (
                2025,
                "01-01 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
            ),
            (
                2026,
                "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
            ),
            (
                2027,
                "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
            ),
            (
                2028,
                "01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25",
            ),
        ];
        for (year, days) in published {
            assert_eq!(
                weekdays(CalendarKind::Market, year).join(" "),
                days,
                "{year}"
            );
        }
    }

    /// E11
    #[test]
    fn bank_holidays_know_no_good_friday_and_move_no_saturday() {
        let published = [
            (
                2026,
                "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25",
            ),
            (
                2027,
                "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25",
            ),
            (
                2028,
                "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-23 12-25",
            ),
        ];
        for (year, days) in published {
            assert_eq!(weekdays(CalendarKind::Bank, year).join(" "), days, "{year}");
        }
    }

    #[test]
    fn good_friday_is_right_at_the_edges_of_its_range() {
        // Easter on 22 March 1818 and 2285 (earliest), 25 April 1943 and 2038 (latest), and the exception of 1954 and 2049.
        for (year, month, day) in [
            (1818, 3, 20),
            (1943, 4, 23),
            (1954, 4, 16),
            (2024, 3, 29),
            (2038, 4, 23),
            (2049, 4, 16),
            (2285, 3, 20),
        ] {
            assert_eq!(good_friday(year), NaiveDate::from_ymd_opt(year, month, day));
        }
    }

    #[test]
    fn juneteenth_is_none_before_it_was_made_a_holiday() {
        assert!(holidays(CalendarKind::Market, 2021).all(|(day, _)| day.month() != 6));
        assert!(holidays(CalendarKind::Market, 2022).any(|(day, _)| day.month() == 6));
    }

    #[test]
    fn asking_for_a_day_and_listing_a_year_agree() {
        for calendar in [CalendarKind::Market, CalendarKind::Bank] {
            for year in 1990..2100 {
                let listed: Vec<NaiveDate> = holidays(calendar, year).map(|(day, _)| day).collect();
                assert!(listed.is_sorted());
                let asked: Vec<NaiveDate> = NaiveDate::from_ymd_opt(year, 1, 1)
                    .unwrap()
                    .iter_days()
                    .take_while(|day| day.year() == year)
                    .filter(|day| is_holiday(calendar, *day))
                    .collect();
                assert_eq!(asked, listed);
            }
        }
    }
}
