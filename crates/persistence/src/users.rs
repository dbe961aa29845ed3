//! People: how they are found, signed in, listed and changed.

use domain::{
    ids::UserId,
    page::{Page, PageRequest},
    user::{PermissionLevel, User, UserStatus},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{ExprTrait, LockType},
};

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::to_name,
    entity::app_user::{ActiveModel, Column, Entity},
    keyset::after,
    one_of::one_of,
    row::{self, FromRow, Row},
    text_match::{starts_with, word_starts_with},
};

/// What is needed to sign somebody in.
#[derive(Clone)]
pub struct Credentials {
    /// Who.
    pub user: User,
    /// Hash of their password; none while they have none.
    pub password_hash: Option<String>,
}

impl FromRow for Credentials {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            user: User::from_row(row)?,
            password_hash: row.optional("hash_to_check")?,
        })
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Which users to list; what is none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// With this status.
    pub status: Option<UserStatus>,
    /// At one of these levels; none: at any.
    pub permission_levels: Vec<PermissionLevel>,
    /// With an e-mail address, or a word of their name, that begins like this, whatever the case.
    pub beginning: Option<String>,
}

/// In which order to list users.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum UserSort {
    /// By name.
    #[default]
    FullName,
    /// In the order in which they were added.
    Id,
    /// The newest first.
    Newest,
}

/// The place of a user in any of the orders.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct UserPlace {
    /// Their name.
    pub full_name: String,
    /// Their id.
    pub id: UserId,
}

impl Reads<'_> {
    /// Looks one up.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let query = Entity::find_by_id((self.firm_key(), id.0));
        row::one(query, &self.connection).await
    }

    /// Those of these that exist.
    pub async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::Id, ids.iter().map(|id| id.0)));
        row::all(query, &self.connection).await
    }

    /// Who has this (lower-case) e-mail address, with their password's hash.
    pub async fn credentials(&self, email: &str) -> Result<Option<Credentials>, StoreError> {
        let query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::Email.eq(email))
            .column_as(Column::PasswordHash, "hash_to_check");
        row::one(query, &self.connection).await
    }

    /// A page of users.
    pub async fn list_users(
        &self,
        filter: &UserFilter,
        sort: UserSort,
        page: PageRequest<UserPlace>,
    ) -> Result<Page<User, UserPlace>, StoreError> {
        let mut query = Entity::find().filter(Column::FirmId.eq(self.firm_key()));
        if let Some(status) = filter.status {
            query = query.filter(Column::Status.eq(to_name(&status)?));
        }
        if !filter.permission_levels.is_empty() {
            let levels = filter
                .permission_levels
                .iter()
                .map(to_name)
                .collect::<Result<Vec<_>, _>>()?;
            query = query.filter(Column::PermissionLevel.is_in(levels));
        }
        if let Some(beginning) = &filter.beginning {
            let email = starts_with(Column::Email, beginning);
            query = query.filter(email.or(word_starts_with(Column::FullName, beginning)));
        }
        query = match sort {
            UserSort::FullName => query
                .order_by_asc(Column::FullName)
                .order_by_asc(Column::Id),
            UserSort::Id => query.order_by_asc(Column::Id),
            UserSort::Newest => query.order_by_desc(Column::Id),
        };
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(match sort {
                UserSort::FullName => after(
                    [Column::FullName, Column::Id],
                    [place.full_name.into(), place.id.0.into()],
                ),
                UserSort::Id => Column::Id.gt(place.id.0),
                UserSort::Newest => Column::Id.lt(place.id.0),
            });
        }
        let query = query.limit(u64::from(page.limit) + 1);
        let users = row::all(query, &self.connection).await?;
        Ok(
            Page::from_overfetch(users, page.limit, |user: &User| UserPlace {
                full_name: user.full_name.clone(),
                id: user.id,
            })
            .counted(total),
        )
    }
}

impl UnitOfWork {
    /// Looks one up and holds it until the end.
    pub async fn lock_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let query = Entity::find_by_id((self.firm_id().0, id.0)).lock(LockType::NoKeyUpdate);
        row::one(query, &self.connection()).await
    }

    /// The active admins, held until the end so that the last of them cannot leave unnoticed; always locked in the same
    /// order, against deadlocks.
    pub async fn lock_active_admins(&self) -> Result<Vec<UserId>, StoreError> {
        let rows = Entity::find()
            .filter(Column::FirmId.eq(self.firm_id().0))
            .filter(Column::PermissionLevel.eq(to_name(&PermissionLevel::Admin)?))
            .filter(Column::Status.eq(to_name(&UserStatus::Active)?))
            .order_by_asc(Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(&self.connection())
            .await?;
        Ok(rows.into_iter().map(|row| UserId(row.id)).collect())
    }

    /// Adds one.
    pub fn insert_user(
        &mut self,
        user: &User,
        password_hash: Option<String>,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            password_hash: Set(password_hash),
            ..self.user_row(user)?
        };
        self.queue(Entity::insert(row).into_query());
        Ok(())
    }

    /// Writes one back; the password stays.
    pub fn update_user(&mut self, user: &User) -> Result<(), StoreError> {
        let row = self.user_row(user)?;
        self.queue(update_row(&row));
        Ok(())
    }

    /// Writes one back together with a new password.
    pub fn update_user_and_password(
        &mut self,
        user: &User,
        password_hash: String,
    ) -> Result<(), StoreError> {
        let row = ActiveModel {
            password_hash: Set(Some(password_hash)),
            ..self.user_row(user)?
        };
        self.queue(update_row(&row));
        Ok(())
    }

    fn user_row(&self, user: &User) -> Result<ActiveModel, StoreError> {
        Ok(ActiveModel {
            firm_id: Set(self.firm_id().0),
            id: Set(user.id.0),
            email: Set(user.email.clone()),
            full_name: Set(user.full_name.clone()),
            permission_level: Set(to_name(&user.permission_level)?),
            status: Set(to_name(&user.status)?),
            password_hash: NotSet,
            created_at: Set(user.created_at),
            version: Set(user.version),
        })
    }
}

impl FromRow for User {
    fn from_row(row: &mut Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId(row.key("app_user")?),
            email: row.get("email")?,
            full_name: row.get("full_name")?,
            permission_level: row.word("permission_level")?,
            status: row.word("status")?,
            created_at: {
                // Nobody who asks for people needs the password's hash.
                row.skip(1);
                row.get("created_at")?
            },
            version: row.get("version")?,
        })
    }
}
