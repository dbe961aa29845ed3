//! One identifier type per kind of thing, so a task id cannot stand in for a user id.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

id_types! {
    /// A firm; also the id of the entity that stands for it.
    FirmId,
    /// A person who signs in.
    UserId,
    /// A team of users.
    TeamId,
    /// A role that a person may hold on an entity.
    RoleId,
    /// A period in which somebody stands in for another.
    CoverId,
    /// A household, person, account … or the firm itself.
    EntityId,
    /// A link between two entities.
    RelationId,
    /// One person holding one role on one entity.
    MembershipId,
    /// The definition of an attribute.
    AttributeId,
    /// What a firm edits.
    ProcessTypeId,
    /// One run of a process type version.
    ProcessId,
    /// Moving all processes of a type to another version.
    MigrationId,
    /// When processes start by themselves.
    ScheduleId,
    /// One process for each of many entities.
    BatchId,
    /// A unit of work.
    TaskId,
    /// A record of contact with a client.
    TouchpointId,
    /// A stored file.
    DocumentId,
    /// That a stored file belongs somewhere.
    DocumentLinkId,
    /// A day on which the firm is closed.
    HolidayId,
    /// A message in a person's inbox.
    NotificationId,
    /// One sending to a custodian.
    SubmissionId,
    /// One sign-in.
    SessionId,
    /// A piece of deferred work.
    JobId,
    /// One look at a record.
    ReadAccessId,
}

impl FirmId {
    /// The entity that stands for the firm has the firm's id.
    #[must_use]
    pub const fn entity(self) -> EntityId {
        EntityId(self.0)
    }
}
