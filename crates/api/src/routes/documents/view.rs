use chrono::{DateTime, Utc};
use domain::document::Document;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is known of a stored file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentView {
    id: Uuid,
    /// What people call it, with its ending.
    #[schema(example = "Account application.pdf")]
    name: String,
    /// What kind of file it is, as declared when it was uploaded.
    #[schema(example = "application/pdf")]
    media_type: String,
    /// Its length in bytes.
    #[schema(minimum = 0, example = 48213)]
    size: i64,
    /// SHA-256 of its bytes, in hexadecimal.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    sha256: String,
    /// The entity that it was uploaded for.
    entity_id: Option<Uuid>,
    /// Who uploaded it.
    uploaded_by: Option<Uuid>,
    created_at: DateTime<Utc>,
}

impl From<&Document> for DocumentView {
    fn from(document: &Document) -> Self {
        Self {
            id: document.id.0,
            name: document.name.clone(),
            media_type: document.media_type.clone(),
            size: document.size,
            sha256: document.sha256.clone(),
            entity_id: document.entity_id.map(Uuid::from),
            uploaded_by: document.uploaded_by.map(Uuid::from),
            created_at: document.created_at,
        }
    }
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is of interest")]
pub(crate) struct FileContent(Vec<u8>);
