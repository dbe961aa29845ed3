use domain::role::{Role, RoleKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A role that people can hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleView {
    id: Uuid,
    /// Unique in the firm; never changes.
    #[schema(example = "lead_advisor")]
    key: String,
    #[schema(example = "Lead Advisor")]
    name: String,
    /// On which teams it is held; never changes.
    kind: RoleKind,
    /// What it is for.
    description: Option<String>,
    /// Whether its primary holder is the entity's primary lead.
    leads: bool,
    version: i64,
}

impl RoleView {
    pub(super) fn new(role: Role) -> Self {
        Self {
            id: role.id.0,
            key: role.key,
            name: role.name,
            kind: role.kind,
            description: role.description,
            leads: role.leads,
            version: role.version,
        }
    }
}
