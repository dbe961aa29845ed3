use domain::user::{Team, TeamMember};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A team of users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamView {
    id: Uuid,
    /// Unique in the firm.
    #[schema(example = "Client Service East")]
    name: String,
    members: Vec<TeamMemberView>,
    /// Rises with each change, also of the members.
    version: i64,
}

/// One person on a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamMemberView {
    user_id: Uuid,
    /// Whether they manage it; takes effect for users at the level `manager`.
    manager: bool,
}

impl TeamView {
    pub(super) fn new(team: Team) -> Self {
        Self {
            id: team.id.0,
            name: team.name,
            members: team.members.into_iter().map(TeamMemberView::new).collect(),
            version: team.version,
        }
    }
}

impl TeamMemberView {
    fn new(member: TeamMember) -> Self {
        Self {
            user_id: member.user_id.0,
            manager: member.manager,
        }
    }
}
