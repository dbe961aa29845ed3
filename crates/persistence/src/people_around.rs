//! The people around some entities: everyone on their teams, and further ones by id, in one statement.

use std::collections::BTreeMap;

use domain::{
    entity::Membership,
    ids::{EntityId, UserId},
    user::User,
};
use sea_orm::{
    ColumnTrait, Iterable,
    sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError,
    entity::{app_user, membership},
    one_of::one_of,
    row::{self, FromRow, Row},
};

impl Reads<'_> {
    /// The teams of these entities, with everyone who is on them and these people besides.
    pub async fn people_around(
        &self,
        entities: &[EntityId],
        people: &[UserId],
    ) -> Result<(Vec<Membership>, BTreeMap<UserId, User>), StoreError> {
        let firm = self.firm_key();
        let mut query = members(firm, entities);
        query.union(UnionType::All, named(firm, people));
        let mut memberships = Vec::new();
        let mut found = BTreeMap::new();
        let everyone: Vec<Around> = row::all_of(&query, &self.connection).await?;
        for around in everyone {
            memberships.extend(around.membership);
            found.insert(around.user.id, around.user);
        }
        memberships.sort_by_key(|membership| (membership.entity_id, membership.id));
        Ok((memberships, found))
    }
}

/// Everyone on a team of these entities, once for each role.
fn members(firm: Uuid, entities: &[EntityId]) -> SelectStatement {
    let mut query = Query::select();
    query.columns(membership::Column::iter().map(|column| (membership::Entity, column)));
    user_columns(&mut query);
    let same_user = Condition::all()
        .add(
            Expr::col((app_user::Entity, app_user::Column::FirmId))
                .equals((membership::Entity, membership::Column::FirmId)),
        )
        .add(
            Expr::col((app_user::Entity, app_user::Column::Id))
                .equals((membership::Entity, membership::Column::UserId)),
        );
    query
        .from(membership::Entity)
        .inner_join(app_user::Entity, same_user)
        .and_where(membership::Column::FirmId.eq(firm))
        .and_where(one_of(
            membership::Column::EntityId,
            entities.iter().map(|id| id.0),
        ))
        .to_owned()
}

/// These people, with nothing in place of a membership.
fn named(firm: Uuid, people: &[UserId]) -> SelectStatement {
    let mut query = Query::select();
    for _ in membership::Column::iter() {
        query.expr(Expr::null());
    }
    user_columns(&mut query);
    query
        .from(app_user::Entity)
        .and_where(app_user::Column::FirmId.eq(firm))
        .and_where(one_of(app_user::Column::Id, people.iter().map(|id| id.0)))
        .to_owned()
}

fn user_columns(query: &mut SelectStatement) {
    query.columns(app_user::Column::iter().map(|column| (app_user::Entity, column)));
}

/// Somebody, and in which role if it is for that.
struct Around {
    membership: Option<Membership>,
    user: User,
}

impl FromRow for Around {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        let membership = if row.is_null()? {
            row.skip(membership::Column::iter().count());
            None
        } else {
            Some(Membership::from_row(row)?)
        };
        Ok(Self {
            membership,
            user: User::from_row(row)?,
        })
    }
}
