//! The people around some entities: everyone on their teams, and further ones by id, in one statement.

use std::collections::BTreeMap;

use domain::{
    entity::Membership,
    ids::{EntityId, UserId},
    user::User,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, FromQueryResult, IdenStatic, Iterable, QueryResult,
    StatementBuilder,
    sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError,
    entity::{app_user, membership},
};

const MEMBERSHIP: &str = "membership_";
const USER: &str = "user_";

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
        let backend = self.connection.get_database_backend();
        let rows = Row::find_by_statement(StatementBuilder::build(&query, &backend))
            .all(&self.connection)
            .await?;
        let mut memberships = Vec::new();
        let mut found = BTreeMap::new();
        for row in rows {
            memberships.extend(row.membership.map(Membership::try_from).transpose()?);
            let user = User::try_from(row.user)?;
            found.insert(user.id, user);
        }
        memberships.sort_by_key(|membership| (membership.entity_id, membership.id));
        Ok((memberships, found))
    }
}

/// Everyone on a team of these entities, once for each role.
fn members(firm: Uuid, entities: &[EntityId]) -> SelectStatement {
    let mut query = Query::select();
    for column in membership::Column::iter() {
        query.expr_as(
            Expr::col((membership::Entity, column)),
            format!("{MEMBERSHIP}{}", column.as_str()),
        );
    }
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
        .and_where(membership::Column::EntityId.is_in(entities.iter().map(|id| id.0)))
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
        .and_where(app_user::Column::Id.is_in(people.iter().map(|id| id.0)))
        .to_owned()
}

fn user_columns(query: &mut SelectStatement) {
    for column in app_user::Column::iter() {
        let value = if matches!(column, app_user::Column::PasswordHash) {
            // Nobody who asks for people needs it.
            Expr::null()
        } else {
            Expr::col((app_user::Entity, column))
        };
        query.expr_as(value, format!("{USER}{}", column.as_str()));
    }
}

struct Row {
    membership: Option<membership::Model>,
    user: app_user::Model,
}

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            membership: Option::from_query_result(row, MEMBERSHIP)?,
            user: app_user::Model::from_query_result(row, USER)?,
        })
    }
}
