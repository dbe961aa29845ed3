//! What things are called in the firm, or in the library: definitions name them by key.

use std::collections::BTreeMap;

use domain::{
    attribute::AttributeType, entity::kind_matches, ids::UserId, process_type::ProcessTypeDocument,
    role::RoleKind,
};

use serde::Serialize;

use crate::prose::{capitalised, spelled};

/// Names by key. What is missing is spelled out from its key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// Categories of the library.
    pub categories: BTreeMap<String, String>,
    /// Roles.
    pub roles: BTreeMap<String, RoleName>,
    /// Attributes, by key; several kinds of entity may have one of the same key.
    pub attributes: BTreeMap<String, Vec<AttributeName>>,
    /// Process types.
    pub types: BTreeMap<String, TypeName>,
    /// People.
    pub users: BTreeMap<UserId, String>,
}

/// What a role is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleName {
    /// Its name.
    pub name: String,
    /// Where it is held.
    pub kind: RoleKind,
}

/// What an attribute is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttributeName {
    /// Kind of entity that has it.
    pub entity_kind: String,
    /// Its label.
    pub label: String,
    /// Type of its values.
    pub value_type: AttributeType,
}

/// What a process type, its fields and its results are called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TypeName {
    /// Its name.
    pub name: String,
    /// Labels of the fields of its start form.
    pub fields: BTreeMap<String, String>,
    /// Labels of its results.
    pub results: BTreeMap<String, String>,
}

impl TypeName {
    /// The names that a definition gives.
    #[must_use]
    pub fn of(document: &ProcessTypeDocument) -> Self {
        let fields = document.start_form.iter();
        let results = document.results.iter();
        Self {
            name: document.name.clone(),
            fields: fields
                .map(|it| (it.key.clone(), it.label.clone()))
                .collect(),
            results: results
                .map(|it| (it.key.clone(), it.label.clone()))
                .collect(),
        }
    }
}

impl Names {
    /// What a role is called; where two share a name, with the kind.
    #[must_use]
    pub fn role(&self, key: &str) -> String {
        let Some(role) = self.roles.get(key) else {
            return capitalised(&spelled(key));
        };
        let namesakes = self.roles.values().filter(|other| other.name == role.name);
        if namesakes.count() == 1 {
            return role.name.clone();
        }
        format!("{} ({})", role.name, kind_of_role(role.kind).to_lowercase())
    }

    /// What a category is called.
    #[must_use]
    pub fn category(&self, key: &str) -> String {
        let known = self.categories.get(key).cloned();
        known.unwrap_or_else(|| capitalised(&spelled(key)))
    }

    /// What a process type is called.
    #[must_use]
    pub fn process_type(&self, key: &str) -> String {
        let known = self.types.get(key).map(|known| known.name.clone());
        known.unwrap_or_else(|| capitalised(&spelled(key)))
    }

    /// The attribute with a key that one of these kinds has.
    #[must_use]
    pub fn attribute(&self, key: &str, kinds: &[String]) -> Option<&AttributeName> {
        let named = self.attributes.get(key)?;
        named
            .iter()
            .find(|it| kinds.iter().any(|kind| kind_matches(&it.entity_kind, kind)))
            .or_else(|| named.first())
    }
}

/// Where a role is held.
#[must_use]
pub const fn kind_of_role(kind: RoleKind) -> &'static str {
    match kind {
        RoleKind::Business => "Business team",
        RoleKind::ServicingTeam => "Servicing team",
        RoleKind::Firm => "Firm",
    }
}
