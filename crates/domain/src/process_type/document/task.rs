//! Task templates.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ConditionDocument, DueDocument, EdgeDocument, EffectDocument, EscalationDocument,
    FieldDocument, Join, OutcomeDocument, OverDocument, OwnerRuleDocument, ReminderDocument,
    StartsDocument,
};

/// A task template.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskDocument {
    /// Stable name inside the type.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "intake")]
    pub key: String,
    /// What kind of work it is.
    #[serde(default)]
    pub kind: TaskKind,
    /// Key of a stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// May hold dynamic data (E14).
    #[schema(
        min_length = 1,
        max_length = 300,
        example = "Record the account request"
    )]
    pub title: String,
    /// May hold dynamic data (E14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// Who owns it when it opens: the first rule that resolves (E9).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub owner: Vec<OwnerRuleDocument>,
    /// Who else may execute it (X2–X4, X14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution: Option<ExecutionDocument>,
    /// Keys of tasks whose executors may not execute this one (X11).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub separate_from: Vec<String>,
    /// Incoming edges (E1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub after: Vec<EdgeDocument>,
    /// How several edges meet (E2, E3).
    #[serde(default, skip_serializing_if = "Join::is_all")]
    pub join: Join,
    /// Opens only where this holds, else it is skipped (E4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ConditionDocument>,
    /// Who is waited for (`wait`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_on: Option<WaitingOn>,
    /// When it is due (E11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueDocument>,
    /// How urgent it is.
    #[serde(default, skip_serializing_if = "Priority::is_normal")]
    pub priority: Priority,
    /// Whether people may skip it (E23).
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub skippable: bool,
    /// What is ticked off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub checklist: Vec<ChecklistItemDocument>,
    /// Active form fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub form: Vec<FieldDocument>,
    /// How it may be completed; none: plain completion.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub outcomes: Vec<OutcomeDocument>,
    /// What a fan-out runs over (E24).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<OverDocument>,
    /// What a subprocess or fan-out starts (E24, E25).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<StartsDocument>,
    /// What completing it brings about (E13).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub on_complete: Vec<EffectDocument>,
    /// Reminders before or after the due date (E12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub reminders: Vec<ReminderDocument>,
    /// What happens when it stays undone (E12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<EscalationDocument>,
    /// Rules that the step answers to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub references: Vec<String>,
}

const fn yes() -> bool {
    true
}

/// Kinds of task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Work.
    #[default]
    Task,
    /// Someone says yes or no; has outcomes.
    Approval,
    /// A way is chosen; has outcomes.
    Decision,
    /// An outside party acts; the owner chases.
    Wait,
    /// One child per item (E24).
    FanOut,
    /// Another process is started and waited for (E25).
    Subprocess,
}

/// Outside parties that are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says who it is")]
pub enum WaitingOn {
    Client,
    Prospect,
    Custodian,
    OtherFirm,
    ReferralSource,
    Regulator,
    Vendor,
    Other,
}

/// How urgent a task is, least first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// The default.
    #[default]
    Normal,
    /// Before others.
    High,
    /// At once.
    Urgent,
}

impl Priority {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    const fn is_normal(&self) -> bool {
        matches!(self, Self::Normal)
    }
}

/// Advanced execution: who besides the owner may execute.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExecutionDocument {
    /// The switch; the lists are kept while it is off.
    pub enabled: bool,
    /// Keys of servicing team roles.
    #[schema(max_items = 50)]
    pub servicing_team_roles: Vec<String>,
    /// Keys of business roles.
    #[schema(max_items = 50)]
    pub business_roles: Vec<String>,
    /// Keys of firm roles.
    #[schema(max_items = 50)]
    pub firm_roles: Vec<String>,
}

/// An item to tick off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistItemDocument {
    /// Unique in the task.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$")]
    pub key: String,
    /// What is to be done.
    #[schema(min_length = 1, max_length = 500)]
    pub text: String,
    /// Whether completing needs it done or marked not applicable.
    #[serde(default)]
    pub required: bool,
}
