use actix_web::patch;
use domain::{ids::TaskId, process::input::CheckState};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    command::{EXECUTE, answer, carried_out, decided, locked},
    view::TaskView,
};
use crate::{
    call::{Call, Stop},
    http::{answer::Answer, etag::OptionalIfMatch, json::Body, problem::Problem, query::Path},
    work::References,
};

/// Where the item is.
#[derive(Debug, Deserialize)]
pub(crate) struct ItemPath {
    task_id: TaskId,
    key: String,
}

/// The state of an item: ticked or not, or not applying.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum SetChecklistItem {
    /// Ticked or not.
    Tick(TickItem),
    /// Not applying.
    Applies(SetItemAside),
}

/// Ticks an item, or unticks it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "done": true }))]
pub(crate) struct TickItem {
    done: bool,
}

/// Marks an item as not applying, which counts as done; `false` takes that back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "not_applicable": true, "note": "The client has no spouse." }))]
pub(crate) struct SetItemAside {
    not_applicable: bool,
    /// Why it does not apply.
    #[schema(max_length = 2_000)]
    note: Option<String>,
}

impl SetChecklistItem {
    fn into_state(self) -> CheckState {
        match self {
            Self::Tick(TickItem { done: true }) => CheckState::Done,
            Self::Tick(TickItem { done: false })
            | Self::Applies(SetItemAside {
                not_applicable: false,
                ..
            }) => CheckState::Open,
            Self::Applies(SetItemAside {
                not_applicable: true,
                note,
            }) => CheckState::NotApplicable { note },
        }
    }
}

/// Tick an item of a checklist.
///
/// Whoever may execute the task may. Each item is a cell of its own, so that `If-Match` may be left out. The first tick
/// begins an open task.
#[utoipa::path(
    params(
        ("task_id" = Uuid, Path, description = "The task."),
        ("key" = String, Path, description = "Key of the item.", min_length = 1, max_length = 80),
        OptionalIfMatch,
    ),
    request_body = SetChecklistItem,
    responses((status = 200, description = "The task as it is now.", body = TaskView)),
)]
#[patch("/v1/tasks/{task_id}/checklist/{key}")]
#[tracing::instrument(name = "set_checklist_item", skip_all)]
pub(crate) async fn set_checklist_item(
    call: Call,
    if_match: OptionalIfMatch,
    Path(at): Path<ItemPath>,
    Body(body): Body<SetChecklistItem>,
) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    let state = body.into_state();
    let by = call.actor().user_id;
    call.write(async |tx| -> Result<Answer, Stop> {
        let named = |_: &_| References::default();
        let work = locked(&call, tx, &catalog, at.task_id, named).await?;
        if !work.task().checklist.iter().any(|item| item.key == at.key) {
            return Err(Problem::not_found().into());
        }
        if_match.check(work.task().version)?;
        let decision = decided(&call, tx, &work, EXECUTE).await?;
        let moved = carried_out(tx, &work, |mover| {
            mover.set_check(&at.key, &state, by, &decision)
        })?;
        Ok(answer(&call, tx, &work, &moved)?)
    })
    .await
}
