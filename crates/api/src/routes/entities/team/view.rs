use chrono::{DateTime, Utc};
use domain::{
    entity::Membership,
    role::{Role, RoleKind},
    user::User,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One person in one role on the team of an entity.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntityTeamMemberView {
    /// Names this place on the team.
    id: Uuid,
    user_id: Uuid,
    #[schema(example = "Maya Okafor")]
    full_name: String,
    role_id: Uuid,
    #[schema(example = "client_service_associate")]
    role_key: String,
    #[schema(example = "Client Service Associate")]
    role_name: String,
    role_kind: RoleKind,
    /// Whether they are the one to turn to among those who hold this role here.
    is_primary: bool,
    /// Since when.
    created_at: DateTime<Utc>,
    /// Rises with each change.
    #[schema(example = 1)]
    version: i64,
}

impl EntityTeamMemberView {
    /// As whoever may see the entity sees it.
    pub(super) fn new(member: &Membership, user: &User, role: &Role) -> Self {
        Self {
            id: member.id.0,
            user_id: member.user_id.0,
            full_name: user.full_name.clone(),
            role_id: member.role_id.0,
            role_key: role.key.clone(),
            role_name: role.name.clone(),
            role_kind: member.role_kind,
            is_primary: member.is_primary,
            created_at: member.created_at,
            version: member.version,
        }
    }
}
