//! Values as people write them.

use chrono::NaiveDate;
use domain::{
    text::plain,
    value::{FieldType, FieldValue},
};

use super::reading::Reading;
use crate::prose::{quoted, series};

impl Reading<'_> {
    /// A value in a sentence. Identifiers say nothing to people: they are named, or left at what they are.
    pub(super) fn value(&self, value: &FieldValue, field_type: Option<FieldType>) -> String {
        match value {
            FieldValue::Flag(true) => "yes".to_owned(),
            FieldValue::Flag(false) => "no".to_owned(),
            FieldValue::Number(number) => grouped(&number.to_string()),
            FieldValue::Money(money) => format!("{} {}", money.currency, grouped(&money.amount)),
            FieldValue::Text(text) => self.text(text, field_type),
            FieldValue::List(items) => {
                let items: Vec<_> = items.iter().map(|it| self.text(it, field_type)).collect();
                if items.is_empty() {
                    return "nothing".to_owned();
                }
                series(items, "and").plain()
            }
        }
    }

    fn text(&self, text: &str, field_type: Option<FieldType>) -> String {
        match field_type {
            Some(FieldType::Date) => date(text),
            Some(FieldType::User) => {
                let known = text.parse().ok().and_then(|id| self.names.users.get(&id));
                known
                    .cloned()
                    .unwrap_or_else(|| "a certain person".to_owned())
            }
            Some(FieldType::Entity) => "a certain record".to_owned(),
            Some(FieldType::File) => "a certain document".to_owned(),
            Some(
                FieldType::Text
                | FieldType::LongText
                | FieldType::Number
                | FieldType::Money
                | FieldType::Datetime
                | FieldType::Boolean
                | FieldType::Choice,
            )
            | None => quoted(&self.dynamic(text)),
        }
    }
}

/// "2026-07-01" as "July 1, 2026".
fn date(text: &str) -> String {
    let date = text.parse::<NaiveDate>();
    date.map_or_else(
        |_| quoted(text),
        |date| date.format("%B %-d, %Y").to_string(),
    )
}

/// Digits in groups of three.
fn grouped(number: &str) -> String {
    let start = usize::from(number.starts_with('-'));
    let end = number.find('.').unwrap_or(number.len());
    let digits = &number[start..end];
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut whole = number[..start].to_owned();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            whole.push(',');
        }
        whole.push(digit);
    }
    whole + &number[end..]
}

/// A value by itself, without quotation marks.
pub(super) fn bare(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => date(text).replace(['“', '”'], ""),
        FieldValue::Number(number) => grouped(&number.to_string()),
        FieldValue::Money(money) => format!("{} {}", money.currency, grouped(&money.amount)),
        FieldValue::Flag(_) | FieldValue::List(_) => plain(value),
    }
}
