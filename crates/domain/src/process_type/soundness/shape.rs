//! What values a field, an attribute, a policy or an outcome takes, and whether others fit.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate};
use uuid::Uuid;

use crate::{
    attribute::AttributeType,
    process_type::definition::Field,
    value::{FieldType, FieldValue},
};

/// Kinds of value that compare with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Base {
    Text,
    Number,
    Money,
    Date,
    Datetime,
    Boolean,
    Choice,
    File,
    User,
    Entity,
}

impl Base {
    pub(super) const fn of(field_type: FieldType) -> Self {
        match field_type {
            FieldType::Text | FieldType::LongText => Self::Text,
            FieldType::Number => Self::Number,
            FieldType::Money => Self::Money,
            FieldType::Date => Self::Date,
            FieldType::Datetime => Self::Datetime,
            FieldType::Boolean => Self::Boolean,
            FieldType::Choice => Self::Choice,
            FieldType::File => Self::File,
            FieldType::User => Self::User,
            FieldType::Entity => Self::Entity,
        }
    }

    /// As it stands in a sentence.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Money => "an amount of money",
            Self::Date => "a date (YYYY-MM-DD)",
            Self::Datetime => "a time (RFC 3339)",
            Self::Boolean => "true or false",
            Self::Choice => "one of its options",
            Self::File => "the id of a document",
            Self::User => "the id of a user",
            Self::Entity => "the id of an entity",
        }
    }

    pub(super) const fn is_ordered(self) -> bool {
        match self {
            Self::Number | Self::Money | Self::Date | Self::Datetime => true,
            Self::Text | Self::Boolean | Self::Choice | Self::File | Self::User | Self::Entity => {
                false
            }
        }
    }
}

/// What values something takes.
#[derive(Debug, Clone)]
pub(super) struct Shape<'a> {
    pub(super) base: Base,
    pub(super) several: bool,
    /// The only texts that it takes; none: any.
    pub(super) options: Option<Cow<'a, [String]>>,
}

/// How many options a fault names.
const OPTIONS_SHOWN: usize = 20;

/// Why a value does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misfit {
    Type,
    Option,
}

impl<'a> Shape<'a> {
    pub(super) const fn plain(base: Base) -> Self {
        Self {
            base,
            several: false,
            options: None,
        }
    }

    pub(super) fn choice(options: impl Into<Cow<'a, [String]>>) -> Self {
        Self {
            base: Base::Choice,
            several: false,
            options: Some(options.into()),
        }
    }

    pub(super) fn of_field(field: &'a Field) -> Self {
        let base = Base::of(field.field_type);
        Self {
            base,
            several: field.multiple,
            options: (base == Base::Choice).then(|| Cow::from(field.options.as_slice())),
        }
    }

    pub(super) fn of_attribute(value_type: AttributeType, options: &'a [String]) -> Self {
        match value_type {
            AttributeType::Text => Self::plain(Base::Text),
            AttributeType::Number => Self::plain(Base::Number),
            AttributeType::Money => Self::plain(Base::Money),
            AttributeType::Date => Self::plain(Base::Date),
            AttributeType::Boolean => Self::plain(Base::Boolean),
            AttributeType::User => Self::plain(Base::User),
            AttributeType::Entity => Self::plain(Base::Entity),
            AttributeType::Choice => Self::choice(options),
            AttributeType::MultiChoice => Self {
                several: true,
                ..Self::choice(options)
            },
        }
    }

    /// The shape of one of several.
    pub(super) fn single(&self) -> Self {
        Self {
            several: false,
            ..self.clone()
        }
    }

    /// As it stands in a sentence.
    pub(super) fn name(&self) -> String {
        if self.several {
            format!("a list, each {}", self.base.name())
        } else {
            self.base.name().to_owned()
        }
    }

    /// Its options as they stand in a sentence; a long list is cut, with a word about it.
    pub(super) fn offers(&self) -> String {
        let options = self.options.as_deref().unwrap_or_default();
        let shown = options.get(..OPTIONS_SHOWN).unwrap_or(options).join(", ");
        match options.len().checked_sub(OPTIONS_SHOWN) {
            Some(more @ 1..) => format!("{shown} and {more} more"),
            Some(0) | None => shown,
        }
    }

    /// Whether a fixed value may stand here.
    pub(super) fn takes(&self, value: &FieldValue) -> Result<(), Misfit> {
        match value {
            FieldValue::List(items) if self.several => {
                items.iter().try_for_each(|item| self.takes_text(item))
            }
            FieldValue::List(_) => Err(Misfit::Type),
            _ if self.several => Err(Misfit::Type),
            FieldValue::Flag(_) => fits(self.base == Base::Boolean),
            FieldValue::Number(_) => fits(self.base == Base::Number),
            FieldValue::Money(money) => {
                let currency = &money.currency;
                let iso = currency.len() == 3 && currency.chars().all(|c| c.is_ascii_uppercase());
                fits(self.base == Base::Money && iso && money.decimal().is_some())
            }
            FieldValue::Text(text) => self.takes_text(text),
        }
    }

    /// Whether any value of the other shape may be written where this one stands.
    pub(super) fn takes_all_of(&self, other: &Shape<'_>) -> Result<(), Misfit> {
        let text = self.base == Base::Text && other.base == Base::Choice;
        if self.several != other.several || (self.base != other.base && !text) {
            return Err(Misfit::Type);
        }
        match (&self.options, &other.options) {
            (Some(known), Some(offered)) if offered.iter().any(|one| !known.contains(one)) => {
                Err(Misfit::Option)
            }
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    /// Whether values of both may be compared.
    pub(super) fn compares_with(&self, other: &Shape<'_>) -> bool {
        let texts = |base| matches!(base, Base::Text | Base::Choice);
        self.several == other.several
            && (self.base == other.base || (texts(self.base) && texts(other.base)))
    }

    fn takes_text(&self, text: &str) -> Result<(), Misfit> {
        match self.base {
            Base::Text => Ok(()),
            Base::Choice => match &self.options {
                Some(options) if !options.iter().any(|option| option == text) => {
                    Err(Misfit::Option)
                }
                Some(_) | None => Ok(()),
            },
            Base::Date => fits(NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()),
            Base::Datetime => fits(DateTime::parse_from_rfc3339(text).is_ok()),
            Base::File | Base::User | Base::Entity => fits(text.parse::<Uuid>().is_ok()),
            Base::Number | Base::Money | Base::Boolean => Err(Misfit::Type),
        }
    }
}

const fn fits(fit: bool) -> Result<(), Misfit> {
    if fit { Ok(()) } else { Err(Misfit::Type) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(json: serde_json::Value) -> FieldValue {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_list_takes_lists_of_what_one_takes() {
        let options = ["A".to_owned(), "B".to_owned()];
        let list = Shape::of_attribute(AttributeType::MultiChoice, &options);
        assert_eq!(list.takes(&value(json!(["A", "B"]))), Ok(()));
        assert_eq!(list.takes(&value(json!(["A", "C"]))), Err(Misfit::Option));
        assert_eq!(list.takes(&value(json!("A"))), Err(Misfit::Type));
        assert_eq!(list.single().takes(&value(json!("A"))), Ok(()));
        assert_eq!(list.single().takes(&value(json!(["A"]))), Err(Misfit::Type));
    }

    #[test]
    fn each_type_takes_its_own_values() {
        let id = "00000000-0000-7000-8000-000000000001";
        let money = json!({"amount": "1.50", "currency": "USD"});
        let cases = [
            (Base::Text, json!("x"), json!(1)),
            (Base::Number, json!(1.5), json!("1.5")),
            (
                Base::Money,
                money,
                json!({"amount": "1.50", "currency": "usd"}),
            ),
            (Base::Date, json!("2028-02-29"), json!("2027-02-29")),
            (
                Base::Datetime,
                json!("2026-01-01T00:00:00Z"),
                json!("2026-01-01"),
            ),
            (Base::Boolean, json!(false), json!("false")),
            (Base::File, json!(id), json!("scan.pdf")),
            (Base::User, json!(id), json!("me")),
            (Base::Entity, json!(id), json!(true)),
        ];
        for (base, fitting, other) in cases {
            assert_eq!(
                Shape::plain(base).takes(&value(fitting)),
                Ok(()),
                "{base:?}"
            );
            assert_eq!(
                Shape::plain(base).takes(&value(other)),
                Err(Misfit::Type),
                "{base:?}"
            );
        }
    }

    #[test]
    fn a_fault_names_a_few_options_only() {
        let options: Vec<String> = (1..=22).map(|number| number.to_string()).collect();
        assert!(
            Shape::choice(&options[..])
                .offers()
                .ends_with("19, 20 and 2 more")
        );
        assert!(Shape::choice(&options[..20]).offers().ends_with("19, 20"));
        assert_eq!(Shape::choice(&options[..2]).offers(), "1, 2");
    }
}
