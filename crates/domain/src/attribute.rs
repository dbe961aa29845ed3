//! Attribute definitions: the typed facts that a firm keeps of its entities.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{entity::kind_matches, ids::AttributeId};

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

/// The definition of an attribute that entities of this kind have.
#[must_use]
pub fn find<'a>(attributes: &'a [Attribute], kind: &str, key: &str) -> Option<&'a Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.key == key && kind_matches(&attribute.entity_kind, kind))
}
