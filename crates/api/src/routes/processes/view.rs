use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    process::{Parent, Process, ProcessStatus},
    value::FieldValue,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    call::Call,
    http::problem::Problem,
    routes::expand::{ExpandProcesses, ProcessExpansion, Referring},
};

/// A workflow that runs, or ran, for an entity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProcessView {
    pub(super) id: Uuid,
    /// What it is a run of.
    process_type_id: Uuid,
    /// Which version of that; a later one changes nothing here unless the process is moved to it.
    #[schema(example = 1)]
    process_type_version: i32,
    /// Name of the process type.
    #[schema(example = "New Account Opening")]
    name: String,
    /// For whom: the first subject, or the firm.
    entity_id: Uuid,
    /// All subjects, the first among them.
    entity_ids: Vec<Uuid>,
    /// Who is accountable.
    owner_id: Option<Uuid>,
    /// Who started it; null when a process or a schedule did.
    initiator_id: Option<Uuid>,
    /// Further records, by the key that the process type gives them.
    #[schema(example = json!({"account": "01981d4e-7a00-7000-8000-00000000a001"}))]
    related: BTreeMap<String, Uuid>,
    status: ProcessStatus,
    /// Key of the result that it reached or, while it runs, is set to reach.
    #[schema(example = "completed")]
    result: Option<String>,
    /// Answers of the start form, by the keys of its fields.
    #[schema(example = json!({"account_type": "Roth IRA"}))]
    fields: BTreeMap<String, FieldValue>,
    /// What started it, if a process did.
    #[schema(nullable)]
    parent: Option<ParentView>,
    /// The schedule at whose time it started.
    schedule_id: Option<Uuid>,
    /// The batch of which it is one.
    batch_id: Option<Uuid>,
    /// Why it is on hold.
    hold_reason: Option<String>,
    /// Why it was cancelled.
    cancel_reason: Option<String>,
    started_at: DateTime<Utc>,
    /// When it was completed or cancelled.
    ended_at: Option<DateTime<Utc>>,
    /// Rises with each change; the tag for `If-Match`.
    #[schema(example = 1)]
    pub(super) version: i64,
    /// What it refers to, where `expand` asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    expanded: Option<ProcessExpansion>,
}

impl ProcessView {
    /// The same processes with what they refer to, as far as it was asked for.
    pub(super) async fn expanded(
        mut views: Vec<Self>,
        call: &Call,
        asked: &ExpandProcesses,
    ) -> Result<Vec<Self>, Problem> {
        let referring = views.iter().map(|view| Referring {
            owner: view.owner_id,
            entity: Some(view.entity_id),
            process: None,
        });
        let referring: Vec<Referring> = referring.collect();
        let expansions = asked.read(call, &referring).await?;
        for (view, expansion) in views.iter_mut().zip(expansions) {
            view.expanded = expansion;
        }
        Ok(views)
    }
}

/// The process that started a process.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ParentView {
    process_id: Uuid,
    /// The task whose opening or completion started it.
    task_id: Option<Uuid>,
    /// Whether that task waits for it to end.
    waited_for: bool,
}

impl From<&Parent> for ParentView {
    fn from(parent: &Parent) -> Self {
        Self {
            process_id: parent.process_id.0,
            task_id: parent.task_id.map(Uuid::from),
            waited_for: parent.waited_for,
        }
    }
}

impl From<&Process> for ProcessView {
    fn from(process: &Process) -> Self {
        Self {
            id: process.id.0,
            process_type_id: process.process_type_id.0,
            process_type_version: process.process_type_version,
            name: process.name.clone(),
            entity_id: process.entity_id.0,
            entity_ids: process.entity_ids.iter().map(|id| id.0).collect(),
            owner_id: process.owner_id.map(Uuid::from),
            initiator_id: process.initiator_id.map(Uuid::from),
            related: process
                .related
                .iter()
                .map(|(key, id)| (key.clone(), id.0))
                .collect(),
            status: process.status,
            result: process.result.clone(),
            fields: process.fields.clone(),
            parent: process.parent.as_ref().map(ParentView::from),
            schedule_id: process.cause.schedule_id.map(Uuid::from),
            batch_id: process.cause.batch_id.map(Uuid::from),
            hold_reason: process.hold_reason.clone(),
            cancel_reason: process.cancel_reason.clone(),
            started_at: process.started_at,
            ended_at: process.ended_at,
            version: process.version,
            expanded: None,
        }
    }
}
