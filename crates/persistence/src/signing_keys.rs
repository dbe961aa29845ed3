//! Keys that sign access tokens. They belong to the installation, not to a firm, and have no trail.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, sea_query::Expr,
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
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Since when it signs no more; what it has signed stays valid until it expires.
    pub retired_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// All keys, newest first.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        let rows = Entity::find()
            .order_by_desc(Column::CreatedAt)
            .order_by_asc(Column::Kid)
            .all(&self.primary())
            .await?;
        Ok(rows.into_iter().map(SigningKey::from).collect())
    }

    /// Adds a key.
    pub async fn add_signing_key(&self, key: SigningKey) -> Result<(), StoreError> {
        Entity::insert(Model::from(key).into_active_model())
            .exec_without_returning(&self.writer())
            .await?;
        Ok(())
    }

    /// Lets a key sign no more.
    pub async fn retire_signing_key(&self, kid: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::RetiredAt, Expr::val(at))
            .filter(Column::Kid.eq(kid))
            .filter(Column::RetiredAt.is_null())
            .exec(&self.writer())
            .await?;
        Ok(())
    }
}

impl From<Model> for SigningKey {
    fn from(row: Model) -> Self {
        Self {
            kid: row.kid,
            algorithm: row.algorithm,
            public_key: row.public_key,
            private_key_encrypted: row.private_key_encrypted,
            created_at: row.created_at,
            retired_at: row.retired_at,
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
            created_at: key.created_at,
            retired_at: key.retired_at,
        }
    }
}
