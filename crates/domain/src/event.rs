//! What happened: the one description of a change, from which its audit entry and its event are made (E19).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, schema::Type},
};
use uuid::Uuid;

use crate::ids::{EntityId, FirmId};

macro_rules! event_types {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// Every kind of change. The text is the `type` of the event and the `action` of the audit entry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum EventType {
            $($(#[$doc])* #[serde(rename = $text)] $name),+
        }

        impl EventType {
            /// Every kind, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The public name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The kind behind a public name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

event_types! {
    /// A firm was made.
    FirmCreated = "firm.created",
    /// Settings, policies or calendar of the firm changed.
    FirmUpdated = "firm.updated",
    /// A closing day was added.
    HolidayCreated = "holiday.created",
    /// A closing day was taken away.
    HolidayDeleted = "holiday.deleted",
    /// A user was made.
    UserCreated = "user.created",
    /// A user changed (name, level, status).
    UserUpdated = "user.updated",
    /// A user's password was set.
    UserPasswordChanged = "user.password_changed",
    /// Somebody will be absent, perhaps with others who stand in.
    CoverCreated = "cover.created",
    /// An absence was ended early.
    CoverEnded = "cover.ended",
    /// An absence was called off before it began.
    CoverDeleted = "cover.deleted",
    /// A team was made.
    TeamCreated = "team.created",
    /// A team or its members changed.
    TeamUpdated = "team.updated",
    /// A team was deleted.
    TeamDeleted = "team.deleted",
    /// A role was made.
    RoleCreated = "role.created",
    /// A role changed.
    RoleUpdated = "role.updated",
    /// An entity was made.
    EntityCreated = "entity.created",
    /// An entity, its status or attributes changed.
    EntityUpdated = "entity.updated",
    /// Someone joined an entity's team, or became its primary holder.
    MembershipCreated = "membership.created",
    /// A membership changed.
    MembershipUpdated = "membership.updated",
    /// Someone left an entity's team.
    MembershipDeleted = "membership.deleted",
    /// Two entities were linked.
    RelationCreated = "relation.created",
    /// Two entities are no longer linked.
    RelationDeleted = "relation.deleted",
    /// An attribute was defined.
    AttributeCreated = "attribute.created",
    /// The definition of an attribute changed.
    AttributeUpdated = "attribute.updated",
    /// A process type was made.
    ProcessTypeCreated = "process_type.created",
    /// The draft or the head data of a process type changed.
    ProcessTypeUpdated = "process_type.updated",
    /// A version was published.
    ProcessTypePublished = "process_type.published",
    /// Somebody had all running processes of a type moved to a newer version.
    ProcessTypeMigrated = "process_type.migrated",
    /// A process type was archived.
    ProcessTypeArchived = "process_type.archived",
    /// A schedule was made.
    ScheduleCreated = "schedule.created",
    /// A schedule changed.
    ScheduleUpdated = "schedule.updated",
    /// A schedule was paused.
    SchedulePaused = "schedule.paused",
    /// A schedule goes on.
    ScheduleResumed = "schedule.resumed",
    /// A schedule was put away.
    ScheduleArchived = "schedule.archived",
    /// A schedule had a run: it started something, or says why it did not.
    ScheduleRan = "schedule.ran",
    /// A batch was asked for.
    BatchCreated = "batch.created",
    /// A batch was paused.
    BatchPaused = "batch.paused",
    /// A batch goes on.
    BatchResumed = "batch.resumed",
    /// A batch was cancelled; what it has started goes on.
    BatchCancelled = "batch.cancelled",
    /// Everything in a batch has had its turn.
    BatchCompleted = "batch.completed",
    /// A process started.
    ProcessStarted = "process.started",
    /// The owner of a process, the result that it will end with, a record that it names, or a start field answered later (E13)
    /// changed.
    ProcessUpdated = "process.updated",
    /// A follow-up or child could not be started (its type is missing, or the chain is too deep).
    ProcessNotStarted = "process.not_started",
    /// A process was moved to a newer version of its type.
    ProcessMigrated = "process.migrated",
    /// A process was put on hold.
    ProcessHeld = "process.held",
    /// A process goes on.
    ProcessResumed = "process.resumed",
    /// A process reached its result.
    ProcessCompleted = "process.completed",
    /// A process was cancelled.
    ProcessCancelled = "process.cancelled",
    /// A task was made by hand or by an effect.
    TaskCreated = "task.created",
    /// A task opened.
    TaskOpened = "task.opened",
    /// Nobody was found to own a task that opened.
    TaskUnassigned = "task.unassigned",
    /// Form, checklist, title, due date … of a task changed.
    TaskUpdated = "task.updated",
    /// Somebody began to work on a task.
    TaskStarted = "task.started",
    /// A task has another owner.
    TaskAssigned = "task.assigned",
    /// Somebody was reminded of a task's due date.
    TaskReminded = "task.reminded",
    /// A task that is not done in time, or that nobody but its preparer could execute, was brought before somebody.
    TaskEscalated = "task.escalated",
    /// Something was sent to the custodian for whom a task waits.
    TaskSubmitted = "task.submitted",
    /// The custodian answered.
    TaskSubmissionAnswered = "task.submission_answered",
    /// A task was put on hold.
    TaskHeld = "task.held",
    /// A task goes on.
    TaskResumed = "task.resumed",
    /// Somebody took the completion of a task back.
    TaskReopened = "task.reopened",
    /// A task was completed.
    TaskCompleted = "task.completed",
    /// A task was skipped, by a condition, an outcome or by hand.
    TaskSkipped = "task.skipped",
    /// A task will not be needed: its branch was not taken.
    TaskNotTaken = "task.not_taken",
    /// Rework, or undo of a task before it, took an attempt back.
    TaskWithdrawn = "task.withdrawn",
    /// A task was cancelled.
    TaskCancelled = "task.cancelled",
    /// A touchpoint was logged.
    TouchpointCreated = "touchpoint.created",
    /// A touchpoint was voided: the completion that it came of was taken back.
    TouchpointVoided = "touchpoint.voided",
    /// A document was stored.
    DocumentCreated = "document.created",
    /// A document was linked to an entity or a task.
    DocumentLinked = "document.linked",
    /// A link of a document was taken away: the completion that made it was taken back.
    DocumentUnlinked = "document.unlinked",
    /// A person was notified.
    NotificationCreated = "notification.created",
    /// A person has read what they were told.
    NotificationRead = "notification.read",
    /// A job that had failed for good was queued again.
    JobRequeued = "job.requeued",
}

// By hand, because the derive cannot see names that come through the macro.
impl PartialSchema for EventType {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::String)
            .description(Some("What happened."))
            .enum_values(Some(Self::ALL.iter().map(|event| event.as_str())))
            .examples([Value::from(Self::TaskCompleted.as_str())])
            .into()
    }
}

impl ToSchema for EventType {}

/// The id of the event with this number: the first 16 bytes of SHA-256 over the firm's id and the number (big-endian), made
/// a UUID of version 8. Whoever receives an event twice, by whatever way, can tell by its id.
#[must_use]
pub fn event_id(firm: FirmId, sequence: i64) -> Uuid {
    let digest = Sha256::new()
        .chain_update(firm.0)
        .chain_update(sequence.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// The kinds of thing that a change can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each says what it is")]
pub enum SubjectType {
    Firm,
    Holiday,
    User,
    Team,
    Cover,
    Role,
    Entity,
    Membership,
    Relation,
    Attribute,
    ProcessType,
    Schedule,
    Batch,
    Process,
    Task,
    Touchpoint,
    Document,
    Notification,
    Job,
}

impl SubjectType {
    /// The public name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Firm => "firm",
            Self::Holiday => "holiday",
            Self::User => "user",
            Self::Team => "team",
            Self::Cover => "cover",
            Self::Role => "role",
            Self::Entity => "entity",
            Self::Membership => "membership",
            Self::Relation => "relation",
            Self::Attribute => "attribute",
            Self::ProcessType => "process_type",
            Self::Schedule => "schedule",
            Self::Batch => "batch",
            Self::Process => "process",
            Self::Task => "task",
            Self::Touchpoint => "touchpoint",
            Self::Document => "document",
            Self::Notification => "notification",
            Self::Job => "job",
        }
    }
}

/// One change, told once: the unit of work makes of it one audit entry and one event with the same number.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// What happened.
    pub event: EventType,
    /// To what kind of thing.
    pub subject_type: SubjectType,
    /// To which.
    pub subject_id: Uuid,
    /// The entity whose work or record this is; decides who may see the event. None: everyone of the firm.
    pub entity_id: Option<EntityId>,
    /// The whole thing before, none for a creation.
    pub before: Option<Value>,
    /// The whole thing after, none for a deletion.
    pub after: Option<Value>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// E19
    #[test]
    fn the_id_of_an_event_never_changes_and_is_its_own() {
        let firm = FirmId(Uuid::from_u128(1));
        let id = event_id(firm, 7);
        assert_eq!(id.to_string(), "2823d5fc-0311-8df8-851c-d1bfa63d003c");
        let other = FirmId(Uuid::from_u128(2));
        let ids: BTreeSet<_> = (1..=50)
            .flat_map(|number| [event_id(firm, number), event_id(other, number)])
            .collect();
        assert_eq!(ids.len(), 100);
        assert!(ids.contains(&id));
        assert_eq!(id.get_version_num(), 8);
    }
}
