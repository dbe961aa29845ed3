//! What a completion or a result brings about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ConditionDocument, DueDocument, OwnerRuleDocument};
use crate::value::FieldValue;

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
