//! Sessions: one for each sign-in, with a refresh token that can be used once; and who calls, for each request.

use chrono::{DateTime, Utc};
use domain::{
    access::Actor,
    ids::{FirmId, SessionId, TeamId, UserId},
    page::{Page, PageRequest},
    user::{PermissionLevel, User, UserStatus},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, Query},
};
use uuid::Uuid;

use crate::{
    Reads, Store, StoreError, UnitOfWork,
    batch::update_row,
    entity::{app_user, firm, session, team_member},
    one_of::one_of,
    row::{FromRow, Row},
    signing_keys::is_revoked,
};

/// A sign-in that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its identity.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// Hash of the first refresh token.
    pub refresh_hash: [u8; 32],
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// The program that signed in, as it calls itself.
    pub user_agent: Option<String>,
    /// From where.
    pub address: Option<String>,
}

/// A sign-in, as people may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identity.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When its refresh token was last used.
    pub last_used_at: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The program that signed in, as it calls itself.
    pub user_agent: Option<String>,
    /// From where.
    pub address: Option<String>,
}

/// What became of a refresh token that was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// It was the current one; the next has taken its place.
    Rotated(Session),
    /// It was not the current one: somebody has a copy, so that the session was ended.
    Reused(Session),
    /// There is no such session, or it has ended.
    Ended,
}

/// Who calls: loaded live for each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// For the permission gate.
    pub actor: Actor,
    /// The person.
    pub user: User,
    /// By which sign-in.
    pub session_id: SessionId,
    /// Version of everything that the firm has set up, for the cache of it.
    pub catalog_version: i64,
}

impl Store {
    /// Who calls with this session: one statement, and one more for managers. None: the session has ended, or the person
    /// is not active.
    pub async fn caller(
        &self,
        firm: FirmId,
        session: SessionId,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Caller>, StoreError> {
        let reads = self.fresh_reads(firm);
        let Some(mut caller) = reads.caller_with_teams(session, key_id, now).await? else {
            return Ok(None);
        };
        if !caller.actor.managed_teams.is_empty() {
            caller.actor.managed_users = reads.users_of_teams(&caller.actor.managed_teams).await?;
        }
        Ok(Some(caller))
    }
}

impl Reads<'_> {
    /// A page of the sessions of a person that have not ended, oldest first.
    pub async fn list_sessions(
        &self,
        user: UserId,
        now: DateTime<Utc>,
        page: PageRequest<SessionId>,
    ) -> Result<Page<Session, SessionId>, StoreError> {
        let mut query = session::Entity::find()
            .filter(session::Column::FirmId.eq(self.firm_key()))
            .filter(session::Column::UserId.eq(user.0))
            .filter(alive(now))
            .order_by_asc(session::Column::Id)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(after) = page.after {
            query = query.filter(session::Column::Id.gt(after.0));
        }
        let rows = query.all(&self.connection).await?;
        let sessions = rows.into_iter().map(Session::from).collect();
        Ok(Page::from_overfetch(sessions, page.limit, |s: &Session| s.id).counted(total))
    }

    /// A session of a person that has not ended.
    pub async fn session(
        &self,
        user: UserId,
        id: SessionId,
        now: DateTime<Utc>,
    ) -> Result<Option<Session>, StoreError> {
        let row = session::Entity::find_by_id((self.firm_key(), id.0))
            .filter(session::Column::UserId.eq(user.0))
            .filter(alive(now))
            .one(&self.connection)
            .await?;
        Ok(row.map(Session::from))
    }

    /// One row for each team that the person is on, or one without a team.
    async fn caller_with_teams(
        &self,
        id: SessionId,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Caller>, StoreError> {
        let mut select = Query::select();
        select
            .columns(app_user::Column::iter().map(|column| (app_user::Entity, column)))
            .column((firm::Entity, firm::Column::CatalogVersion))
            .column((team_member::Entity, team_member::Column::TeamId))
            .column((team_member::Entity, team_member::Column::Manager))
            .from(session::Entity)
            .inner_join(
                app_user::Entity,
                same(session::Column::FirmId, app_user::Column::FirmId)
                    .and(same(session::Column::UserId, app_user::Column::Id)),
            )
            .inner_join(
                firm::Entity,
                same(session::Column::FirmId, firm::Column::FirmId),
            )
            .left_join(
                team_member::Entity,
                same(session::Column::FirmId, team_member::Column::FirmId)
                    .and(same(session::Column::UserId, team_member::Column::UserId)),
            )
            .and_where(session::Column::FirmId.eq(self.firm_key()))
            .and_where(session::Column::Id.eq(id.0))
            .and_where(is_revoked(key_id).not())
            .cond_where(alive(now));
        let rows = self.connection.query_all(&select).await?;
        Caller::from_rows(self.firm_id(), id, &rows)
    }

    pub(crate) async fn users_of_teams(&self, teams: &[TeamId]) -> Result<Vec<UserId>, StoreError> {
        let users: Vec<Uuid> = team_member::Entity::find()
            .select_only()
            .column(team_member::Column::UserId)
            .distinct()
            .filter(team_member::Column::FirmId.eq(self.firm_key()))
            .filter(one_of(
                team_member::Column::TeamId,
                teams.iter().map(|team| team.0),
            ))
            .order_by_asc(team_member::Column::UserId)
            .into_tuple()
            .all(&self.connection)
            .await?;
        Ok(users.into_iter().map(UserId).collect())
    }
}

impl UnitOfWork {
    /// Begins a session.
    pub fn create_session(&mut self, new: NewSession) {
        let row = session::Model {
            firm_id: self.firm_id().0,
            id: new.id.0,
            user_id: new.user_id.0,
            refresh_hash: new.refresh_hash.to_vec(),
            previous_refresh_hash: None,
            generation: 1,
            created_at: new.created_at,
            last_used_at: new.created_at,
            expires_at: new.expires_at,
            revoked_at: None,
            user_agent: new.user_agent,
            address: new.address,
        };
        self.queue_untold(session::Entity::insert(row.into_active_model()).into_query());
    }

    /// Trades the current refresh token for the next. Any other token for this session is an old one: the session ends,
    /// for which the unit of work has to succeed.
    pub async fn rotate_session(
        &mut self,
        id: SessionId,
        presented: [u8; 32],
        next: [u8; 32],
    ) -> Result<Rotation, StoreError> {
        let now = self.ambient().now();
        let found = session::Entity::find_by_id((self.firm_id().0, id.0))
            .filter(alive(now))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?;
        let Some(row) = found else {
            return Ok(Rotation::Ended);
        };
        let current = row.refresh_hash == presented;
        let change = if current {
            session::ActiveModel {
                refresh_hash: Set(next.to_vec()),
                previous_refresh_hash: Set(Some(row.refresh_hash.clone())),
                generation: Set(row.generation + 1),
                last_used_at: Set(now),
                ..key_of(&row)
            }
        } else {
            session::ActiveModel {
                revoked_at: Set(Some(now)),
                ..key_of(&row)
            }
        };
        self.queue_untold(update_row(&change));
        let mut session = Session::from(row);
        if current {
            session.last_used_at = now;
            Ok(Rotation::Rotated(session))
        } else {
            session.revoked_at = Some(now);
            Ok(Rotation::Reused(session))
        }
    }

    /// Ends one session of a person.
    pub fn revoke_session(&mut self, user: UserId, id: SessionId) {
        self.revoke(
            Condition::all()
                .add(session::Column::UserId.eq(user.0))
                .add(session::Column::Id.eq(id.0)),
        );
    }

    /// Ends all sessions of a person: when they leave, or have a new password.
    pub fn revoke_sessions(&mut self, user: UserId) {
        self.revoke(Condition::all().add(session::Column::UserId.eq(user.0)));
    }

    /// Ends all sessions of a person but one.
    pub fn revoke_other_sessions(&mut self, user: UserId, kept: SessionId) {
        self.revoke(
            Condition::all()
                .add(session::Column::UserId.eq(user.0))
                .add(session::Column::Id.ne(kept.0)),
        );
    }

    fn revoke(&mut self, which: Condition) {
        let update = Query::update()
            .table(session::Entity)
            .value(session::Column::RevokedAt, self.ambient().now())
            .and_where(session::Column::FirmId.eq(self.firm_id().0))
            .and_where(session::Column::RevokedAt.is_null())
            .cond_where(which)
            .to_owned();
        self.queue_untold(update);
    }
}

fn same(one: impl ColumnTrait, other: impl ColumnTrait) -> Expr {
    Expr::col(one.as_column_ref()).equals(other.as_column_ref())
}

fn alive(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(session::Column::RevokedAt.is_null())
        .add(session::Column::ExpiresAt.gt(now))
}

fn key_of(row: &session::Model) -> session::ActiveModel {
    session::ActiveModel {
        firm_id: Set(row.firm_id),
        id: Set(row.id),
        user_id: NotSet,
        refresh_hash: NotSet,
        previous_refresh_hash: NotSet,
        generation: NotSet,
        created_at: NotSet,
        last_used_at: NotSet,
        expires_at: NotSet,
        revoked_at: NotSet,
        user_agent: NotSet,
        address: NotSet,
    }
}

impl Caller {
    fn from_rows(
        firm_id: FirmId,
        session_id: SessionId,
        rows: &[QueryResult],
    ) -> Result<Option<Self>, StoreError> {
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let user = User::from_row(&mut Row::new(first)?)?;
        if user.status != UserStatus::Active {
            return Ok(None);
        }
        let mut actor = Actor {
            user_id: user.id,
            firm_id,
            level: user.permission_level,
            active: true,
            teams: Vec::new(),
            managed_teams: Vec::new(),
            managed_users: Vec::new(),
        };
        for row in rows {
            let Some(team) = row.try_get::<Option<Uuid>>("", "team_id")?.map(TeamId) else {
                continue;
            };
            actor.teams.push(team);
            if user.permission_level == PermissionLevel::Manager
                && row.try_get::<Option<bool>>("", "manager")? == Some(true)
            {
                actor.managed_teams.push(team);
            }
        }
        Ok(Some(Self {
            actor,
            user,
            session_id,
            catalog_version: first.try_get("", "catalog_version")?,
        }))
    }
}

impl From<session::Model> for Session {
    fn from(row: session::Model) -> Self {
        Self {
            id: SessionId(row.id),
            user_id: UserId(row.user_id),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            user_agent: row.user_agent,
            address: row.address,
        }
    }
}
