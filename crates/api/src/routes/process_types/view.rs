use chrono::{DateTime, Utc};
use domain::{
    ids::ProcessTypeId,
    process_type::{ProcessType, ProcessTypeDocument, ProcessTypeVersion, Report, VersionStatus},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::problem::ProblemFault;

/// A process type: what all of its versions have in common.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessTypeView {
    id: Uuid,
    /// Unique in the firm; never changes.
    #[schema(example = "fee_review")]
    key: String,
    /// As in the newest published version, or in the draft while there is none.
    #[schema(example = "Fee Review")]
    name: String,
    /// Category under which it is listed.
    #[schema(example = "client_management")]
    category: String,
    /// Sub-area of the category.
    area: Option<String>,
    /// What it is for.
    #[schema(example = "See once a year that a household pays what was agreed.")]
    summary: String,
    /// The library's workflow that it was installed from.
    #[schema(example = "new-account-opening")]
    library_slug: Option<String>,
    /// The library's release that it was installed from, or has taken over since.
    #[schema(example = "0.1.0")]
    library_version: Option<String>,
    /// Number of the newest published version.
    #[schema(example = 1)]
    published_version: Option<i32>,
    /// Number of the draft.
    #[schema(example = 2)]
    draft_version: Option<i32>,
    /// Since when it cannot be started any more.
    archived_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    /// Rises with each change; the `ETag`.
    version: i64,
}

impl From<ProcessType> for ProcessTypeView {
    fn from(process_type: ProcessType) -> Self {
        Self {
            id: process_type.id.0,
            key: process_type.key,
            name: process_type.name,
            category: process_type.category,
            area: process_type.area,
            summary: process_type.summary,
            library_slug: process_type.library_slug,
            library_version: process_type.library_version,
            published_version: process_type.published_version,
            draft_version: process_type.draft_version,
            archived_at: process_type.archived_at,
            created_at: process_type.created_at,
            version: process_type.version,
        }
    }
}

/// The draft of a process type.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessTypeDraftView {
    process_type_id: Uuid,
    /// The number that it will be published under.
    #[schema(example = 2)]
    number: i32,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// What it says.
    definition: ProcessTypeDocument,
    /// The version of the process type; the `ETag`.
    version: i64,
}

impl ProcessTypeDraftView {
    /// As it stands in its type.
    pub(super) fn new(process_type: &ProcessType, draft: ProcessTypeVersion) -> Self {
        Self {
            process_type_id: process_type.id.0,
            number: draft.number,
            created_at: draft.created_at,
            definition: draft.definition,
            version: process_type.version,
        }
    }
}

/// One version of a process type, without what it says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessTypeVersionView {
    process_type_id: Uuid,
    /// A type's first is 1.
    #[schema(example = 1)]
    number: i32,
    /// What is published never changes again.
    status: VersionStatus,
    /// From when on processes start from it; null: since it was published.
    effective_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
    /// Who published it; null: nobody yet, or the command line.
    published_by: Option<Uuid>,
    /// When it was begun.
    created_at: DateTime<Utc>,
}

impl ProcessTypeVersionView {
    /// As it stands in its type.
    pub(super) fn new(process_type: ProcessTypeId, version: &ProcessTypeVersion) -> Self {
        Self {
            process_type_id: process_type.0,
            number: version.number,
            status: version.status,
            effective_at: version.effective_at,
            published_at: version.published_at,
            published_by: version.published_by.map(Uuid::from),
            created_at: version.created_at,
        }
    }
}

/// One version of a process type with what it says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessTypeDefinitionView {
    process_type_id: Uuid,
    /// A type's first is 1.
    #[schema(example = 1)]
    number: i32,
    /// What is published never changes again.
    status: VersionStatus,
    /// From when on processes start from it; null: since it was published.
    effective_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
    /// Who published it; null: nobody yet, or the command line.
    published_by: Option<Uuid>,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// What it says.
    definition: ProcessTypeDocument,
}

impl ProcessTypeDefinitionView {
    /// As it stands in its type.
    pub(super) fn new(process_type: ProcessTypeId, version: ProcessTypeVersion) -> Self {
        Self {
            process_type_id: process_type.0,
            number: version.number,
            status: version.status,
            effective_at: version.effective_at,
            published_at: version.published_at,
            published_by: version.published_by.map(Uuid::from),
            created_at: version.created_at,
            definition: version.definition,
        }
    }
}

/// What was found in a draft.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckReportView {
    /// Whether it may be published.
    sound: bool,
    /// What must be put right before; pointers into the definition.
    faults: Vec<ProblemFault>,
    /// What should be looked at; keeps nothing from being published.
    warnings: Vec<ProblemFault>,
}

impl From<Report> for CheckReportView {
    fn from(report: Report) -> Self {
        Self {
            sound: report.is_sound(),
            faults: report.faults.into_iter().map(Into::into).collect(),
            warnings: report.warnings.into_iter().map(Into::into).collect(),
        }
    }
}
