//! Who was shown which record (X19).

use chrono::{DateTime, Utc};

use crate::ids::{EntityId, ReadAccessId, UserId};

/// Somebody was shown something of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadAccess {
    /// Its identity; later ones have greater ones.
    pub id: ReadAccessId,
    /// Of which record.
    pub entity_id: EntityId,
    /// Who.
    pub user_id: UserId,
    /// By which operation of the API.
    pub operation: String,
    /// By which request.
    pub request_id: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
}
