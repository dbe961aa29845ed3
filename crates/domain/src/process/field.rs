//! Whether a value is one that a field takes (E7).

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;

use super::world::Surroundings;
use crate::{
    entity::kind_matches,
    ids::{DocumentId, EntityId, UserId},
    process_type::definition::Field,
    user::UserStatus,
    value::{FieldType, FieldValue, Money},
};

/// Most characters of a one-line text, unless the field says less.
pub const MAX_TEXT: usize = 4_000;
/// Most characters of a long text, unless the field says less.
pub const MAX_LONG_TEXT: usize = 50_000;
/// Most values of a field that takes several, and so most items of a fan-out (E24).
pub const MAX_ITEMS: usize = 1_000;

/// Why a value is refused: a code for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub detail: String,
}

fn refuse(code: &'static str, detail: impl Into<String>) -> Result<(), Refusal> {
    Err(Refusal {
        code,
        detail: detail.into(),
    })
}

/// Whether a value says nothing: a blank text or an empty list.
#[must_use]
pub fn is_blank(value: &FieldValue) -> bool {
    match value {
        FieldValue::Text(text) => text.trim().is_empty(),
        FieldValue::List(items) => items.is_empty(),
        FieldValue::Flag(_) | FieldValue::Number(_) | FieldValue::Money(_) => false,
    }
}

/// A value that says something: clearing a field and leaving it blank are the same.
pub(super) fn said(value: Option<&FieldValue>) -> Option<&FieldValue> {
    value.filter(|value| !is_blank(value))
}

/// Checks type, format, options, limits and what a reference refers to. A reference to something that is not among the
/// surroundings is refused: the caller loads what the values name.
pub fn check(field: &Field, value: &FieldValue, around: &Surroundings) -> Result<(), Refusal> {
    match (field.field_type, value) {
        (FieldType::Boolean, FieldValue::Flag(_)) => Ok(()),
        (FieldType::Number, FieldValue::Number(_)) => {
            if amount(value).is_none() {
                return refuse("out-of-range", "The number has too many digits.");
            }
            limits(field, value)
        }
        (FieldType::Money, FieldValue::Money(money)) => {
            check_money(money)?;
            limits(field, value)
        }
        (FieldType::Boolean | FieldType::Number | FieldType::Money, _) => wrong_type(field),
        (_, FieldValue::List(items)) if field.multiple => {
            if items.len() > MAX_ITEMS {
                return refuse("too-long", format!("Give at most {MAX_ITEMS} values."));
            }
            for (place, item) in items.iter().enumerate() {
                if items[..place].contains(item) {
                    return refuse("duplicate", format!("\"{item}\" is given twice."));
                }
                check_text(field, item, around)?;
            }
            Ok(())
        }
        (_, FieldValue::Text(text)) if !field.multiple => check_text(field, text, around),
        (
            FieldType::Text
            | FieldType::LongText
            | FieldType::Date
            | FieldType::Datetime
            | FieldType::Choice
            | FieldType::File
            | FieldType::User
            | FieldType::Entity,
            _,
        ) => wrong_type(field),
    }
}

fn wrong_type(field: &Field) -> Result<(), Refusal> {
    let wanted = match field.field_type {
        FieldType::Boolean => "true or false",
        FieldType::Number => "a number",
        FieldType::Money => "an object with amount and currency",
        FieldType::Text
        | FieldType::LongText
        | FieldType::Date
        | FieldType::Datetime
        | FieldType::Choice
        | FieldType::File
        | FieldType::User
        | FieldType::Entity
            if field.multiple =>
        {
            "a list of strings"
        }
        FieldType::Text
        | FieldType::LongText
        | FieldType::Date
        | FieldType::Datetime
        | FieldType::Choice
        | FieldType::File
        | FieldType::User
        | FieldType::Entity => "a string",
    };
    refuse("wrong-type", format!("{} takes {wanted}.", field.label))
}

/// One textual value, alone or in a list.
fn check_text(field: &Field, text: &str, around: &Surroundings) -> Result<(), Refusal> {
    match field.field_type {
        FieldType::Text => {
            if text.chars().any(char::is_control) {
                return refuse(
                    "bad-format",
                    "A text of one line takes no control characters or line breaks.",
                );
            }
            lengths(field, text, MAX_TEXT)
        }
        FieldType::LongText => {
            if text
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            {
                return refuse("bad-format", "The text takes no control characters.");
            }
            lengths(field, text, MAX_LONG_TEXT)
        }
        FieldType::Choice => {
            if field.options.iter().any(|option| option == text) {
                return Ok(());
            }
            refuse(
                "not-an-option",
                format!("Choose one of: {}.", field.options.join(", ")),
            )
        }
        FieldType::Date => {
            if text.len() != 10 || text.parse::<NaiveDate>().is_err() {
                return refuse("bad-format", "Give a date as YYYY-MM-DD.");
            }
            limits(field, &FieldValue::Text(text.to_owned()))
        }
        FieldType::Datetime => {
            let utc = DateTime::parse_from_rfc3339(text)
                .is_ok_and(|at| at.offset().local_minus_utc() == 0);
            if !utc {
                return refuse(
                    "bad-format",
                    "Give a time as RFC 3339 in UTC, such as 2026-07-01T14:00:00Z.",
                );
            }
            limits(field, &FieldValue::Text(text.to_owned()))
        }
        FieldType::File => check_document(text, around),
        FieldType::User => check_user(text, around),
        FieldType::Entity => check_entity(field, text, around),
        FieldType::Number | FieldType::Money | FieldType::Boolean => wrong_type(field),
    }
}

fn check_document(text: &str, around: &Surroundings) -> Result<(), Refusal> {
    let Ok(id) = text.parse::<DocumentId>() else {
        return refuse("bad-format", "Give the id of a document.");
    };
    if around.documents.contains_key(&id) {
        Ok(())
    } else {
        refuse(
            "unknown-reference",
            "There is no such document; upload it first.",
        )
    }
}

fn check_user(text: &str, around: &Surroundings) -> Result<(), Refusal> {
    let Ok(id) = text.parse::<UserId>() else {
        return refuse("bad-format", "Give the id of a user.");
    };
    match around.people.get(&id).map(|user| user.status) {
        Some(UserStatus::Active) => Ok(()),
        Some(UserStatus::Inactive) => {
            refuse("inactive-user", "This user is inactive; name another.")
        }
        None => refuse("unknown-reference", "There is no such user."),
    }
}

fn check_entity(field: &Field, text: &str, around: &Surroundings) -> Result<(), Refusal> {
    let Ok(id) = text.parse::<EntityId>() else {
        return refuse("bad-format", "Give the id of an entity.");
    };
    let Some(entity) = around.entities.get(&id) else {
        return refuse("unknown-reference", "There is no such entity.");
    };
    match &field.entity_kind {
        Some(kind) if !kind_matches(kind, &entity.kind) => refuse(
            "wrong-kind",
            format!("Name an entity of kind {kind}, not {}.", entity.kind),
        ),
        Some(_) | None => Ok(()),
    }
}

fn check_money(money: &Money) -> Result<(), Refusal> {
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let unsigned = money.amount.strip_prefix('-').unwrap_or(&money.amount);
    let amount_fits = match unsigned.split_once('.') {
        Some((whole, decimals)) => digits(whole, 15) && digits(decimals, 4),
        None => digits(unsigned, 15),
    };
    if !amount_fits {
        return refuse(
            "bad-format",
            "Give the amount as decimal text, with at most 15 digits before and 4 after the point.",
        );
    }
    if money.currency.len() != 3 || !money.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return refuse(
            "bad-format",
            "Give the currency as its ISO 4217 code, such as USD.",
        );
    }
    Ok(())
}

fn lengths(field: &Field, text: &str, most: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    let bound = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
    let least = field.min_length.map_or(0, bound);
    let most = field
        .max_length
        .map_or(most, |limit| bound(limit).min(most));
    if length < least {
        return refuse("too-short", format!("Give at least {least} characters."));
    }
    if length > most {
        return refuse("too-long", format!("Give at most {most} characters."));
    }
    Ok(())
}

fn limits(field: &Field, value: &FieldValue) -> Result<(), Refusal> {
    if let Some(min) = &field.min
        && compare(value, min) == Some(Ordering::Less)
    {
        return refuse("too-small", format!("The least is {}.", shown(min)));
    }
    if let Some(max) = &field.max
        && compare(value, max) == Some(Ordering::Greater)
    {
        return refuse("too-large", format!("The most is {}.", shown(max)));
    }
    Ok(())
}

/// Amounts in different currencies do not compare.
fn compare(value: &FieldValue, limit: &FieldValue) -> Option<Ordering> {
    match (value, limit) {
        (FieldValue::Text(value), FieldValue::Text(limit)) => {
            match (
                DateTime::parse_from_rfc3339(value),
                DateTime::parse_from_rfc3339(limit),
            ) {
                (Ok(value), Ok(limit)) => Some(value.cmp(&limit)),
                _ => Some(value.cmp(limit)),
            }
        }
        (FieldValue::Money(value), FieldValue::Money(limit))
            if value.currency != limit.currency =>
        {
            None
        }
        _ => Some(amount(value)?.cmp(&amount(limit)?)),
    }
}

fn amount(value: &FieldValue) -> Option<Decimal> {
    match value {
        FieldValue::Number(number) => {
            let text = number.to_string();
            text.parse()
                .or_else(|_| Decimal::from_scientific(&text))
                .ok()
        }
        FieldValue::Money(money) => money.decimal(),
        FieldValue::Text(text) => text.parse().ok(),
        FieldValue::Flag(_) | FieldValue::List(_) => None,
    }
}

fn shown(limit: &FieldValue) -> String {
    match limit {
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::Money(money) => format!("{} {}", money.amount, money.currency),
        FieldValue::List(items) => items.join(", "),
    }
}

#[cfg(test)]
mod tests;
