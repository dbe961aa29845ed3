//! Tasks: what a unit of work is and which states it has.

mod consequences;
pub mod hand_made;
pub mod moment;
pub mod submission;
mod transition;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub use consequences::{Consequences, WrittenValue};
use moment::PastMoment;
use submission::Submission;

use crate::{
    ambient::Ambient,
    document::DocumentLink,
    ids::{DocumentId, DocumentLinkId, EntityId, ProcessId, RoleId, TaskId, UserId},
    process_type::document::{Priority, TaskKind, WaitingOn},
    value::FieldValue,
};

/// Where a task is in its life.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Something it depends on has not happened.
    Waiting,
    /// To be done.
    Open,
    /// Somebody began.
    InProgress,
    /// Stopped for a reason.
    OnHold,
    /// Done.
    Completed,
    /// Not needed, and passes on.
    Skipped,
    /// Its branch was not taken.
    NotTaken,
    /// Given up.
    Cancelled,
}

impl TaskStatus {
    /// Every status, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Open,
        Self::InProgress,
        Self::OnHold,
        Self::Completed,
        Self::Skipped,
        Self::NotTaken,
        Self::Cancelled,
    ];

    /// Whether people work on it now: open, in progress or on hold.
    #[must_use]
    pub const fn is_active(self) -> bool {
        match self {
            Self::Open | Self::InProgress | Self::OnHold => true,
            Self::Waiting | Self::Completed | Self::Skipped | Self::NotTaken | Self::Cancelled => {
                false
            }
        }
    }

    /// Whether nothing more can happen to it but rework.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        match self {
            Self::Completed | Self::Skipped | Self::NotTaken | Self::Cancelled => true,
            Self::Waiting | Self::Open | Self::InProgress | Self::OnHold => false,
        }
    }

    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::OnHold => "on_hold",
            Self::Completed => "completed",
            Self::Skipped => "skipped",
            Self::NotTaken => "not_taken",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a task is on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum HoldReason {
    Client,
    Custodian,
    Nigo,
    Internal,
    Other,
}

/// By which route somebody executes (X9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// X1.
    Owner,
    /// X2.
    ServicingRole,
    /// X3.
    BusinessRole,
    /// X14.
    FirmRole,
    /// X10.
    Cover,
    /// X12.
    Override,
    /// X13.
    ApiClient,
    /// The engine itself: a child's result completed a subprocess (E25).
    System,
}

impl Via {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::ServicingRole => "servicing_role",
            Self::BusinessRole => "business_role",
            Self::FirmRole => "firm_role",
            Self::Cover => "cover",
            Self::Override => "override",
            Self::ApiClient => "api_client",
            Self::System => "system",
        }
    }
}

/// Who besides the owner may execute; copied from the version when the task is made (X6).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Execution {
    /// The switch; the lists are kept while it is off.
    pub enabled: bool,
    /// Roles on the entity's servicing team (X2).
    pub servicing_team_roles: Vec<RoleId>,
    /// Roles on the entity's team (X3).
    pub business_roles: Vec<RoleId>,
    /// Roles on the firm entity (X14).
    pub firm_roles: Vec<RoleId>,
}

/// An item to tick off, with its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Unique in the task.
    pub key: String,
    /// What is to be done.
    pub text: String,
    /// Whether completing needs it.
    pub required: bool,
    /// Ticked.
    pub done: bool,
    /// Marked as not applying, which counts as done.
    pub not_applicable: bool,
    /// Why it does not apply.
    pub note: Option<String>,
    /// Who set the state last.
    pub by: Option<UserId>,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// Where a task comes from (plays.md T1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceType {
    /// A process.
    Process,
    /// A person.
    Manual,
    /// Another task's completion.
    FollowUp,
    /// A play.
    Play,
    /// A schedule.
    Schedule,
    /// An import.
    Import,
}

/// Where a task comes from, with the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// From what.
    #[serde(rename = "type")]
    pub kind: SourceType,
    /// From which: the process, task, play, schedule or import; the person's id for `manual`.
    pub id: Uuid,
}

impl Source {
    /// Somebody made it.
    #[must_use]
    pub const fn person(by: UserId) -> Self {
        Self {
            kind: SourceType::Manual,
            id: by.0,
        }
    }
}

/// How a task was completed: who, by which route, and the decision that let them (X9).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none when the engine did.
    pub by: Option<UserId>,
    /// For whom, under cover (X10).
    pub on_behalf_of: Option<UserId>,
    /// By which route.
    pub via: Via,
    /// The role that matched.
    pub role_id: Option<RoleId>,
    /// The rule that allowed it, with its sentence.
    pub rule: String,
    /// Snapshot of the reasons.
    pub reason: String,
    /// The outcome chosen.
    pub outcome: Option<String>,
    /// The reason code chosen with it.
    pub reason_code: Option<String>,
    /// What they noted.
    pub note: Option<String>,
    /// What came of it besides other tasks (E8).
    #[serde(default, skip_serializing_if = "Consequences::is_none")]
    pub consequences: Consequences,
}

/// An attempt that rework (E6) or undo (E8) took back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number, from 1.
    pub attempt: u32,
    /// How far it had got.
    pub status: TaskStatus,
    /// Who owned it.
    pub owner_id: Option<UserId>,
    /// When it opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was due.
    pub due_at: Option<DateTime<Utc>>,
    /// Its answers.
    pub form: BTreeMap<String, FieldValue>,
    /// Its checklist.
    pub checklist: Vec<ChecklistItem>,
    /// How it had been completed, if it was.
    pub completion: Option<Completion>,
    /// When it was taken back.
    pub withdrawn_at: DateTime<Utc>,
    /// Whether somebody undid it, so that what it asked for and has not begun is dropped (E8).
    #[serde(default)]
    pub undone: bool,
    /// Why it was undone.
    #[serde(default)]
    pub undone_reason: Option<String>,
}

/// A stop for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// In words.
    pub note: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether the due date waits (E11); never that of a task which was overdue.
    pub pause_clock: bool,
    /// Business days that were left when the clock was paused.
    pub remaining_days: Option<i32>,
    /// The status to which it returns.
    pub from: TaskStatus,
    /// Whether it stands still because the process that it waits for was cancelled or could not be started (E25).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub child_failed: bool,
}

/// What kind of thing an item of a fan-out is (E24).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ItemType {
    /// A record.
    Entity,
    /// A person.
    User,
    /// An option of a choice.
    Choice,
}

/// The one of many for which a child of a fan-out is done (E24).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Item {
    /// What kind of thing it is.
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// The id of the record or person, or the option itself.
    pub value: String,
}

impl Item {
    /// The record that it is, if it is one.
    #[must_use]
    pub fn entity(&self) -> Option<EntityId> {
        match self.kind {
            ItemType::Entity => self.value.parse().ok(),
            ItemType::User | ItemType::Choice => None,
        }
    }

    /// The person that it is, if it is one.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self.kind {
            ItemType::User => self.value.parse().ok(),
            ItemType::Entity | ItemType::Choice => None,
        }
    }
}

/// A unit of work. Its serialised form is what audit entries and events hold.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, not a state in disguise"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its identity.
    pub id: TaskId,
    /// The process it belongs to; none for a task made by hand.
    pub process_id: Option<ProcessId>,
    /// The fan-out of which it is a child (E24).
    #[serde(default)]
    pub parent_task_id: Option<TaskId>,
    /// The item that it is done for, if it is a child (E24).
    #[serde(default)]
    pub item: Option<Item>,
    /// Whose work it is: subject of the process, the item of a fan-out, or the firm.
    pub entity_id: EntityId,
    /// Key of its template; for a task made by hand, `ad_hoc`.
    pub key: String,
    /// What kind of work it is.
    pub kind: TaskKind,
    /// Key of its stage.
    pub stage: Option<String>,
    /// Its place in the order of templates.
    pub ordinal: i32,
    /// What to do; rendered when it opens (E14).
    pub title: String,
    /// More of it; rendered when it opens (E14).
    pub description: Option<String>,
    /// Where it is in its life.
    pub status: TaskStatus,
    /// Why it is on hold, if it is.
    pub hold: Option<Hold>,
    /// How urgent it is.
    pub priority: Priority,
    /// Whose it is.
    pub owner_id: Option<UserId>,
    /// Whether the owner was set by hand (stays when the task opens, E9).
    pub owner_by_hand: bool,
    /// When it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether the due date was set by hand (E11).
    pub due_by_hand: bool,
    /// Whether the due date would have been in the past and became today (E11).
    pub compressed: bool,
    /// How often it was begun anew, from 1.
    pub attempt: u32,
    /// Earlier attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// Who else may execute (X6).
    pub execution: Execution,
    /// Keys of tasks whose executors may not execute this one (X11, X6).
    pub separate_from: Vec<String>,
    /// Who changed its form, in any attempt (X11).
    pub form_editors: Vec<UserId>,
    /// Who is waited for.
    pub waiting_on: Option<WaitingOn>,
    /// Its checklist.
    pub checklist: Vec<ChecklistItem>,
    /// Values of its form, drafts until it is completed, by field key.
    pub form: BTreeMap<String, FieldValue>,
    /// How it was completed, if it was.
    pub completion: Option<Completion>,
    /// Why it was skipped or cancelled.
    pub closed_reason: Option<String>,
    /// How often each outcome sent work back (E6), by outcome key.
    pub rounds: BTreeMap<String, u32>,
    /// The task whose outcome marked it to be skipped (E4a), by key.
    pub skip_marked_by: Option<String>,
    /// The process that it started and waits for (E25).
    pub child_process_id: Option<ProcessId>,
    /// Whether the process waits for it (E10).
    pub blocking: bool,
    /// Where it comes from.
    pub source: Source,
    /// People and organisations whom it is about.
    #[serde(default)]
    pub contact_ids: Vec<EntityId>,
    /// Documents that it is about; whoever sees it sees them.
    #[serde(default)]
    pub document_ids: Vec<DocumentId>,
    /// Key of the line of work that it belongs to.
    #[serde(default)]
    pub flow: Option<String>,
    /// What was sent to the custodian that it waits for, oldest first, in all attempts (E22).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub submissions: Vec<Submission>,
    /// Reminders and escalations that have come, in this attempt (E12).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moments: Vec<PastMoment>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it opened (this attempt).
    pub opened_at: Option<DateTime<Utc>>,
    /// When somebody began (this attempt).
    pub started_at: Option<DateTime<Utc>>,
    /// When it was completed, skipped, cancelled or passed by.
    pub closed_at: Option<DateTime<Utc>>,
    /// Rises with each change.
    pub version: i64,
}

impl Task {
    /// Whether it is late: never stored.
    #[must_use]
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.status.is_active() && self.due_at.is_some_and(|due| due < now)
    }

    /// Whether it is done for one item of a fan-out (E24).
    #[must_use]
    pub const fn is_child(&self) -> bool {
        self.parent_task_id.is_some()
    }

    /// The outcome chosen, if it is completed with one.
    #[must_use]
    pub fn outcome(&self) -> Option<&str> {
        self.completion
            .as_ref()
            .and_then(|completion| completion.outcome.as_deref())
    }

    /// What lets whoever sees it see its documents.
    pub(crate) fn document_links(
        &self,
        ambient: &dyn Ambient,
    ) -> impl Iterator<Item = DocumentLink> {
        self.document_ids.iter().map(move |id| DocumentLink {
            id: DocumentLinkId(ambient.fresh_id()),
            document_id: *id,
            entity_id: self.entity_id,
            task_id: Some(self.id),
            name: None,
        })
    }

    /// Remembers who changed its form (X11).
    pub(crate) fn edited_by(&mut self, user: UserId) {
        if !self.form_editors.contains(&user) {
            self.form_editors.push(user);
        }
    }
}
