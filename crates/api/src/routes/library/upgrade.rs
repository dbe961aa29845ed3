use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    process_type::upgrade::{ChangedBy, Difference, MemberDifference, PartChange, differences},
};
use library::find;
use persistence::StoreError;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem, query::Path},
};

/// What the library's present release would change of a workflow that a firm has installed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LibraryUpgradeView {
    #[schema(example = "new-account-opening")]
    slug: &'static str,
    /// The process type that was installed from it.
    process_type_id: Uuid,
    /// The release that it was installed from.
    #[schema(example = "0.1.0")]
    installed_library_version: Option<String>,
    /// The release at hand.
    #[schema(example = "0.2.0")]
    library_version: &'static str,
    /// The firm's version that the release is compared with: the newest published one.
    #[schema(example = 3)]
    published_version: i32,
    /// What differs between the two: the type first, then its tasks. Empty: nothing.
    differences: Vec<DifferenceView>,
}

/// A part that differs between what the firm has and the release.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LibraryDifference)]
struct DifferenceView {
    /// Key of the task; null: the type itself.
    #[schema(example = "intake")]
    task: Option<String>,
    /// What people call it.
    #[schema(example = "Record the account request")]
    title: String,
    change: PartChange,
    by: ChangedBy,
    /// Its members that differ; of a part that only one of the two has, none.
    members: Vec<MemberDifferenceView>,
}

impl From<Difference> for DifferenceView {
    fn from(found: Difference) -> Self {
        Self {
            task: found.task,
            title: found.title,
            change: found.change,
            by: found.by,
            members: found
                .members
                .into_iter()
                .map(MemberDifferenceView::from)
                .collect(),
        }
    }
}

/// A member of the definition that differs; each value is JSON as text, null where the member is not there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LibraryMemberDifference)]
struct MemberDifferenceView {
    #[schema(example = "title")]
    name: String,
    by: ChangedBy,
    /// As it was installed.
    #[schema(example = "\"Record the request\"")]
    installed: Option<String>,
    /// As the firm has it.
    #[schema(example = "\"Record the request\"")]
    present: Option<String>,
    /// As the release has it.
    #[schema(example = "\"Record the account request\"")]
    release: Option<String>,
}

impl From<MemberDifference> for MemberDifferenceView {
    fn from(found: MemberDifference) -> Self {
        let text = |value: Option<Value>| value.map(|value| value.to_string());
        Self {
            name: found.name,
            by: found.by,
            installed: text(found.installed),
            present: text(found.present),
            release: text(found.release),
        }
    }
}

/// Compare an installed workflow with the library's release.
///
/// Everyone of the firm may. Tells part by part, task by task, what the release at hand would change and what the firm has
/// changed since it installed the workflow. A workflow that is not installed is refused with 409.
#[utoipa::path(
    params(("slug" = String, Path, description = "The workflow.", pattern = "^[a-z0-9][a-z0-9-]{0,79}$", example = "new-account-opening")),
    responses(
        (status = 200, description = "What differs.", body = LibraryUpgradeView),
        (status = 409, description = "The firm has not installed it."),
    ),
)]
#[get("/v1/library/{slug}/upgrade")]
#[tracing::instrument(name = "get_library_upgrade", skip_all)]
pub(crate) async fn get_library_upgrade(
    call: Call,
    Path(slug): Path<String>,
) -> Result<Answer, Problem> {
    decide_firm_action(FirmAction::ReadSetup, call.actor()).or_denied(true)?;
    let workflow = find(&slug).ok_or_else(Problem::not_found)?;
    let reads = call.reads();
    let installed = reads.process_type_of_library(workflow.slug).await?;
    let Some((installed, published)) =
        installed.and_then(|it| it.published_version.map(|number| (it, number)))
    else {
        return Err(Problem::conflict(
            "The firm has not installed this workflow.",
        ));
    };
    // An installation publishes the first version, and none is ever taken away.
    let version = async |number| {
        let found = reads.process_type_version(installed.id, number).await?;
        found.ok_or(StoreError::NoFirm)
    };
    let (first, present) = (version(1).await?, version(published).await?);
    let found = differences(&first.definition, &present.definition, &workflow.document);
    Answer::ok(&LibraryUpgradeView {
        slug: workflow.slug,
        process_type_id: installed.id.0,
        installed_library_version: installed.library_version,
        library_version: library::VERSION,
        published_version: published,
        differences: found.into_iter().map(DifferenceView::from).collect(),
    })
}
