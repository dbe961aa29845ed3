//! Who works for which entity, in which role.

use domain::{
    access::visibility::EntityScope,
    entity::Membership,
    ids::{EntityId, MembershipId, RoleId, UserId},
    page::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{
        CaseStatement, Condition, Expr, ExprTrait, LockType, Order, Query, SelectStatement,
        WindowStatement,
    },
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::to_name,
    entity::{
        entity,
        membership::{ActiveModel, Column, Entity, Model},
    },
    keyset::after,
    one_of::one_of,
    row::{self, FromRow, Row},
    scope,
};

/// The place of a membership among those of one person: by entity, then id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct MembershipKey {
    /// The entity.
    pub entity_id: EntityId,
    /// The membership.
    pub id: MembershipId,
}

/// A role that somebody holds on another entity than the one in question (X5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldElsewhere {
    /// Who holds what where.
    pub membership: Membership,
    /// What that entity is called; none when the reader may not see it (X17).
    pub entity_name: Option<String>,
}

impl Reads<'_> {
    /// One membership.
    pub async fn membership(&self, id: MembershipId) -> Result<Option<Membership>, StoreError> {
        let query = Entity::find_by_id((self.firm_key(), id.0));
        row::one(query, &self.connection).await
    }

    /// A page of the team of an entity, in the order in which people joined.
    pub async fn list_team(
        &self,
        entity: EntityId,
        page: PageRequest<MembershipId>,
    ) -> Result<Page<Membership, MembershipId>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::EntityId.eq(entity.0))
            .order_by_asc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.gt(place.0));
        }
        let items: Vec<Membership> = row::all(query, &self.connection).await?;
        Ok(Page::from_overfetch(items, page.limit, |member| member.id).counted(total))
    }

    /// The whole teams of these entities.
    pub async fn team_of(&self, entities: &[EntityId]) -> Result<Vec<Membership>, StoreError> {
        if entities.is_empty() {
            return Ok(Vec::new());
        }
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::EntityId, entities.iter().map(|id| id.0)))
            .order_by_asc(Column::EntityId)
            .order_by_asc(Column::Id);
        row::all(query, &self.connection).await
    }

    /// Everything that somebody holds.
    pub async fn all_memberships_of(&self, user: UserId) -> Result<Vec<Membership>, StoreError> {
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::UserId.eq(user.0))
            .order_by_asc(Column::EntityId)
            .order_by_asc(Column::Id);
        row::all(query, &self.connection).await
    }

    /// Everything that these people hold.
    pub async fn memberships_of_all(
        &self,
        people: &[UserId],
    ) -> Result<Vec<Membership>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::UserId, people.iter().map(|user| user.0)))
            .order_by_asc(Column::EntityId)
            .order_by_asc(Column::Id);
        row::all(query, &self.connection).await
    }

    /// A page of what somebody holds, entity by entity.
    pub async fn list_memberships_of(
        &self,
        user: UserId,
        page: PageRequest<MembershipKey>,
    ) -> Result<Page<Membership, MembershipKey>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::UserId.eq(user.0))
            .order_by_asc(Column::EntityId)
            .order_by_asc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(after(
                [Column::EntityId, Column::Id],
                [place.entity_id.0.into(), place.id.0.into()],
            ));
        }
        let items: Vec<Membership> = row::all(query, &self.connection).await?;
        Ok(Page::from_overfetch(items, page.limit, |m| MembershipKey {
            entity_id: m.entity_id,
            id: m.id,
        })
        .counted(total))
    }

    /// Of each of these roles the first membership, if any, by which somebody holds it on another entity than `here`: one
    /// is enough to say so (X5), and some people hold a role on thousands.
    pub async fn roles_held_elsewhere(
        &self,
        user: UserId,
        roles: &[RoleId],
        here: EntityId,
        reader: &EntityScope,
    ) -> Result<Vec<HeldElsewhere>, StoreError> {
        if roles.is_empty() {
            return Ok(Vec::new());
        }
        let query = held_elsewhere(self.firm_key(), user, roles, here, reader);
        row::all_of(&query, &self.connection).await
    }
}

fn held_elsewhere(
    firm: Uuid,
    user: UserId,
    roles: &[RoleId],
    here: EntityId,
    reader: &EntityScope,
) -> SelectStatement {
    let numbered = Query::select()
        .column((Entity, Column::Id))
        .expr_window_as(
            Expr::cust("ROW_NUMBER()"),
            WindowStatement::partition_by(Column::RoleId)
                .order_by(Column::Id, Order::Asc)
                .to_owned(),
            "nth",
        )
        .from(Entity)
        .and_where(Column::FirmId.eq(firm))
        .and_where(Column::UserId.eq(user.0))
        .and_where(one_of(Column::RoleId, roles.iter().map(|role| role.0)))
        .and_where(Column::EntityId.ne(here.0))
        .to_owned();
    let first = Query::select()
        .column(("numbered", Column::Id))
        .from_subquery(numbered, "numbered")
        .and_where(Expr::col(("numbered", "nth")).eq(1))
        .to_owned();
    let visible_name = CaseStatement::new()
        .case(
            scope::of_entities(reader),
            Expr::col((entity::Entity, entity::Column::Name)),
        )
        .finally(Expr::null());
    Entity::find()
        .expr_as(visible_name, "entity_name")
        .into_query()
        .inner_join(
            entity::Entity,
            Condition::all()
                .add(
                    Expr::col((entity::Entity, entity::Column::FirmId))
                        .equals((Entity, Column::FirmId)),
                )
                .add(
                    Expr::col((entity::Entity, entity::Column::Id))
                        .equals((Entity, Column::EntityId)),
                ),
        )
        .and_where(Column::FirmId.eq(firm))
        .and_where(Expr::col((Entity, Column::Id)).in_subquery(first))
        .order_by((Entity, Column::Id), Order::Asc)
        .to_owned()
}

impl FromRow for HeldElsewhere {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            membership: Membership::from_row(row)?,
            entity_name: row.optional("entity_name")?,
        })
    }
}

impl UnitOfWork {
    /// Reads a membership and holds it until the end.
    pub async fn lock_membership(
        &self,
        id: MembershipId,
    ) -> Result<Option<Membership>, StoreError> {
        let query = Entity::find_by_id((self.firm_id().0, id.0)).lock(LockType::NoKeyUpdate);
        row::one(query, &self.connection()).await
    }

    /// Reads who is the primary holder of a role on an entity, and holds that membership until the end.
    pub async fn lock_primary(
        &self,
        entity: EntityId,
        role: RoleId,
    ) -> Result<Option<Membership>, StoreError> {
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_id().0))
            .filter(Column::EntityId.eq(entity.0))
            .filter(Column::RoleId.eq(role.0))
            .filter(Column::IsPrimary.eq(true))
            .lock(LockType::NoKeyUpdate);
        row::one(query, &self.connection()).await
    }

    /// Queues new memberships.
    pub fn insert_memberships<'m>(
        &mut self,
        memberships: impl IntoIterator<Item = &'m Membership>,
    ) -> Result<(), StoreError> {
        let firm = self.firm_id().0;
        let rows = memberships
            .into_iter()
            .map(|membership| model(firm, membership))
            .collect::<Result<Vec<_>, _>>()?;
        self.insert(rows);
        Ok(())
    }

    /// Queues the present state of a known membership.
    pub fn update_membership(&mut self, membership: &Membership) -> Result<(), StoreError> {
        let row = self.membership_row(membership)?;
        self.queue(update_row(&row));
        Ok(())
    }

    /// Queues the present state of whoever was the primary holder until now, ahead of whatever makes another the primary
    /// holder: the database never bears two.
    pub fn clear_primary(&mut self, former: &Membership) -> Result<(), StoreError> {
        self.update_membership(&Membership {
            is_primary: false,
            ..former.clone()
        })?;
        self.fence();
        Ok(())
    }

    /// Queues the end of a membership.
    pub fn delete_membership(&mut self, id: MembershipId) {
        let firm = self.firm_id().0;
        self.queue(
            Entity::delete_many()
                .filter(Column::FirmId.eq(firm))
                .filter(Column::Id.eq(id.0))
                .into_query(),
        );
    }

    fn membership_row(&self, membership: &Membership) -> Result<ActiveModel, StoreError> {
        Ok(model(self.firm_id().0, membership)?.into_active_model())
    }
}

fn model(firm: Uuid, membership: &Membership) -> Result<Model, StoreError> {
    Ok(Model {
        firm_id: firm,
        id: membership.id.0,
        entity_id: membership.entity_id.0,
        user_id: membership.user_id.0,
        role_id: membership.role_id.0,
        role_kind: to_name(&membership.role_kind)?,
        is_primary: membership.is_primary,
        created_at: membership.created_at,
        version: membership.version,
    })
}

impl FromRow for Membership {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: MembershipId(row.key("membership")?),
            entity_id: EntityId(row.get("entity_id")?),
            user_id: UserId(row.get("user_id")?),
            role_id: RoleId(row.get("role_id")?),
            role_kind: row.word("role_kind")?,
            is_primary: row.get("is_primary")?,
            created_at: row.get("created_at")?,
            version: row.get("version")?,
        })
    }
}
