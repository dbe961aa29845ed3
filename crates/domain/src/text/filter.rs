//! The filters of dynamic data. One that cannot read a value leaves it as it is.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use rust_decimal::Decimal;

/// A filter with its argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter<'a> {
    /// What stands there if the value is missing.
    Default(&'a str),
    /// How a value is written.
    Style(Style),
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Date,
    Datetime,
    Money,
    Number,
    Upper,
    Lower,
    Title,
}

/// The names of all filters, as a fault lists them.
pub(super) const NAMES: &str = "default, date, datetime, money, number, upper, lower, title";

impl Style {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "date" => Self::Date,
            "datetime" => Self::Datetime,
            "money" => Self::Money,
            "number" => Self::Number,
            "upper" => Self::Upper,
            "lower" => Self::Lower,
            "title" => Self::Title,
            _ => return None,
        })
    }

    pub(super) fn apply(self, value: String, time_zone: Tz) -> String {
        let written = match self {
            Self::Date => date(&value, time_zone),
            Self::Datetime => datetime(&value, time_zone),
            Self::Money => money(&value),
            Self::Number => grouped(&value),
            Self::Upper => Some(value.to_uppercase()),
            Self::Lower => Some(value.to_lowercase()),
            Self::Title => Some(title(&value)),
        };
        written.unwrap_or(value)
    }
}

const DATE: &str = "%B %-d, %Y";

fn date(value: &str, time_zone: Tz) -> Option<String> {
    if let Ok(day) = value.parse::<NaiveDate>() {
        return Some(day.format(DATE).to_string());
    }
    let instant = DateTime::parse_from_rfc3339(value).ok()?;
    Some(instant.with_timezone(&time_zone).format(DATE).to_string())
}

fn datetime(value: &str, time_zone: Tz) -> Option<String> {
    let Ok(instant) = DateTime::parse_from_rfc3339(value) else {
        return date(value, time_zone);
    };
    let local = instant.with_timezone(&time_zone);
    Some(local.format("%B %-d, %Y, %-I:%M %p %Z").to_string())
}

/// `USD 12500.5` becomes `USD 12,500.50`.
fn money(value: &str) -> Option<String> {
    let (currency, amount) = match value.split_once(' ') {
        Some((currency, amount)) => (Some(currency), amount),
        None => (None, value),
    };
    let mut written = grouped(amount)?;
    if written
        .split_once('.')
        .is_some_and(|(_, fraction)| fraction.len() == 1)
    {
        written.push('0');
    }
    Some(match currency {
        Some(currency) => format!("{currency} {written}"),
        None => written,
    })
}

/// A number with its thousands set apart; its decimals stay as they are.
fn grouped(value: &str) -> Option<String> {
    let text = value.parse::<Decimal>().ok()?.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut written = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    if let Some(fraction) = fraction {
        written.push('.');
        written.push_str(fraction);
    }
    Some(written)
}

/// The first letter of each word in upper case; the others stay, as in `McDonald` or `LLC`.
fn title(value: &str) -> String {
    let mut starts_word = true;
    let mut written = String::with_capacity(value.len());
    for letter in value.chars() {
        if starts_word {
            written.extend(letter.to_uppercase());
        } else {
            written.push(letter);
        }
        starts_word = letter.is_whitespace() || letter == '-';
    }
    written
}
