use chrono::{DateTime, Utc};
use domain::user::{PermissionLevel, User, UserStatus};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person of the firm.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserView {
    id: Uuid,
    /// In lower case, unique in the firm.
    #[schema(format = "email", example = "maya@northwind.example")]
    email: String,
    #[schema(example = "Maya Okafor")]
    full_name: String,
    permission_level: PermissionLevel,
    status: UserStatus,
    created_at: DateTime<Utc>,
    version: i64,
}

impl UserView {
    pub(super) fn new(user: User) -> Self {
        Self {
            id: user.id.0,
            email: user.email,
            full_name: user.full_name,
            permission_level: user.permission_level,
            status: user.status,
            created_at: user.created_at,
            version: user.version,
        }
    }
}
