use chrono::{DateTime, Utc};
use domain::{
    task::{Attempt, ChecklistItem, Completion, TaskStatus, Via},
    value::FieldValue,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An item to tick off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChecklistItem)]
pub(crate) struct ChecklistItemView {
    #[schema(example = "call_client")]
    key: String,
    #[schema(example = "Call the client")]
    text: String,
    /// Whether completing needs it done or marked as not applying.
    required: bool,
    done: bool,
    not_applicable: bool,
    /// Why it does not apply.
    note: Option<String>,
    /// Who set its state last.
    by: Option<Uuid>,
    at: Option<DateTime<Utc>>,
}

/// How a task was completed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskCompletion)]
pub(crate) struct CompletionView {
    at: DateTime<Utc>,
    by: Option<Uuid>,
    on_behalf_of: Option<Uuid>,
    via: Via,
    /// The role that let them.
    role_id: Option<Uuid>,
    /// The permission rule that let them.
    #[schema(example = "X2")]
    rule: String,
    #[schema(example = "allowed by X2: holds Client Service Associate on Okafor Household")]
    reason: String,
    outcome: Option<String>,
    reason_code: Option<String>,
    note: Option<String>,
}

/// An attempt that was sent or taken back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskAttempt)]
pub(crate) struct AttemptView {
    /// From 1.
    attempt: u32,
    /// How far it had got.
    status: TaskStatus,
    owner_id: Option<Uuid>,
    opened_at: Option<DateTime<Utc>>,
    due_at: Option<DateTime<Utc>>,
    form: Vec<AnswerView>,
    checklist: Vec<ChecklistItemView>,
    /// How it had been completed, if it was.
    completion: Option<CompletionView>,
    withdrawn_at: DateTime<Utc>,
    /// Whether somebody took its completion back, rather than an outcome sending it back.
    undone: bool,
    /// Why it was taken back.
    undone_reason: Option<String>,
}

/// An answer of an earlier attempt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskAnswer)]
pub(crate) struct AnswerView {
    /// Key of the field.
    key: String,
    value: FieldValue,
}

impl ChecklistItemView {
    pub(super) fn new(item: &ChecklistItem) -> Self {
        Self {
            key: item.key.clone(),
            text: item.text.clone(),
            required: item.required,
            done: item.done,
            not_applicable: item.not_applicable,
            note: item.note.clone(),
            by: item.by.map(Uuid::from),
            at: item.at,
        }
    }
}

impl CompletionView {
    pub(super) fn new(completion: &Completion) -> Self {
        Self {
            at: completion.at,
            by: completion.by.map(Uuid::from),
            on_behalf_of: completion.on_behalf_of.map(Uuid::from),
            via: completion.via,
            role_id: completion.role_id.map(Uuid::from),
            rule: completion.rule.clone(),
            reason: completion.reason.clone(),
            outcome: completion.outcome.clone(),
            reason_code: completion.reason_code.clone(),
            note: completion.note.clone(),
        }
    }
}

impl AttemptView {
    pub(super) fn new(attempt: &Attempt) -> Self {
        let form = attempt.form.iter().map(|(key, value)| AnswerView {
            key: key.clone(),
            value: value.clone(),
        });
        Self {
            attempt: attempt.attempt,
            status: attempt.status,
            owner_id: attempt.owner_id.map(Uuid::from),
            opened_at: attempt.opened_at,
            due_at: attempt.due_at,
            form: form.collect(),
            checklist: attempt
                .checklist
                .iter()
                .map(ChecklistItemView::new)
                .collect(),
            completion: attempt.completion.as_ref().map(CompletionView::new),
            withdrawn_at: attempt.withdrawn_at,
            undone: attempt.undone,
            undone_reason: attempt.undone_reason.clone(),
        }
    }
}
