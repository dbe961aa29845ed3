//! The definition as people and programs write it: body of the API, YAML file of the library, export of a type.
//!
//! Flat on purpose: every part is one struct of optional members with unknown members denied, because recursive tagged
//! unions break generated clients. [`parse`](super::parse()) turns it into a [`super::Definition`] and names every fault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    schedule::ClosedDays,
    value::{FieldType, FieldValue},
};

/// A process type's definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "key": "fee_review",
    "name": "Fee Review",
    "category": "client_management",
    "summary": "See once a year that a household pays what was agreed.",
    "trigger": {"kind": "periodic", "description": "Once a year."},
    "initiators": ["lead_advisor"],
    "subject": {"kinds": ["household"]},
    "tasks": [
        {
            "key": "compare",
            "title": "Compare the fees of {{ entity.name }} with the agreement",
            "owner": [{"role": "client_service_associate"}],
            "due": {"amount": 5, "unit": "business_days", "from": "process_start"},
            "form": [{"key": "difference", "label": "Difference", "type": "money", "required": true}]
        },
        {
            "key": "approve",
            "kind": "approval",
            "title": "Approve the comparison",
            "owner": [{"role": "lead_advisor"}],
            "separate_from": ["compare"],
            "after": [{"task": "compare"}],
            "due": {"amount": 2, "unit": "business_days", "from": "opened"},
            "outcomes": [
                {"key": "approved", "label": "Approved"},
                {"key": "sent_back", "label": "Sent back", "reopens": "compare", "requires_note": true}
            ]
        }
    ]
}))]
pub struct ProcessTypeDocument {
    /// Stable name, unique in the firm, fixed at creation.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "new_account_opening")]
    pub key: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 120, example = "New Account Opening")]
    pub name: String,
    /// Category under which it is listed (`snake_case`).
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "service_requests")]
    pub category: String,
    /// Sub-area of the category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 120)]
    pub area: Option<String>,
    /// What it is for, in a sentence or two.
    #[schema(min_length = 1, max_length = 2000)]
    pub summary: String,
    /// What sets it off.
    pub trigger: TriggerDocument,
    /// Keys of the roles whose holders may start it, or `anyone` (X20).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub initiators: Vec<String>,
    /// The process's accountable owner: the first rule that resolves (E9).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub owner: Vec<OwnerRuleDocument>,
    /// What it is run for.
    pub subject: SubjectDocument,
    /// Further records that a run names or makes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub related: Vec<RelatedDocument>,
    /// Fields asked for when it is started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub start_form: Vec<FieldDocument>,
    /// How it may end; `completed` is the default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub results: Vec<ResultDocument>,
    /// Parameters that a firm can set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub policies: Vec<PolicyDocument>,
    /// When it starts by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<ScheduleDocument>,
    /// Rules and sources that it answers to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub references: Vec<String>,
    /// Headings under which people see the tasks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub stages: Vec<StageDocument>,
    /// The tasks.
    #[schema(min_items = 1, max_items = 300)]
    pub tasks: Vec<TaskDocument>,
}

/// What sets a process off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TriggerDocument {
    /// The kind of trigger.
    pub kind: TriggerKind,
    /// In people's words.
    #[schema(max_length = 2000)]
    pub description: String,
}

/// Kinds of trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerKind {
    /// Something happened.
    Reactionary,
    /// The firm takes the lead.
    Proactive,
    /// At set times.
    Periodic,
    /// When it is needed.
    AsNeeded,
}

/// One owner rule: exactly one member is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"role": "client_service_associate"}))]
pub struct OwnerRuleDocument {
    /// Key of a role on the entity's teams, or of a firm role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Id of a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Key of a `user` field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Key of a task: whoever completed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub executor_of: Option<String>,
    /// A person known from the process, or nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<OwnerIs>,
}

/// Owners that need no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnerIs {
    /// The process's accountable owner.
    ProcessOwner,
    /// Whoever started the process.
    Initiator,
    /// Nobody: the task opens unassigned.
    Unassigned,
}

/// What a process is run for (E16).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectDocument {
    /// Kinds of entity; `client` stands for household, person, organization and trust.
    #[schema(min_items = 1, max_items = 20)]
    pub kinds: Vec<String>,
    /// Only entities in one of these statuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub statuses: Vec<String>,
    /// Whether one run may serve several entities.
    #[serde(default)]
    pub many: bool,
}

/// A further record of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelatedDocument {
    /// Its name inside the type.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "account")]
    pub key: String,
    /// Its entity kind.
    #[schema(example = "account")]
    pub kind: String,
}

/// A form field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldDocument {
    /// Unique in the type.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "account_purpose")]
    pub key: String,
    /// What people see.
    #[schema(min_length = 1, max_length = 200, example = "Account purpose")]
    pub label: String,
    /// Type of its value.
    pub r#type: FieldType,
    /// Whether completing needs it (while it is visible).
    #[serde(default)]
    pub required: bool,
    /// What may be chosen (`choice`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub options: Vec<String>,
    /// Whether several values are taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub multiple: bool,
    /// Kind of entity that is named (`entity`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_kind: Option<String>,
    /// Shown, and required, only where this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_when: Option<ConditionDocument>,
    /// Limits on the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validate: Option<ValidateDocument>,
    /// Key of the attribute that it shows, and updates at completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Whose attribute: `firm`, a key of `related`, or of an `entity` or `user` field; the subject unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
}

/// Limits on a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValidateDocument {
    /// Smallest number, money amount or date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<FieldValue>,
    /// Largest number, money amount or date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<FieldValue>,
    /// Least length of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    /// Greatest length of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
}

/// A condition (E4): either one of `all`, `any`, `not`, or one of `field`, `attribute`, `policy`, `task` with one operator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"field": "funding_source", "eq": "Rollover"}))]
pub struct ConditionDocument {
    /// Every one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub all: Option<Vec<ConditionDocument>>,
    /// At least one holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub any: Option<Vec<ConditionDocument>>,
    /// It does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub not: Option<Box<ConditionDocument>>,
    /// Key of a form field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Key of an attribute of the subject (`status` is built in).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Key of a policy of the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Key of a task: its outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Equals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eq: Option<OperandDocument>,
    /// Differs (false over nothing).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ne: Option<OperandDocument>,
    /// Greater, or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gt: Option<OperandDocument>,
    /// Greater or equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gte: Option<OperandDocument>,
    /// Less, or earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lt: Option<OperandDocument>,
    /// Less or equal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lte: Option<OperandDocument>,
    /// One of the list.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub is_in: Option<Vec<FieldValue>>,
    /// The list holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has: Option<OperandDocument>,
    /// Whether there is a value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_set: Option<bool>,
}

/// A fixed value, or another value by reference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum OperandDocument {
    /// Another value.
    Ref(RefDocument),
    /// This value.
    Fixed(FieldValue),
}

/// `{ref: {policy: K}}` and friends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefDocument {
    /// Where the value stands.
    pub r#ref: RefTargetDocument,
}

/// Exactly one member is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RefTargetDocument {
    /// Key of a form field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Key of an attribute of the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Key of a policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// A way to end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultDocument {
    /// Its name inside the type.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "completed")]
    pub key: String,
    /// What people see.
    #[schema(min_length = 1, max_length = 200)]
    pub label: String,
    /// What happens when it is reached (E13).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub effects: Vec<EffectDocument>,
}

/// A parameter that a firm can set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// Its name.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$")]
    pub key: String,
    /// Type of its value.
    pub r#type: FieldType,
    /// The value unless the firm sets another.
    pub default: FieldValue,
}

/// When a type starts by itself (E18).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScheduleDocument {
    /// RFC 5545 recurrence rule of days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 500)]
    pub rule: Option<String>,
    /// With `rule`: what becomes of a day on which the firm is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_days: Option<ClosedDays>,
    /// Key of a date attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Days from that date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_days: Option<i32>,
    /// Counted from a date attribute, the end of a quarter, or the start or end of a fiscal year, perhaps by client tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DueDocument>,
    /// With a date attribute: every year, not only once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yearly: Option<bool>,
    /// Skip a run while one is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless_open: Option<bool>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageDocument {
    /// Its name inside the type.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$")]
    pub key: String,
    /// What people see.
    #[schema(min_length = 1, max_length = 200)]
    pub title: String,
}

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

/// How several incoming edges meet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// Opens when every edge is live (E2).
    #[default]
    All,
    /// Opens at the first live edge (E3).
    Any,
}

impl Join {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }
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

/// An incoming edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EdgeDocument {
    /// Key of the task that comes before.
    pub task: String,
    /// Only by this outcome of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// When a task is due (E11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": 2, "unit": "business_days", "from": "opened"}))]
pub struct DueDocument {
    /// How many units after the base; negative is before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = -3650, maximum = 3650)]
    pub amount: Option<i32>,
    /// The amount by the value of an attribute (client tiers).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_by: Option<AmountByDocument>,
    /// What is counted.
    pub unit: DueUnit,
    /// What it is counted from.
    pub from: DueFrom,
    /// Key of the task, attribute or field that it is counted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Which calendar's business days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarKind>,
    /// What applies while the base is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(no_recursion)]
    pub fallback: Option<Box<DueDocument>>,
}

/// An amount chosen by an attribute's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountByDocument {
    /// Key of a choice attribute of the subject.
    pub attribute: String,
    /// Amount by option.
    pub map: BTreeMap<String, i32>,
}

/// Units of a due rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum DueUnit {
    BusinessDays,
    Days,
    Hours,
    Months,
    Years,
}

/// Bases of a due rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum DueFrom {
    ProcessStart,
    Opened,
    Task,
    Attribute,
    Field,
    QuarterEnd,
    FiscalYearStart,
    FiscalYearEnd,
}

/// Whose holidays count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalendarKind {
    /// The exchanges'.
    #[default]
    Market,
    /// The Federal Reserve banks'.
    Bank,
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

/// A way to complete a task.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutcomeDocument {
    /// Unique in the task.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,79}$", example = "approved")]
    pub key: String,
    /// What people see.
    #[schema(min_length = 1, max_length = 200, example = "Approved")]
    pub label: String,
    /// Key of this task or one upstream that is done again (E6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopens: Option<String>,
    /// How often; 10 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1000)]
    pub max_rounds: Option<u32>,
    /// Keys of tasks downstream that are skipped (E4a).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub skips: Vec<String>,
    /// Key of the result with which the process ends at once (E15).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<String>,
    /// Key of the result with which it will end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sets_result: Option<String>,
    /// Whether a note must say why.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub requires_note: bool,
    /// Reason codes of which one must be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub reason_codes: Vec<String>,
}

/// What a fan-out runs over: exactly one member is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OverDocument {
    /// Key of an `entity`, `user` or `choice` field with `multiple`: one child per value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Kind of entity related to the subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub related: Option<String>,
    /// Id of a segment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segment: Option<String>,
}

/// What is started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartsDocument {
    /// Key of a process type.
    pub r#type: String,
    /// For whom: `firm`, a key of `related` or of an `entity` field; the subject unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Fields handed to it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, EffectOperandDocument>,
    /// Records handed to it, by its key and ours.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub related: BTreeMap<String, String>,
    /// Its result to our outcome.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<String, String>,
}

/// A value that an effect writes: exactly one member is set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EffectOperandDocument {
    /// The moment of the effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<bool>,
    /// The value of a field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// This value; a text may hold dynamic data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed: Option<FieldValue>,
}

/// Kinds of effect (E13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectType {
    /// A contact with the client is recorded.
    LogTouchpoint,
    /// An attribute gets a value.
    SetAttribute,
    /// The completion form asks for an attribute.
    RequestAttribute,
    /// A follow-up task is made.
    CreateTask,
    /// A record is made.
    CreateEntity,
    /// Documents are linked to the entity.
    FileDocument,
    /// Someone is told.
    Notify,
    /// Another process starts, by job.
    StartProcess,
    /// The next run is planned.
    ScheduleNext,
}

/// One effect: `type` says which of the other members it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EffectDocument {
    /// What it does.
    pub r#type: EffectType,
    /// Only with this outcome of the task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_outcome: Option<String>,
    /// Only where this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<ConditionDocument>,
    /// Once per item of this field or related key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// On which record: `firm`, a key of `related`, or of an `entity` field; the subject unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Not while one is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless_open: Option<bool>,
    /// `log_touchpoint`: type from the firm's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touchpoint_type: Option<String>,
    /// `log_touchpoint`: what it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub subject: Option<String>,
    /// `set_attribute`, `request_attribute`: key of the attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// `set_attribute`: what is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<EffectOperandDocument>,
    /// `request_attribute`: whether it must be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// `create_task`: its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub title: Option<String>,
    /// `create_task`: its description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 10000)]
    pub description: Option<String>,
    /// `create_task`: its owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Vec<OwnerRuleDocument>>,
    /// `create_task`: when it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DueDocument>,
    /// `create_entity`: its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `create_entity`, `file_document`: its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 300)]
    pub name: Option<String>,
    /// `create_entity`: key of `related` that it becomes.
    #[serde(rename = "as", default, skip_serializing_if = "Option::is_none")]
    pub as_related: Option<String>,
    /// `create_entity`: how it is related to the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// `file_document`: keys of file fields; all of the task or process unless told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// `notify`: who is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<OwnerRuleDocument>,
    /// `notify`: what is said; may hold dynamic data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub message: Option<String>,
    /// `start_process`, `schedule_next`: key of the process type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process_type: Option<String>,
    /// `start_process`: fields handed over.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, EffectOperandDocument>,
    /// `start_process`: records handed over, by its key and ours.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub related: BTreeMap<String, String>,
    /// `schedule_next`: when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DueDocument>,
}

/// A reminder (E12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReminderDocument {
    /// Units from the due date; negative is before.
    #[schema(minimum = -3650, maximum = 3650, example = -2)]
    pub amount: i32,
    /// What is counted.
    pub unit: DueUnit,
    /// Who is told besides the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<OwnerRuleDocument>,
}

/// An escalation (E12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationDocument {
    /// Units from the due date; negative is before.
    #[schema(minimum = -3650, maximum = 3650, example = 1)]
    pub amount: i32,
    /// What is counted.
    pub unit: DueUnit,
    /// Who is told; the process's owner unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<OwnerRuleDocument>,
    /// Who owns it from then on, the first that can be found; whoever owns it already unless told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub new_owner: Vec<OwnerRuleDocument>,
}
