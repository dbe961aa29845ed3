use actix_web::get;
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    process_type::{
        ProcessTypeDocument,
        upgrade::{ChangedBy, Difference, MemberDifference, PartChange, differences, merged},
    },
};
use library::find;
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
    /// The release that it rests on: the one that it was installed from, or that was taken over last.
    #[schema(example = "0.1.0")]
    base_library_version: Option<String>,
    /// The release at hand.
    #[schema(example = "0.2.0")]
    library_version: &'static str,
    /// Whether there is nothing to take over: whatever differs, the firm alone has changed.
    current: bool,
    /// The firm's version that the release is compared with: the newest published one.
    #[schema(example = 3)]
    published_version: i32,
    /// What differs between the two: the type first, then its tasks. Empty: nothing.
    differences: Vec<DifferenceView>,
    /// The firm's version with everything that the release alone has changed, to be put as its draft and checked; what both
    /// have changed is as the firm has it. Null: there is nothing to take over, or the parts of the two make no version together.
    merged: Option<ProcessTypeDocument>,
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

/// A member of the definition that differs. Of its values, null says that the member is not there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LibraryMemberDifference)]
struct MemberDifferenceView {
    #[schema(example = "title")]
    name: String,
    by: ChangedBy,
    /// As the release has it on which the type rests.
    #[schema(value_type = Value, example = json!("Record the request"))]
    base: Option<Value>,
    /// As the firm has it.
    #[schema(value_type = Value, example = json!("Record the request"))]
    present: Option<Value>,
    /// As the release at hand has it.
    #[schema(value_type = Value, example = json!("Record the account request"))]
    release: Option<Value>,
}

impl From<MemberDifference> for MemberDifferenceView {
    fn from(found: MemberDifference) -> Self {
        Self {
            name: found.name,
            by: found.by,
            base: found.base,
            present: found.present,
            release: found.release,
        }
    }
}

/// Compare an installed workflow with the library's release.
///
/// Everyone of the firm may. Tells part by part, task by task, what the release at hand would change and what the firm has
/// changed since the release on which its process type rests. To take the release over, put `merged` as the draft, decide what
/// both have changed, check it, and publish it with `library_version`. A workflow that is not installed is refused with 409.
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
    let known = call.reads().process_type_of_library(workflow.slug).await?;
    // What is installed is published at once.
    let installed = known.and_then(|it| it.published_version.map(|number| (it, number)));
    let Some((process_type, number)) = installed else {
        return Err(Problem::conflict(
            "The firm has not installed this workflow, so that there is nothing to compare.",
        ));
    };
    let id = process_type.id;
    let base = there(call.reads().library_base(id).await?)?;
    let present = there(call.reads().definition_document(id, number).await?)?;
    let release = &workflow.document;
    let found = differences(&base, &present, release);
    let current = found.iter().all(|it| it.by == ChangedBy::Firm);
    let merged = if current {
        None
    } else {
        merged(&base, &present, release)
    };
    Answer::ok(&LibraryUpgradeView {
        slug: workflow.slug,
        process_type_id: id.0,
        base_library_version: process_type.library_version,
        library_version: library::VERSION,
        current,
        published_version: number,
        differences: found.into_iter().map(DifferenceView::from).collect(),
        merged,
    })
}

/// What was published is never taken away.
fn there(definition: Option<ProcessTypeDocument>) -> Result<ProcessTypeDocument, Problem> {
    definition.ok_or_else(|| Problem::internal("a published version is gone"))
}
