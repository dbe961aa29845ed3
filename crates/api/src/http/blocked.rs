//! What stands in the way of a change, as a refusal names it.

use domain::process::undo::Obstacle;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One thing that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemBlock {
    /// What kind of thing it is.
    #[serde(rename = "type")]
    pub kind: BlockType,
    /// Which one; of a notification, the user who got it.
    pub id: Uuid,
    /// What it is, for people.
    #[schema(example = "The task `approve` behind it is completed.")]
    pub detail: String,
}

/// The kinds of things that stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockType {
    /// A task behind it that is completed.
    Task,
    /// A process that was started.
    Process,
    /// A record that was made.
    Entity,
    /// A follow-up task that was made.
    FollowUp,
    /// A notification that was sent.
    Notification,
}

impl From<&Obstacle> for ProblemBlock {
    fn from(obstacle: &Obstacle) -> Self {
        let (kind, id) = match obstacle {
            Obstacle::Task { id, .. } => (BlockType::Task, id.0),
            Obstacle::Process { id, .. } => (BlockType::Process, id.0),
            Obstacle::Entity { id } => (BlockType::Entity, id.0),
            Obstacle::FollowUp { id } => (BlockType::FollowUp, id.0),
            Obstacle::Notification { user_id } => (BlockType::Notification, user_id.0),
        };
        Self {
            kind,
            id,
            detail: obstacle.detail(),
        }
    }
}
