//! People who sign in, and their teams.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{TeamId, UserId};

/// One level for each user (permissions.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PermissionLevel {
    /// Runs the firm's Baton.
    Admin,
    /// Edits process types, plays and roles.
    Designer,
    /// Manages the teams where they are marked manager.
    Manager,
    /// Works.
    Member,
    /// Reads all, changes nothing.
    Auditor,
}

/// Whether a user may sign in and be matched (X13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Works here.
    Active,
    /// No longer: matches nothing.
    Inactive,
}

/// A person of a firm. The password hash never leaves the persistence crate's sign-in query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their identity.
    pub id: UserId,
    /// Lower-case address, unique in the firm.
    pub email: String,
    /// What people call them.
    pub full_name: String,
    /// What they may do at large.
    pub permission_level: PermissionLevel,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// When they were added.
    pub created_at: DateTime<Utc>,
    /// Rises with each change.
    pub version: i64,
}

/// A team of users (not an entity's team).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its identity.
    pub id: TeamId,
    /// What people call it.
    pub name: String,
    /// Who belongs to it.
    pub members: Vec<TeamMember>,
    /// Rises with each change, also of its members.
    pub version: i64,
}

/// One person on a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamMember {
    /// Who.
    pub user_id: UserId,
    /// Whether they manage it.
    pub manager: bool,
}
