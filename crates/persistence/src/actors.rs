//! People other than the caller as the permission gate sees them.

use domain::{
    access::Actor,
    ids::{TeamId, UserId},
    user::{PermissionLevel, User},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Reads, StoreError,
    entity::team_member::{Column, Entity},
};

impl Reads<'_> {
    /// A person with their teams, as if they called; none when there is no such person.
    pub async fn actor(&self, id: UserId) -> Result<Option<Actor>, StoreError> {
        let Some(user) = self.user(id).await? else {
            return Ok(None);
        };
        self.with_teams(&user).await.map(Some)
    }

    async fn with_teams(&self, user: &User) -> Result<Actor, StoreError> {
        let mut actor = Actor::without_teams(user, self.firm_id());
        let memberships = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::UserId.eq(user.id.0))
            .order_by_asc(Column::TeamId)
            .all(&self.connection)
            .await?;
        for membership in memberships {
            actor.teams.push(TeamId(membership.team_id));
            if membership.manager && user.permission_level == PermissionLevel::Manager {
                actor.managed_teams.push(TeamId(membership.team_id));
            }
        }
        if !actor.managed_teams.is_empty() {
            actor.managed_users = self.users_of_teams(&actor.managed_teams).await?;
        }
        Ok(actor)
    }
}
