//! Attribute definitions: the typed facts that a firm keeps of its entities.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{entity::kind_matches, fault::Fault, ids::AttributeId};

/// Types of attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum AttributeType {
    Text,
    Number,
    Money,
    Date,
    Boolean,
    Choice,
    MultiChoice,
    User,
    Entity,
}

impl AttributeType {
    /// Whether its values are chosen from a list.
    #[must_use]
    pub const fn is_chosen(self) -> bool {
        match self {
            Self::Choice | Self::MultiChoice => true,
            Self::Text
            | Self::Number
            | Self::Money
            | Self::Date
            | Self::Boolean
            | Self::User
            | Self::Entity => false,
        }
    }
}

/// The definition of an attribute. Archived, never deleted; key and kind never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its identity.
    pub id: AttributeId,
    /// Unique among those of its entity kind.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Kind of entity that has it; `client` serves household, person, organization and trust.
    pub entity_kind: String,
    /// Type of its values.
    pub value_type: AttributeType,
    /// What may be chosen.
    pub options: Vec<String>,
    /// No longer offered.
    pub archived: bool,
    /// Rises with each change.
    pub version: i64,
}

impl Attribute {
    /// What is wrong with it as a whole; the form of its members is known to be right.
    #[must_use]
    pub fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.label.trim().is_empty() {
            faults.push(Fault::new("/label", "blank", "Say what people call it."));
        }
        match (self.value_type.is_chosen(), self.options.is_empty()) {
            (true, true) => faults.push(Fault::new(
                "/options",
                "required",
                "Name at least one option to choose.",
            )),
            (false, false) => faults.push(Fault::new(
                "/options",
                "not-allowed",
                "Only a choice has options.",
            )),
            (true, false) | (false, true) => {}
        }
        for (place, option) in self.options.iter().enumerate() {
            let pointer = format!("/options/{place}");
            if option.trim().is_empty() {
                faults.push(Fault::new(pointer, "blank", "An option needs a name."));
            } else if self.options[..place].contains(option) {
                let detail = "No option may be offered twice.";
                faults.push(Fault::new(pointer, "duplicate", detail));
            }
        }
        faults
    }
}

/// The definition of an attribute that entities of this kind have.
#[must_use]
pub fn find<'a>(attributes: &'a [Attribute], kind: &str, key: &str) -> Option<&'a Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.key == key && kind_matches(&attribute.entity_kind, kind))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn faults(value_type: AttributeType, options: &[&str]) -> Vec<(String, String)> {
        let attribute = Attribute {
            id: AttributeId(Uuid::from_u128(1)),
            key: "risk".to_owned(),
            label: " ".to_owned(),
            entity_kind: "client".to_owned(),
            value_type,
            options: options.iter().map(|&option| option.to_owned()).collect(),
            archived: false,
            version: 1,
        };
        let found = attribute.check();
        found
            .into_iter()
            .map(|fault| (fault.pointer, fault.code))
            .collect()
    }

    fn fault(pointer: &str, code: &str) -> (String, String) {
        (pointer.to_owned(), code.to_owned())
    }

    #[test]
    fn a_choice_needs_options_and_nothing_else_has_any() {
        let blank = fault("/label", "blank");
        for chosen in [AttributeType::Choice, AttributeType::MultiChoice] {
            assert_eq!(
                faults(chosen, &["low", "high"]),
                std::slice::from_ref(&blank)
            );
            assert_eq!(
                faults(chosen, &[]),
                [blank.clone(), fault("/options", "required")]
            );
        }
        assert_eq!(
            faults(AttributeType::Date, &[]),
            std::slice::from_ref(&blank)
        );
        assert_eq!(
            faults(AttributeType::Date, &["low"]),
            [blank, fault("/options", "not-allowed")]
        );
    }

    #[test]
    fn an_option_is_offered_once_and_has_a_name() {
        assert_eq!(
            faults(AttributeType::Choice, &["low", "", "low"]),
            [
                fault("/label", "blank"),
                fault("/options/1", "blank"),
                fault("/options/2", "duplicate")
            ]
        );
    }
}
