//! Process types as a firm keeps them, and their versions: one draft at most, and published ones that never change again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document::ProcessTypeDocument;
use crate::ids::{ProcessTypeId, UserId};

/// What a firm edits. Archived, never deleted; its key never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProcessType {
    /// Its identity.
    pub id: ProcessTypeId,
    /// Unique in the firm.
    pub key: String,
    /// What people call it: as in the published version, or in the draft while there is none.
    pub name: String,
    /// Category under which it is listed.
    pub category: String,
    /// Sub-area of the category.
    pub area: Option<String>,
    /// What it is for.
    pub summary: String,
    /// Which workflow of the library it was installed from.
    pub library_slug: Option<String>,
    /// The release of the library that it was installed from, or has taken over since.
    pub library_version: Option<String>,
    /// Number of the newest published version.
    pub published_version: Option<i32>,
    /// Number of the draft.
    pub draft_version: Option<i32>,
    /// Since when it cannot be started any more.
    pub archived_at: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

/// Whether a version may still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersionStatus {
    /// Can be edited; runs nothing.
    Draft,
    /// Never changes again.
    Published,
}

impl VersionStatus {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
        }
    }
}

/// One version of a process type.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProcessTypeVersion {
    /// Its number; a type's first is 1.
    pub number: i32,
    /// Whether it may still change.
    pub status: VersionStatus,
    /// From when on processes start from it; none: since it was published.
    pub effective_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// By whom; none for a published version: by the command line.
    pub published_by: Option<UserId>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// What it says.
    pub definition: ProcessTypeDocument,
}
