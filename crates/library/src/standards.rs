//! Roles, attributes and categories that the workflows name.

use std::sync::LazyLock;

use domain::{attribute::AttributeType, entity::kind_matches, role::RoleKind};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{index, names::AttributeName, yaml};

/// A role that a new firm gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardRole {
    /// The key by which workflows name it.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Where it is held.
    pub kind: RoleKind,
    /// What it is for.
    pub description: String,
    /// Whether its primary holder leads the client relationship.
    #[serde(default)]
    pub leads: bool,
}

/// An attribute definition that installing a workflow makes where the firm lacks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardAttribute {
    /// Unique among those of its entity kind.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Kind of entity that has it; `client` serves household, person, organization and trust.
    pub entity_kind: String,
    /// Type of its values.
    #[serde(rename = "type")]
    pub value_type: AttributeType,
    /// What may be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A heading of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The key by which workflows name it.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Its sub-areas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<String>,
}

static ROLES: LazyLock<Vec<StandardRole>> = LazyLock::new(|| list(index::ROLES));
static ATTRIBUTES: LazyLock<Vec<StandardAttribute>> = LazyLock::new(|| list(index::ATTRIBUTES));
static CATEGORIES: LazyLock<Vec<Category>> = LazyLock::new(|| list(index::CATEGORIES));

/// A file that cannot be read never ships: the tests read each one.
fn list<T: DeserializeOwned>(text: &str) -> Vec<T> {
    yaml::read(text).unwrap_or_default()
}

/// The standard roles.
#[must_use]
pub fn roles() -> &'static [StandardRole] {
    &ROLES
}

/// The attribute definitions.
#[must_use]
pub fn attributes() -> &'static [StandardAttribute] {
    &ATTRIBUTES
}

/// The definition that serves an attribute as a process type names it.
#[must_use]
pub fn attribute(name: &AttributeName) -> Option<&'static StandardAttribute> {
    ATTRIBUTES.iter().find(|attribute| {
        attribute.key == name.key && kind_matches(&attribute.entity_kind, &name.entity_kind)
    })
}

/// The categories, in the order in which people see them.
#[must_use]
pub fn categories() -> &'static [Category] {
    &CATEGORIES
}
