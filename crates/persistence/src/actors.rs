//! People other than the caller as the permission gate sees them.

use domain::{
    access::Actor,
    ids::{TeamId, UserId},
    user::{PermissionLevel, User, UserStatus},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Condition, Expr, ExprTrait, Query},
};

use crate::{
    Reads, StoreError,
    codec::to_name,
    entity::{
        app_user,
        team_member::{Column, Entity},
    },
    one_of::one_of,
    row,
};

impl Reads<'_> {
    /// A person with their teams, as if they called; none when there is no such person.
    pub async fn actor(&self, id: UserId) -> Result<Option<Actor>, StoreError> {
        let Some(user) = self.user(id).await? else {
            return Ok(None);
        };
        self.with_teams(&user).await.map(Some)
    }

    /// The active managers of a team of users and of the teams of these people, by id.
    pub async fn managers_over(
        &self,
        team: Option<TeamId>,
        people: &[UserId],
    ) -> Result<Vec<User>, StoreError> {
        let teams_of_people = Query::select()
            .column(Column::TeamId)
            .from(Entity)
            .and_where(Column::FirmId.eq(self.firm_key()))
            .and_where(one_of(Column::UserId, people.iter().map(|id| id.0)))
            .to_owned();
        let managers = Query::select()
            .column(Column::UserId)
            .from(Entity)
            .and_where(Column::FirmId.eq(self.firm_key()))
            .and_where(Column::Manager.eq(true))
            .cond_where(
                Condition::any()
                    .add_option(team.map(|team| Column::TeamId.eq(team.0)))
                    .add(Expr::col(Column::TeamId).in_subquery(teams_of_people)),
            )
            .to_owned();
        let query = app_user::Entity::find()
            .filter(app_user::Column::FirmId.eq(self.firm_key()))
            .filter(Expr::col((app_user::Entity, app_user::Column::Id)).in_subquery(managers))
            .filter(app_user::Column::PermissionLevel.eq(to_name(&PermissionLevel::Manager)?))
            .filter(app_user::Column::Status.eq(to_name(&UserStatus::Active)?))
            .order_by_asc(app_user::Column::Id);
        row::all(query, &self.connection).await
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
