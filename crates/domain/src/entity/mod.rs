//! Entities: the records that work is done for, the firm among them.

pub mod attributes;
pub mod team;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{EntityId, MembershipId, RelationId, RoleId, TeamId, UserId},
    role::RoleKind,
    value::FieldValue,
};

/// A household, person, account … or the firm itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its identity; the firm entity has the firm's id.
    pub id: EntityId,
    /// `household`, `person`, `organization`, `trust`, `account`, `center_of_influence`, `employee`, `equipment`, `firm`,
    /// or one of the firm's own.
    pub kind: String,
    /// What people call it.
    pub name: String,
    /// One of its kind's statuses.
    pub status: String,
    /// The user team that it belongs to.
    pub team_id: Option<TeamId>,
    /// Only named people and auditors may see it (X18).
    pub restricted: bool,
    /// Present values of its attributes, by key.
    pub attributes: BTreeMap<String, FieldValue>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

impl Entity {
    /// Whether only the people on its teams and auditors may see it (X18).
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        self.restricted || self.kind == ALWAYS_RESTRICTED_KIND
    }
}

/// Kind whose records are always restricted.
const ALWAYS_RESTRICTED_KIND: &str = "employee";

/// The kinds that `client` stands for wherever kinds are named.
pub const CLIENT_KINDS: [&str; 4] = ["household", "person", "organization", "trust"];

/// Kinds that every firm has.
pub const BUILT_IN_KINDS: [&str; 9] = [
    "household",
    "person",
    "organization",
    "trust",
    "account",
    "center_of_influence",
    "employee",
    "equipment",
    "firm",
];

/// Whether people may make records of this kind: a firm has one record of itself, and `client` only stands for others.
#[must_use]
pub fn can_be_made(kind: &str) -> bool {
    !matches!(kind, "firm" | "client")
}

/// Whether an entity of this kind is meant where `named` stands (`client` names four kinds).
#[must_use]
pub fn kind_matches(named: &str, kind: &str) -> bool {
    named == kind || (named == "client" && CLIENT_KINDS.contains(&kind))
}

/// Whether a record of this kind is somebody whom one can talk to.
#[must_use]
pub fn is_contact(kind: &str) -> bool {
    !matches!(kind, "account" | "equipment" | "firm")
}

/// The statuses of a kind, the first being that of a new record unless it names another.
#[must_use]
pub fn statuses_of(kind: &str) -> &'static [&'static str] {
    match kind {
        "household" | "person" | "organization" | "trust" | "client" => {
            &["prospect", "client", "former"]
        }
        "account" => &["pending", "open", "restricted", "closed"],
        _ => &["active", "inactive"],
    }
}

/// One person holding one role on one entity: servicing roles on its servicing team, business roles on its team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Its identity.
    pub id: MembershipId,
    /// On which entity.
    pub entity_id: EntityId,
    /// Who.
    pub user_id: UserId,
    /// In which role.
    pub role_id: RoleId,
    /// The role's kind.
    pub role_kind: RoleKind,
    /// Whether this is the role's primary holder here.
    pub is_primary: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

/// A directed link between two entities (`owned_by`, `spouse_of`, `member_of` …).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Its identity.
    pub id: RelationId,
    /// From this entity.
    pub from_entity_id: EntityId,
    /// To this one.
    pub to_entity_id: EntityId,
    /// How the first is related to the second (a `snake_case` word).
    pub kind: String,
    /// When it was noted.
    pub created_at: DateTime<Utc>,
}
