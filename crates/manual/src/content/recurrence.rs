//! Recurrence rules (RFC 5545) in words. What this does not know it shows as it is written.

use std::fmt::Write as _;

use crate::prose::{capitalised, series};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [(&str, &str); 7] = [
    ("MO", "Monday"),
    ("TU", "Tuesday"),
    ("WE", "Wednesday"),
    ("TH", "Thursday"),
    ("FR", "Friday"),
    ("SA", "Saturday"),
    ("SU", "Sunday"),
];

/// "Every 3 months on the first Monday".
pub(super) fn in_words(rule: &str) -> String {
    words(rule).unwrap_or_else(|| format!("By the recurrence rule {rule}"))
}

#[derive(Default)]
struct Rule<'a> {
    unit: Option<&'static str>,
    interval: u32,
    months: Vec<&'static str>,
    days: Vec<(i32, &'static str)>,
    month_days: Vec<i32>,
    position: Option<i32>,
    count: Option<&'a str>,
}

fn words(text: &str) -> Option<String> {
    let rule = read(text.trim().trim_start_matches("RRULE:"))?;
    // A month with its name comes once a year, whatever is counted.
    let unit = match (rule.unit?, rule.interval, rule.months.is_empty()) {
        ("month", 0 | 1, false) => "year",
        (unit, _, _) => unit,
    };
    let mut said = match rule.interval {
        0 | 1 => format!("every {unit}"),
        2 => format!("every second {unit}"),
        many => format!("every {many} {unit}s"),
    };
    let mut days = String::new();
    if !rule.month_days.is_empty() {
        let numbers = rule.month_days.iter().map(|day| month_day(*day));
        let numbers = numbers.collect::<Option<Vec<_>>>()?;
        let _ = write!(days, " on the {}", series(numbers, "and").plain());
    }
    days += &on_days(&rule)?;
    said += &days;
    if !rule.months.is_empty() {
        let word = if days.is_empty() { "in" } else { "of" };
        let months = series(rule.months.iter().copied(), "and").plain();
        let _ = write!(said, " {word} {months}");
    }
    if let Some(count) = rule.count {
        let _ = write!(said, ", {count} times");
    }
    Some(capitalised(&said))
}

fn read(text: &str) -> Option<Rule<'_>> {
    let mut rule = Rule::default();
    for part in text.split(';').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=')?;
        match name {
            "FREQ" => {
                rule.unit = Some(match value {
                    "YEARLY" => "year",
                    "MONTHLY" => "month",
                    "WEEKLY" => "week",
                    "DAILY" => "day",
                    _ => return None,
                });
            }
            "INTERVAL" => rule.interval = value.parse().ok()?,
            "BYMONTH" => {
                let months = value.split(',').map(|month| {
                    let month: usize = month.parse().ok()?;
                    MONTHS.get(month.checked_sub(1)?).copied()
                });
                rule.months = months.collect::<Option<_>>()?;
            }
            "BYDAY" => rule.days = value.split(',').map(weekday).collect::<Option<_>>()?,
            "BYMONTHDAY" => {
                let days = value.split(',').map(|day| day.parse().ok());
                rule.month_days = days.collect::<Option<_>>()?;
            }
            "BYSETPOS" => rule.position = Some(value.parse().ok()?),
            "COUNT" => rule.count = Some(value).filter(|it| it.parse::<u32>().is_ok()),
            "WKST" => {}
            _ => return None,
        }
    }
    Some(rule)
}

fn weekday(text: &str) -> Option<(i32, &'static str)> {
    let split = text.len().checked_sub(2)?;
    let (place, day) = text.split_at_checked(split)?;
    let (_, name) = DAYS.iter().find(|(short, _)| *short == day)?;
    let place = if place.is_empty() {
        0
    } else {
        place.parse().ok()?
    };
    Some((place, name))
}

/// " on Monday and Friday", " on the first Monday", " on the last working day".
fn on_days(rule: &Rule<'_>) -> Option<String> {
    if rule.days.is_empty() {
        return rule.position.is_none().then(String::new);
    }
    let working = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    let is_working_week = rule.days.len() == 5
        && rule
            .days
            .iter()
            .all(|(place, day)| *place == 0 && working.contains(day));
    let days = if is_working_week {
        match rule.position {
            Some(_) => "weekday".to_owned(),
            None => "weekdays".to_owned(),
        }
    } else {
        let days = rule.days.iter().map(|(place, day)| match place {
            0 => Some((*day).to_owned()),
            place => Some(format!("the {} {day}", ordinal(*place)?)),
        });
        series(days.collect::<Option<Vec<_>>>()?, "and").plain()
    };
    Some(match rule.position {
        Some(position) => format!(" on the {} {days}", ordinal(position)?),
        None => format!(" on {days}"),
    })
}

fn month_day(day: i32) -> Option<String> {
    match day {
        -1 => Some("last day".to_owned()),
        1..=31 => Some(numbered(day)),
        _ => None,
    }
}

fn numbered(number: i32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn ordinal(place: i32) -> Option<String> {
    Some(match place {
        -1 => "last".to_owned(),
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        4 => "fourth".to_owned(),
        -2 => "second to last".to_owned(),
        -3 => "third to last".to_owned(),
        -366..=-4 => format!("{} to last", numbered(-place)),
        5..=366 => numbered(place),
        _ => return None,
    })
}
