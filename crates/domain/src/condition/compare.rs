//! How two values compare. Values that do not compare (a text with a number, dollars with euros) answer `None`.

use std::{cmp::Ordering, collections::BTreeSet};

use rust_decimal::Decimal;
use serde_json::Number;

use crate::value::{FieldValue, Money};

/// Whether two values are the same: numbers by size, lists whatever their order.
pub(super) fn equal(left: &FieldValue, right: &FieldValue) -> Option<bool> {
    match (left, right) {
        (FieldValue::Flag(left), FieldValue::Flag(right)) => Some(left == right),
        (FieldValue::List(left), FieldValue::List(right)) => {
            let members = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
            Some(members(left) == members(right))
        }
        _ => order(left, right).map(Ordering::is_eq),
    }
}

/// Which of two values comes first. Dates and times are texts in ISO form, whose order is that of time.
pub(super) fn order(left: &FieldValue, right: &FieldValue) -> Option<Ordering> {
    match (left, right) {
        (FieldValue::Text(left), FieldValue::Text(right)) => Some(left.cmp(right)),
        (FieldValue::Number(left), FieldValue::Number(right)) => {
            Size::of(left)?.order(Size::of(right)?)
        }
        (FieldValue::Money(left), FieldValue::Money(right)) if left.currency == right.currency => {
            Size::of_money(left)?.order(Size::of_money(right)?)
        }
        (FieldValue::Money(left), FieldValue::Number(right)) => {
            Size::of_money(left)?.order(Size::of(right)?)
        }
        (FieldValue::Number(left), FieldValue::Money(right)) => {
            Size::of(left)?.order(Size::of_money(right)?)
        }
        (
            FieldValue::Flag(_)
            | FieldValue::Number(_)
            | FieldValue::Text(_)
            | FieldValue::Money(_)
            | FieldValue::List(_),
            _,
        ) => None,
    }
}

/// Whether a list holds a text, or every one of another list.
pub(super) fn has(list: &FieldValue, wanted: &FieldValue) -> bool {
    match (list, wanted) {
        (FieldValue::List(list), FieldValue::Text(wanted)) => list.contains(wanted),
        (FieldValue::List(list), FieldValue::List(wanted)) => {
            !wanted.is_empty() && wanted.iter().all(|item| list.contains(item))
        }
        _ => false,
    }
}

/// A number as a decimal, so that 0.1 is a tenth; beyond what decimals hold, as a float.
#[derive(Clone, Copy)]
enum Size {
    Exact(Decimal),
    Beyond(f64),
}

impl Size {
    fn of(number: &Number) -> Option<Self> {
        let text = number.to_string();
        text.parse()
            .or_else(|_| Decimal::from_scientific(&text))
            .map(Self::Exact)
            .ok()
            .or_else(|| number.as_f64().map(Self::Beyond))
    }

    fn of_money(money: &Money) -> Option<Self> {
        money.decimal().map(Self::Exact)
    }

    fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Exact(left), Self::Exact(right)) => Some(left.cmp(&right)),
            (Self::Exact(left), Self::Beyond(right)) => as_float(left)?.partial_cmp(&right),
            (Self::Beyond(left), Self::Exact(right)) => left.partial_cmp(&as_float(right)?),
            (Self::Beyond(left), Self::Beyond(right)) => left.partial_cmp(&right),
        }
    }
}

fn as_float(decimal: Decimal) -> Option<f64> {
    decimal.to_string().parse().ok()
}
