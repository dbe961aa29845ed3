//! Dynamic data in texts: `{{ name | filter }}` and nothing else (E14).

mod filter;
mod scan;

use chrono_tz::Tz;

use crate::value::FieldValue;
use filter::{Filter, Style};
use scan::{Part, Scan};

/// What stands where a value is missing.
const MISSING: &str = "—";

/// A fault in a text, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFault {
    /// Characters before the fault.
    pub offset: usize,
    /// What is wrong and what to do.
    pub detail: String,
}

/// Where a text finds its names, by dotted path (`entity.name`, `process.fields.x`).
pub trait Names {
    /// The present value in its plain form ([`plain`]); none, or blank, renders as the `default` filter's text or an em dash.
    fn text(&self, path: &str) -> Option<String>;

    /// Where the filters `date` and `datetime` read the clock.
    fn time_zone(&self) -> Tz {
        Tz::UTC
    }
}

/// All faults of a text: syntax, unknown filters, and names for which `known` says no.
#[must_use]
pub fn check(text: &str, known: &dyn Fn(&str) -> bool) -> Vec<TextFault> {
    let Scan { parts, mut faults } = scan::scan(text);
    for part in parts {
        match part {
            Part::Literal(_) => {}
            Part::Value { name, offset, .. } => {
                if !known(name) {
                    faults.push(TextFault {
                        offset,
                        detail: format!("There is no `{name}` here."),
                    });
                }
            }
        }
    }
    faults.sort_by_key(|fault| fault.offset);
    faults
}

/// The text with its names filled in; never fails (a text that does not parse is given back as it is).
///
/// Values are put in as they are: what looks like dynamic data in one of them stays text.
#[must_use]
pub fn render(text: &str, names: &dyn Names) -> String {
    let Scan { parts, faults } = scan::scan(text);
    if !faults.is_empty() {
        return text.to_owned();
    }
    parts
        .into_iter()
        .map(|part| match part {
            Part::Literal(literal) => literal.to_owned(),
            Part::Value { name, filters, .. } => fill(name, &filters, names),
        })
        .collect()
}

fn fill(name: &str, filters: &[Filter<'_>], names: &dyn Names) -> String {
    let mut value = names.text(name).filter(|value| !value.trim().is_empty());
    for filter in filters {
        value = match (filter, value) {
            (Filter::Default(instead), None) => Some((*instead).to_owned()),
            (Filter::Default(_), Some(value)) => Some(value),
            (Filter::Style(style), value) => {
                value.map(|value| style.apply(value, names.time_zone()))
            }
        };
    }
    value.unwrap_or_else(|| MISSING.to_owned())
}

/// A value in its plain form, which every filter understands.
#[must_use]
pub fn plain(value: &FieldValue) -> String {
    match value {
        FieldValue::Flag(true) => "Yes".to_owned(),
        FieldValue::Flag(false) => "No".to_owned(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::Money(money) => format!("{} {}", money.currency, money.amount),
        FieldValue::List(items) => items.join(", "),
    }
}

#[cfg(test)]
mod tests;
