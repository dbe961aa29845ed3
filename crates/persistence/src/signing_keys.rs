//! Keys that sign access tokens and checkpoints of trails. They belong to the installation, not to a firm, and have no trail.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::{Expr, ExprTrait, Query},
};

use crate::{
    Store, StoreError,
    entity::signing_key::{Column, Entity, Model},
};

/// One key pair.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its name in token headers and in the published set.
    pub kid: String,
    /// Its algorithm as JOSE calls it.
    pub algorithm: String,
    /// The public half, published.
    pub public_key: Vec<u8>,
    /// The private half, encrypted by the caller; never stored in the clear.
    pub private_key_encrypted: Vec<u8>,
    /// Its number: it signs until there is one with a higher one.
    pub generation: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when nothing counts that it signs.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// All keys, newest first.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        let rows = Entity::find()
            .order_by_desc(Column::Generation)
            .all(&self.primary())
            .await?;
        Ok(rows.into_iter().map(SigningKey::from).collect())
    }

    /// The name of the key that signs now.
    pub async fn current_key_id(&self) -> Result<Option<String>, StoreError> {
        let found = Entity::find()
            .select_only()
            .column(Column::Kid)
            .filter(Column::RevokedAt.is_null())
            .order_by_desc(Column::Generation)
            .into_tuple()
            .one(&self.primary())
            .await?;
        Ok(found)
    }

    /// Whether there is a key of this name that was not revoked.
    pub async fn has_signing_key(&self, kid: &str) -> Result<bool, StoreError> {
        let found = Entity::find_by_id(kid)
            .filter(Column::RevokedAt.is_null())
            .one(&self.primary())
            .await?;
        Ok(found.is_some())
    }

    /// Adds a key; false when another server has just added one of the same number.
    pub async fn add_signing_key(&self, key: SigningKey) -> Result<bool, StoreError> {
        insert(&self.writer(), key).await
    }

    /// Adds a key and revokes all before it, at once; false, and nothing has happened, when another server has just added
    /// one of the same number.
    pub async fn replace_signing_keys(
        &self,
        key: SigningKey,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.shared.writer.begin_with_options(options).await?;
        let generation = key.generation;
        if !insert(&transaction, key).await? {
            transaction.rollback().await?;
            return Ok(false);
        }
        Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::val(now))
            .filter(Column::Generation.lt(generation))
            .filter(Column::RevokedAt.is_null())
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn insert(connection: &impl ConnectionTrait, key: SigningKey) -> Result<bool, StoreError> {
    let inserted = Entity::insert(Model::from(key).into_active_model())
        .exec_without_returning(connection)
        .await;
    match inserted.map_err(StoreError::from) {
        Ok(_) => Ok(true),
        Err(StoreError::Conflict(_)) => Ok(false),
        Err(err) => Err(err),
    }
}

/// Whether a key is known to count no more.
pub(crate) fn is_revoked(kid: &str) -> Expr {
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from(Entity)
            .and_where(Expr::col((Entity, Column::Kid)).eq(kid))
            .and_where(Expr::col((Entity, Column::RevokedAt)).is_not_null())
            .take(),
    )
}

impl From<Model> for SigningKey {
    fn from(row: Model) -> Self {
        Self {
            kid: row.kid,
            algorithm: row.algorithm,
            public_key: row.public_key,
            private_key_encrypted: row.private_key_encrypted,
            generation: row.generation,
            created_at: row.created_at,
            revoked_at: row.revoked_at,
        }
    }
}

impl From<SigningKey> for Model {
    fn from(key: SigningKey) -> Self {
        Self {
            kid: key.kid,
            algorithm: key.algorithm,
            public_key: key.public_key,
            private_key_encrypted: key.private_key_encrypted,
            generation: key.generation,
            created_at: key.created_at,
            revoked_at: key.revoked_at,
        }
    }
}
