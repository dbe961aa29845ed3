//! Documents: stored files and what they are linked to (plays.md T4).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{DocumentId, DocumentLinkId, EntityId, TaskId, UserId};

/// A stored file: one object, however many links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its identity.
    pub id: DocumentId,
    /// What people call it.
    pub name: String,
    /// Media type as declared at upload.
    pub media_type: String,
    /// Length in bytes.
    pub size: i64,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Whose it is; none until it is linked.
    pub entity_id: Option<EntityId>,
    /// Who uploaded it.
    pub uploaded_by: Option<UserId>,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// A document that belongs to an entity or a task besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentLink {
    /// Its identity.
    pub id: DocumentLinkId,
    /// Which document.
    pub document_id: DocumentId,
    /// Linked to this entity.
    pub entity_id: EntityId,
    /// By this task, if one did.
    pub task_id: Option<TaskId>,
    /// Under this name (`file_document`'s).
    pub name: Option<String>,
}

/// Somewhere that a document belongs besides the record for which it was uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentPlace {
    /// Which document.
    pub document_id: DocumentId,
    /// The record that it is linked to, or whose work names it in a form.
    pub entity_id: EntityId,
    /// Whether it is there by a task, or a form of a process.
    pub of_work: bool,
    /// Whether whoever asks sees that task or process.
    pub work_seen: bool,
}

impl Document {
    /// The records that it belongs to.
    pub fn records(&self, places: &[DocumentPlace]) -> impl Iterator<Item = EntityId> {
        let places = places.iter().map(|place| place.entity_id);
        self.entity_id.into_iter().chain(places)
    }
}
