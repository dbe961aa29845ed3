//! Roles that people hold on entities.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::RoleId;

/// Kinds of role (permissions.md, Roles).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RoleKind {
    /// Client-facing and strategic; held on an entity's team.
    Business,
    /// Day-to-day service; held on an entity's servicing team.
    ServicingTeam,
    /// Held on the firm only.
    Firm,
}

/// A role of a firm. Names never decide; keys do, and never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its identity.
    pub id: RoleId,
    /// Unique in the firm.
    pub key: String,
    /// What people call it; two roles may share a name.
    pub name: String,
    /// Its kind.
    pub kind: RoleKind,
    /// What it is for.
    pub description: Option<String>,
    /// Whether its primary holder is the entity's primary lead (business roles only).
    pub leads: bool,
    /// Rises with each change.
    pub version: i64,
}
