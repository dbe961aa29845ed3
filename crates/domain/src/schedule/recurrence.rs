//! Recurrence rules (RFC 5545) of days: what is accepted, and the days that they name.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

use super::parts::check_lists;

/// The parts of a rule that say something about days.
const PARTS: [&str; 11] = [
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYMONTH",
    "BYWEEKNO",
    "BYYEARDAY",
    "BYMONTHDAY",
    "BYDAY",
    "BYSETPOS",
    "WKST",
];
/// A schedule starts work for people: nothing more frequent makes sense.
const FREQUENCIES: [&str; 4] = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
const MOST_INTERVAL: u32 = 1_000;
const MOST_COUNT: u32 = 10_000;
/// What is left to be wrong when every part is right by itself.
const TOGETHER: &str = "Its parts do not go together: `BYWEEKNO` and `BYYEARDAY` go with `FREQ=YEARLY`, `BYMONTHDAY` with all but \
    `FREQ=WEEKLY`, numbered days such as `1MO` with `FREQ=MONTHLY` or `FREQ=YEARLY`, and `BYSETPOS` with another part that begins \
    with `BY`.";

/// A rule that can be expanded. The time of day is the schedule's, so that it never reads daylight saving.
#[derive(Debug, Clone, PartialEq)]
pub struct Recurrence {
    rule: Box<RRule<Unvalidated>>,
    until: Option<Until>,
}

/// The last moment that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

/// Why a text is no rule that a schedule can follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRule {
    /// Stable word for programs.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub detail: String,
}

impl BadRule {
    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
        }
    }
}

impl Recurrence {
    /// Reads a rule such as `FREQ=MONTHLY;BYDAY=1MO`, with or without `RRULE:` before it.
    pub fn parse(text: &str) -> Result<Self, BadRule> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text);
        let mut kept: Vec<(&str, &str)> = Vec::new();
        let mut until = None;
        for part in text.split(';') {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| bad(format!("`{part}` is no `NAME=VALUE`.")))?;
            if !PARTS.contains(&name) {
                return Err(not_taken(name));
            }
            if kept.iter().any(|(known, _)| *known == name) || (name == "UNTIL" && until.is_some())
            {
                return Err(bad(format!("`{name}` is given twice.")));
            }
            if name == "UNTIL" {
                until = Some(last_moment(value)?);
            } else {
                kept.push((name, value));
            }
        }
        check_frequency(&kept)?;
        check_number(&kept, "INTERVAL", MOST_INTERVAL)?;
        check_number(&kept, "COUNT", MOST_COUNT)?;
        if until.is_some() && kept.iter().any(|(name, _)| *name == "COUNT") {
            return Err(bad("Give `COUNT` or `UNTIL`, not both."));
        }
        check_lists(&kept)?;
        let parts: Vec<String> = kept
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let rule: RRule<Unvalidated> = parts.join(";").parse().map_err(|_| bad(TOGETHER))?;
        let rule = Box::new(rule);
        let recurrence = Self { rule, until };
        // What a part may hold is only known together with a first day.
        match recurrence.set_from(ANY_DAY) {
            Ok(_) => Ok(recurrence),
            Err(_) => Err(bad(TOGETHER)),
        }
    }

    /// The days that it names, from the first on, in order; ends where the library's search does, so that a rule without
    /// any day ends, too.
    pub fn days(&self, first: NaiveDate) -> impl Iterator<Item = NaiveDate> + use<> {
        let dates = self.set_from(first).ok().map(|set| (&set).into_iter());
        dates.into_iter().flatten().map(|date| date.date_naive())
    }

    /// Whether it still names a day when it is followed from this one on.
    #[must_use]
    pub fn names_day_from(&self, first: NaiveDate) -> bool {
        let next = self.days(first).next();
        next.is_some_and(|day| !self.is_over(day, day.and_time(NaiveTime::MIN).and_utc()))
    }

    /// Whether something on this day, at this moment, comes after the end.
    #[must_use]
    pub fn is_over(&self, day: NaiveDate, at: DateTime<Utc>) -> bool {
        match self.until {
            None => false,
            Some(Until::Day(last)) => day > last,
            Some(Until::Instant(last)) => at > last,
        }
    }

    fn set_from(&self, first: NaiveDate) -> Result<RRuleSet, rrule::RRuleError> {
        let start = first
            .and_time(NaiveTime::MIN)
            .and_utc()
            .with_timezone(&Tz::UTC);
        let rule = RRule::clone(&self.rule).validate(start)?;
        Ok(RRuleSet::new(start).limit().rrule(rule))
    }
}

fn check_frequency(parts: &[(&str, &str)]) -> Result<(), BadRule> {
    let frequency = parts.iter().find(|(name, _)| *name == "FREQ");
    let (_, frequency) = frequency.ok_or_else(|| bad("Say how often, with `FREQ`."))?;
    if FREQUENCIES.contains(frequency) {
        return Ok(());
    }
    Err(BadRule::new(
        "bad-frequency",
        format!("`FREQ` is one of `DAILY`, `WEEKLY`, `MONTHLY`, `YEARLY`, not `{frequency}`."),
    ))
}

fn check_number(parts: &[(&str, &str)], name: &str, most: u32) -> Result<(), BadRule> {
    let Some((_, value)) = parts.iter().find(|(known, _)| *known == name) else {
        return Ok(());
    };
    match value.parse::<u32>() {
        Ok(number) if (1..=most).contains(&number) => Ok(()),
        Ok(_) | Err(_) => Err(BadRule::new(
            "out-of-range",
            format!("`{name}` is a number from 1 to {most}."),
        )),
    }
}

/// `20311231`, or `20311231T235959Z`.
fn last_moment(value: &str) -> Result<Until, BadRule> {
    if let Ok(day) = NaiveDate::parse_from_str(value, "%Y%m%d") {
        return Ok(Until::Day(day));
    }
    let instant = NaiveDateTime::parse_from_str(value, "%Y%m%dT%H%M%SZ");
    let instant = instant.map_err(|_| {
        bad("`UNTIL` is a day such as `20311231`, or an instant in UTC such as `20311231T235959Z`.")
    })?;
    Ok(Until::Instant(instant.and_utc()))
}

fn not_taken(name: &str) -> BadRule {
    match name {
        "BYHOUR" | "BYMINUTE" | "BYSECOND" => BadRule::new(
            "time-of-day",
            format!("Leave out `{name}`: the schedule's `time` says when on the day."),
        ),
        "DTSTART" => bad("Leave out `DTSTART`: the schedule's `starts_on` is the first day."),
        _ => bad(format!("`{name}` is no part of a rule that names days.")),
    }
}

pub(super) fn bad(detail: impl Into<String>) -> BadRule {
    BadRule::new("bad-rule", detail)
}

/// A day from which every valid rule can be followed.
pub const ANY_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(rule: &str, first: &str, many: usize) -> Vec<String> {
        let rule = Recurrence::parse(rule).unwrap();
        let days = rule.days(day(first)).take(many);
        days.map(|day| day.to_string()).collect()
    }

    /// E18
    #[test]
    fn a_rule_names_the_days_that_people_mean() {
        for (rule, expected) in [
            (
                "FREQ=DAILY;INTERVAL=10",
                ["2030-01-31", "2030-02-10", "2030-02-20"],
            ),
            (
                "RRULE:FREQ=WEEKLY;BYDAY=MO,TH",
                ["2030-01-31", "2030-02-04", "2030-02-07"],
            ),
            (
                "FREQ=MONTHLY;BYDAY=1MO",
                ["2030-02-04", "2030-03-04", "2030-04-01"],
            ),
            (
                "freq=monthly;bymonthday=-1",
                ["2030-01-31", "2030-02-28", "2030-03-31"],
            ),
            // A month without such a day has none (RFC 5545, 3.3.10).
            ("FREQ=MONTHLY", ["2030-01-31", "2030-03-31", "2030-05-31"]),
            (
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
                ["2030-02-01", "2030-03-01", "2030-04-01"],
            ),
            (
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
                ["2032-02-29", "2036-02-29", "2040-02-29"],
            ),
            (
                "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=1",
                ["2030-10-01", "2031-10-01", "2032-10-01"],
            ),
        ] {
            assert_eq!(days(rule, "2030-01-31", 3), expected, "{rule}");
        }
        assert_eq!(days("FREQ=DAILY;COUNT=2", "2030-01-31", 9).len(), 2);
    }

    /// E18
    #[test]
    fn a_rule_is_over_once_its_end_leaves_no_day() {
        for (rule, last) in [
            ("FREQ=MONTHLY;BYMONTHDAY=1;UNTIL=20300615", "2030-06-01"),
            ("FREQ=DAILY;UNTIL=20300615", "2030-06-15"),
            ("FREQ=DAILY;UNTIL=20300615T120000Z", "2030-06-15"),
        ] {
            let rule = Recurrence::parse(rule).unwrap();
            assert!(rule.names_day_from(day(last)), "{rule:?}");
            assert!(
                !rule.names_day_from(day(last).succ_opt().unwrap()),
                "{rule:?}"
            );
        }
        // So many from whenever it begins.
        let counted = Recurrence::parse("FREQ=DAILY;COUNT=2").unwrap();
        assert!(counted.names_day_from(day("2199-01-01")));
    }

    /// E18
    #[test]
    fn what_is_no_rule_of_days_is_refused_with_what_to_do() {
        for (rule, code) in [
            ("FREQ=HOURLY", "bad-frequency"),
            ("FREQ=SECONDLY;COUNT=5", "bad-frequency"),
            ("FREQ=FORTNIGHTLY", "bad-frequency"),
            ("INTERVAL=2", "bad-rule"),
            ("", "bad-rule"),
            ("every monday", "bad-rule"),
            ("FREQ=DAILY;FREQ=DAILY", "bad-rule"),
            ("FREQ=DAILY;UNTIL=20300101;UNTIL=20310101", "bad-rule"),
            ("FREQ=DAILY;BYHOUR=9", "time-of-day"),
            ("DTSTART=20300101;FREQ=DAILY", "bad-rule"),
            ("FREQ=DAILY;BYEASTER=1", "bad-rule"),
            ("FREQ=DAILY;INTERVAL=0", "out-of-range"),
            ("FREQ=DAILY;INTERVAL=1001", "out-of-range"),
            ("FREQ=DAILY;COUNT=-1", "out-of-range"),
            ("FREQ=DAILY;COUNT=3;UNTIL=20300101", "bad-rule"),
            ("FREQ=DAILY;UNTIL=tomorrow", "bad-rule"),
            ("FREQ=MONTHLY;BYMONTHDAY=32", "bad-rule"),
            ("FREQ=MONTHLY;BYMONTH=13", "bad-rule"),
            ("FREQ=MONTHLY;BYDAY=XX", "bad-rule"),
        ] {
            assert_eq!(Recurrence::parse(rule).unwrap_err().code, code, "{rule}");
        }
    }

    /// E18: in words of ours, which name the part.
    #[test]
    fn a_part_that_is_out_of_its_range_is_named() {
        for (rule, said) in [
            (
                "FREQ=YEARLY;BYMONTH=-1",
                "`BYMONTH` lists numbers from 1 to 12, with",
            ),
            ("FREQ=YEARLY;BYMONTH=", "`BYMONTH` lists"),
            (
                "FREQ=MONTHLY;BYMONTHDAY=0",
                "`BYMONTHDAY` lists numbers from 1 to 31, or from -1 to -31",
            ),
            ("FREQ=YEARLY;BYYEARDAY=367", "`BYYEARDAY` lists"),
            ("FREQ=YEARLY;BYWEEKNO=54", "`BYWEEKNO` lists"),
            ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=x", "`BYSETPOS` lists"),
            ("FREQ=MONTHLY;BYDAY=0MO", "`BYDAY` lists"),
            ("FREQ=MONTHLY;BYDAY=MO,", "`BYDAY` lists"),
            ("FREQ=WEEKLY;WKST=8", "`WKST` is the day"),
            ("FREQ=MONTHLY;BYWEEKNO=1", "Its parts do not go together: "),
            ("FREQ=WEEKLY;BYMONTHDAY=1", "Its parts do not go together: "),
        ] {
            let detail = Recurrence::parse(rule).unwrap_err().detail;
            assert!(detail.starts_with(said), "{rule}: {detail}");
        }
    }

    /// E18: looking for the next day ends.
    #[test]
    fn a_rule_that_names_no_day_has_none() {
        for rule in [
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=MONTHLY;INTERVAL=12;BYMONTH=1;BYMONTHDAY=1",
        ] {
            assert_eq!(days(rule, "2030-03-31", 1), Vec::<String>::new(), "{rule}");
        }
    }

    proptest! {
        /// E18
        #[test]
        fn no_text_makes_it_panic(text in "[A-Z0-9=;,-]{0,60}") {
            if let Ok(rule) = Recurrence::parse(&text) {
                let _ = rule.days(day("2030-01-31")).take(3).count();
            }
        }

        /// E18
        #[test]
        fn days_rise_from_the_first_on(
            frequency in prop::sample::select(&FREQUENCIES[..]),
            interval in 1u32..40,
            by_day in prop::sample::select(vec!["", ";BYDAY=MO", ";BYDAY=TU,SA", ";BYMONTHDAY=-1", ";BYMONTH=2"]),
            first in 0i64..20_000,
        ) {
            let first = day("2000-01-01") + chrono::TimeDelta::days(first);
            let rule = format!("FREQ={frequency};INTERVAL={interval}{by_day}");
            let rule = Recurrence::parse(&rule).unwrap();
            let days: Vec<_> = rule.days(first).take(5).collect();
            prop_assert!(days.iter().all(|day| *day >= first));
            prop_assert!(days.windows(2).all(|two| two[0] < two[1]));
        }
    }
}
