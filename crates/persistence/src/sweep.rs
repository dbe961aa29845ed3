//! What has had its time is taken away, a few rows at a time: kept answers, jobs that are done, sessions that have ended.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::ids::{DocumentId, FirmId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Condition, Expr, ExprTrait, LockBehavior, LockType, Order, Query},
};
use uuid::Uuid;

use crate::{
    Store, StoreError,
    entity::{document, firm_directory, idempotency, job, session},
    idempotency::KEPT,
    jobs::DONE,
    one_of::one_of,
};

impl Store {
    /// Every firm by its slug, in the order of slugs.
    pub async fn firms_by_slug(&self) -> Result<Vec<(String, FirmId)>, StoreError> {
        let rows = firm_directory::Entity::find()
            .order_by_asc(firm_directory::Column::Slug)
            .all(&self.primary())
            .await?;
        let firms = rows.into_iter().map(|row| (row.slug, FirmId(row.firm_id)));
        Ok(firms.collect())
    }

    /// Every firm.
    pub async fn all_firms(&self) -> Result<Vec<FirmId>, StoreError> {
        let firms: Vec<Uuid> = firm_directory::Entity::find()
            .select_only()
            .column(firm_directory::Column::FirmId)
            .into_tuple()
            .all(&self.primary())
            .await?;
        Ok(firms.into_iter().map(FirmId).collect())
    }

    /// Takes away answers that nobody can ask for again, the oldest first; tells how many.
    pub async fn sweep_kept_answers(&self, firm: FirmId, limit: u64) -> Result<u64, StoreError> {
        use idempotency::{Column, Entity};

        let old = Column::CreatedAt.lte(self.ambient().now() - KEPT);
        let key = [
            Column::PrincipalId,
            Column::Method,
            Column::Path,
            Column::Key,
        ];
        self.sweep::<Entity, 4>(
            firm,
            Column::FirmId,
            key,
            Column::CreatedAt,
            old.into(),
            limit,
        )
        .await
    }

    /// Takes away jobs that were done before a time, the oldest first; tells how many.
    pub async fn sweep_done_jobs(
        &self,
        firm: FirmId,
        before: DateTime<Utc>,
        limit: u64,
    ) -> Result<u64, StoreError> {
        use job::{Column, Entity};

        let old = Condition::all()
            .add(Column::State.eq(DONE))
            .add(Column::RunAt.lt(before));
        self.sweep::<Entity, 1>(
            firm,
            Column::FirmId,
            [Column::Id],
            Column::RunAt,
            old,
            limit,
        )
        .await
    }

    /// Takes away sessions that have ended by themselves, the oldest first; tells how many.
    pub async fn sweep_sessions(&self, firm: FirmId, limit: u64) -> Result<u64, StoreError> {
        use session::{Column, Entity};

        let ended = Column::ExpiresAt.lte(self.ambient().now());
        self.sweep::<Entity, 1>(
            firm,
            Column::FirmId,
            [Column::Id],
            Column::ExpiresAt,
            ended.into(),
            limit,
        )
        .await
    }

    /// Those of these documents that the firm has.
    pub async fn documents_among(
        &self,
        firm: FirmId,
        ids: &[DocumentId],
    ) -> Result<BTreeSet<DocumentId>, StoreError> {
        let known: Vec<Uuid> = document::Entity::find()
            .select_only()
            .column(document::Column::Id)
            .filter(document::Column::FirmId.eq(firm.0))
            .filter(one_of(document::Column::Id, ids.iter().map(|id| id.0)))
            .into_tuple()
            .all(&self.primary())
            .await?;
        Ok(known.into_iter().map(DocumentId).collect())
    }

    /// Deletes up to `limit` rows of a firm; rows that others hold are left to the next time.
    async fn sweep<E: EntityTrait, const N: usize>(
        &self,
        firm: FirmId,
        firm_column: E::Column,
        key: [E::Column; N],
        age: E::Column,
        which: Condition,
        limit: u64,
    ) -> Result<u64, StoreError> {
        let writer = self.writer();
        let mut oldest = Query::select();
        oldest
            .columns(key)
            .from(E::default())
            .and_where(firm_column.eq(firm.0))
            .cond_where(which)
            .order_by(age, Order::Asc)
            .limit(limit);
        if writer.get_database_backend() == DbBackend::Postgres {
            oldest.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let delete = Query::delete()
            .from_table(E::default())
            .and_where(firm_column.eq(firm.0))
            .and_where(Expr::tuple(key.map(Expr::col)).in_subquery(oldest))
            .to_owned();
        Ok(writer.execute(&delete).await?.rows_affected())
    }
}
