use std::collections::BTreeMap;

use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use domain::{
    audit::{Agent, Sealed},
    event::SubjectType,
    page::Page,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::seen;
use crate::{
    call::Call,
    http::{
        page::{PageQuery, PageView, Paging},
        problem::Problem,
        query::Path,
    },
    work::Work,
};

/// One thing that happened to a process or to one of its tasks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryEntryView {
    /// Its number in the firm's trail and event feed.
    #[schema(example = 42)]
    sequence: i64,
    /// What happened.
    #[serde(rename = "type")]
    #[schema(example = "task.completed")]
    event: &'static str,
    occurred_at: DateTime<Utc>,
    /// Who did it; null where it came about by itself.
    user_id: Option<Uuid>,
    subject: HistorySubjectView,
    /// Members that are not what they were.
    #[schema(example = json!(["status", "completion"]))]
    changed: Vec<String>,
    /// What these members were; null where the subject is new.
    #[schema(additional_properties, example = json!({"status": "open"}))]
    before: Option<BTreeMap<String, Value>>,
    /// The subject as it was then.
    #[schema(additional_properties, example = json!({"status": "completed"}))]
    after: Option<BTreeMap<String, Value>>,
}

/// What it happened to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistorySubjectView {
    /// `process` or `task`.
    #[serde(rename = "type")]
    #[schema(example = "task")]
    subject_type: &'static str,
    id: Uuid,
}

impl HistoryEntryView {
    fn new(sealed: Sealed) -> Result<Self, Problem> {
        let entry = sealed.entry;
        let members = |text: Option<String>| {
            text.map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(Problem::internal)
        };
        Ok(Self {
            sequence: entry.sequence,
            event: entry.action.as_str(),
            occurred_at: entry.occurred_at,
            user_id: match entry.origin.agent {
                Agent::User { id } => Some(id.0),
                Agent::System => None,
            },
            subject: HistorySubjectView {
                subject_type: SubjectType::as_str(entry.subject_type),
                id: entry.subject_id,
            },
            changed: entry.changed,
            before: members(entry.before)?,
            after: members(entry.after)?,
        })
    }
}

/// Read what happened in a process.
///
/// Whoever may see the process: everything about it, and about those of its tasks that they may see.
#[utoipa::path(
    params(("id" = Uuid, Path, description = "The process."), PageQuery),
    responses((status = 200, description = "Oldest first.", body = PageView<HistoryEntryView>)),
)]
#[get("/v1/processes/{id}/history")]
#[tracing::instrument(name = "get_process_history", skip_all)]
pub(crate) async fn get_process_history(
    call: Call,
    Path(id): Path<Uuid>,
    paging: Paging,
) -> Result<HttpResponse, Problem> {
    let place = call.page_request(&paging)?;
    let scene = seen(&call, id).await?;
    let now = call.state().ambient.now();
    let visible = (0..scene.run.tasks.len()).filter_map(|index| {
        let work = Work::OfProcess(scene.clone(), index);
        let facts = work.facts(now).ok()?;
        facts.see(call.actor()).ok()?;
        Some(work.task().id.0)
    });
    let subjects: Vec<Uuid> = std::iter::once(id).chain(visible).collect();
    let page = call.reads().changes_of(&subjects, place).await?;
    let entries = page.items.into_iter().map(HistoryEntryView::new);
    let page = Page {
        items: entries.collect::<Result<Vec<_>, _>>()?,
        next: page.next,
    };
    call.page(&paging, page)
}
