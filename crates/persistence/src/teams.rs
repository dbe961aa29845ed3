//! Teams of users and who belongs to them.

use std::collections::BTreeMap;

use domain::{
    ids::{TeamId, UserId},
    page::{Page, PageRequest},
    user::{Team, TeamMember},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::LockType,
};

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    entity::{entity, team, team_member},
    one_of::one_of,
};

impl Reads<'_> {
    /// Looks one up, with its members.
    pub async fn team(&self, id: TeamId) -> Result<Option<Team>, StoreError> {
        let row = team::Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?;
        let teams = self.with_members(row.into_iter().collect()).await?;
        Ok(teams.into_iter().next())
    }

    /// A page of them, by name.
    pub async fn list_teams(
        &self,
        page: PageRequest<String>,
    ) -> Result<Page<Team, String>, StoreError> {
        let mut query = team::Entity::find()
            .filter(team::Column::FirmId.eq(self.firm_key()))
            .order_by_asc(team::Column::Name)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(after) = page.after {
            query = query.filter(team::Column::Name.gt(after));
        }
        let rows = query.all(&self.connection).await?;
        let teams = self.with_members(rows).await?;
        Ok(Page::from_overfetch(teams, page.limit, |team: &Team| team.name.clone()).counted(total))
    }

    /// Whether an entity belongs to the team.
    pub async fn team_has_entities(&self, id: TeamId) -> Result<bool, StoreError> {
        let found = entity::Entity::find()
            .filter(entity::Column::FirmId.eq(self.firm_key()))
            .filter(entity::Column::TeamId.eq(id.0))
            .one(&self.connection)
            .await?;
        Ok(found.is_some())
    }

    async fn with_members(&self, rows: Vec<team::Model>) -> Result<Vec<Team>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let members = team_member::Entity::find()
            .filter(team_member::Column::FirmId.eq(self.firm_key()))
            .filter(one_of(
                team_member::Column::TeamId,
                rows.iter().map(|row| row.id),
            ))
            .order_by_asc(team_member::Column::UserId)
            .all(&self.connection)
            .await?;
        let mut by_team = BTreeMap::<_, Vec<_>>::new();
        for member in members {
            by_team.entry(member.team_id).or_default().push(TeamMember {
                user_id: UserId(member.user_id),
                manager: member.manager,
            });
        }
        Ok(rows
            .into_iter()
            .map(|row| Team {
                id: TeamId(row.id),
                name: row.name,
                members: by_team.remove(&row.id).unwrap_or_default(),
                version: row.version,
            })
            .collect())
    }
}

impl UnitOfWork {
    /// Looks one up and holds it, and so its members, until the end.
    pub async fn lock_team(&self, id: TeamId) -> Result<Option<Team>, StoreError> {
        let row = team::Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?;
        let teams = self.reads().with_members(row.into_iter().collect()).await?;
        Ok(teams.into_iter().next())
    }

    /// Adds one with its members.
    pub fn insert_team(&mut self, team: &Team) {
        let row = team::Model {
            firm_id: self.firm_id().0,
            id: team.id.0,
            name: team.name.clone(),
            created_at: self.ambient().now(),
            version: team.version,
        };
        self.queue(team::Entity::insert(row.into_active_model()).into_query());
        self.insert_members(team.id, &team.members);
    }

    /// Writes one back, given how it was: only members that differ are touched.
    pub fn update_team(&mut self, before: &Team, after: &Team) {
        let firm = self.firm_id().0;
        self.queue(update_row(&team::ActiveModel {
            firm_id: Set(firm),
            id: Set(after.id.0),
            name: Set(after.name.clone()),
            created_at: NotSet,
            version: Set(after.version),
        }));
        let is_member = |members: &[TeamMember], id| members.iter().any(|m| m.user_id == id);
        let (changed, joined): (Vec<_>, Vec<_>) = after
            .members
            .iter()
            .copied()
            .filter(|member| !before.members.contains(member))
            .partition(|member| is_member(&before.members, member.user_id));
        for member in changed {
            let row = self.member_row(after.id, member);
            self.queue(update_row(&row.into_active_model()));
        }
        self.insert_members(after.id, &joined);
        let left: Vec<_> = before
            .members
            .iter()
            .filter(|member| !is_member(&after.members, member.user_id))
            .map(|member| member.user_id.0)
            .collect();
        if !left.is_empty() {
            self.queue(
                team_member::Entity::delete_many()
                    .filter(team_member::Column::FirmId.eq(firm))
                    .filter(team_member::Column::TeamId.eq(after.id.0))
                    .filter(one_of(team_member::Column::UserId, left))
                    .into_query(),
            );
        }
    }

    /// Deletes one with its memberships; refused by the database while entities belong to it.
    pub fn delete_team(&mut self, id: TeamId) {
        let firm = self.firm_id().0;
        self.queue(
            team::Entity::delete_many()
                .filter(team::Column::FirmId.eq(firm))
                .filter(team::Column::Id.eq(id.0))
                .into_query(),
        );
    }

    fn insert_members(&mut self, team: TeamId, members: &[TeamMember]) {
        if members.is_empty() {
            return;
        }
        let rows: Vec<_> = members
            .iter()
            .map(|member| self.member_row(team, *member).into_active_model())
            .collect();
        self.queue(team_member::Entity::insert_many(rows).into_query());
    }

    fn member_row(&self, team: TeamId, member: TeamMember) -> team_member::Model {
        team_member::Model {
            firm_id: self.firm_id().0,
            team_id: team.0,
            user_id: member.user_id.0,
            manager: member.manager,
        }
    }
}
