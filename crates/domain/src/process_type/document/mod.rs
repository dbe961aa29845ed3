//! The definition as people and programs write it: body of the API, YAML file of the library, export of a type.
//!
//! Flat on purpose: every part is one struct of optional members with unknown members denied, because recursive tagged
//! unions break generated clients. [`parse`](super::parse()) turns it into a [`super::Definition`] and names every fault.

mod condition;
mod due;
mod edge;
mod effect;
mod field;
mod moment;
mod outcome;
mod owner;
mod schedule;
mod starts;
mod subject;
mod task;
mod trigger;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use condition::{ConditionDocument, OperandDocument, RefDocument, RefTargetDocument};
pub use due::{AmountByDocument, CalendarKind, DueDocument, DueFrom, DueUnit};
pub use edge::{EdgeDocument, Join};
pub use effect::{EffectDocument, EffectOperandDocument, EffectType};
pub use field::{FieldDocument, ValidateDocument};
pub use moment::{EscalationDocument, ReminderDocument};
pub use outcome::OutcomeDocument;
pub use owner::{OwnerIs, OwnerRuleDocument};
pub use schedule::ScheduleDocument;
pub use starts::{OverDocument, StartsDocument};
pub use subject::{RelatedDocument, SubjectDocument};
pub use task::{
    ChecklistItemDocument, ExecutionDocument, Priority, TaskDocument, TaskKind, WaitingOn,
};
pub use trigger::{TriggerDocument, TriggerKind};

use crate::value::{FieldType, FieldValue};

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
