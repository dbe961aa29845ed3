//! Values of form fields and attributes.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount of money. The amount is decimal text, never a float.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Decimal text with at most four decimal places.
    #[schema(pattern = r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$", example = "12500.00")]
    pub amount: String,
    /// ISO 4217 code.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
}

impl Money {
    /// The amount as a number, where it is one.
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        self.amount.parse().ok()
    }
}

/// A value of a firm's own field: what `form`, `fields` and `attributes` hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum FieldValue {
    /// `boolean`.
    Flag(bool),
    /// `number`.
    #[schema(value_type = f64)]
    Number(serde_json::Number),
    /// `text`, `long_text`, `date`, `datetime`, `choice`, and ids (`file`, `user`, `entity`).
    Text(String),
    /// Any of the textual types with `multiple`. Stands before `Money`, which would take a list of two texts for its own.
    List(Vec<String>),
    /// `money`.
    Money(Money),
}

/// Types of form fields and attributes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A number.
    Number,
    /// An amount with its currency.
    Money,
    /// `YYYY-MM-DD`.
    Date,
    /// RFC 3339, UTC.
    Datetime,
    /// Yes or no.
    Boolean,
    /// One or more of the options.
    Choice,
    /// The id of a document.
    File,
    /// The id of a user.
    User,
    /// The id of an entity.
    Entity,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_two_texts_is_no_money() {
        let chosen: FieldValue = serde_json::from_str(r#"["Margin", "Options"]"#).unwrap();
        let both = vec!["Margin".to_owned(), "Options".to_owned()];
        assert_eq!(chosen, FieldValue::List(both));
    }
}
