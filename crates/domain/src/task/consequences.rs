//! What a completion brought about besides moving tasks: what taking it back undoes, and what it cannot undo (E8).

use serde::{Deserialize, Serialize};

use crate::{
    document::DocumentLink,
    ids::{EntityId, TaskId, TouchpointId, UserId},
    process::run::AttributeWrite,
    value::FieldValue,
};

/// What came of one completion by its form and its effects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Consequences {
    /// Values written to attributes, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<WrittenValue>,
    /// Contacts logged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub touchpoints: Vec<TouchpointId>,
    /// Links of documents made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub document_links: Vec<DocumentLink>,
    /// Records made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<EntityId>,
    /// Follow-up tasks made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<TaskId>,
    /// Who was told something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notified: Vec<UserId>,
}

/// One value as it was before a completion and as the completion left it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WrittenValue {
    /// Whose.
    pub entity_id: EntityId,
    /// Key of the attribute.
    pub attribute: String,
    /// What it was.
    pub before: Option<FieldValue>,
    /// What it became.
    pub after: Option<FieldValue>,
}

impl Consequences {
    /// Whether nothing came of it.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl From<&AttributeWrite> for WrittenValue {
    fn from(write: &AttributeWrite) -> Self {
        Self {
            entity_id: write.entity_id,
            attribute: write.attribute.clone(),
            before: write.before.clone(),
            after: write.after.clone(),
        }
    }
}
