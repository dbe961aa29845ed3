//! Signed heads of the trail (E19): one for each firm and day, never changed.

use chrono::NaiveDate;
use domain::{
    audit::{
        Link,
        checkpoint::{Checkpoint, Statement},
    },
    ids::FirmId,
    page::{Page, PageRequest},
};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Reads, Store, StoreError,
    codec::Place,
    entity::audit_checkpoint::{Column, Entity, Model},
};

impl Store {
    /// Where a firm's trail ends now; none when there is no such firm.
    pub async fn current_head(&self, firm: FirmId) -> Result<Option<Link>, StoreError> {
        self.fresh_reads(firm).trail_head().await
    }

    /// Whether a firm has a checkpoint of this day.
    pub async fn has_checkpoint(&self, firm: FirmId, day: NaiveDate) -> Result<bool, StoreError> {
        let found = Entity::find_by_id((firm.0, day))
            .one(&self.primary())
            .await?;
        Ok(found.is_some())
    }

    /// Keeps a checkpoint; false when the firm has one of that day already.
    pub async fn add_checkpoint(&self, checkpoint: Checkpoint) -> Result<bool, StoreError> {
        let inserted = Entity::insert(Model::from(checkpoint).into_active_model())
            .exec_without_returning(&self.writer())
            .await;
        match inserted.map_err(StoreError::from) {
            Ok(_) => Ok(true),
            Err(StoreError::Conflict(_)) => Ok(false),
            Err(err) => Err(err),
        }
    }
}

impl Reads<'_> {
    /// A page of the checkpoints, the latest first.
    pub async fn list_checkpoints(
        &self,
        page: PageRequest<NaiveDate>,
    ) -> Result<Page<Checkpoint, NaiveDate>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .order_by_desc(Column::Day)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(day) = page.after {
            query = query.filter(Column::Day.lt(day));
        }
        let rows = query.all(&self.connection).await?;
        let checkpoints = rows
            .into_iter()
            .map(Checkpoint::try_from)
            .collect::<Result<_, _>>()?;
        Ok(
            Page::from_overfetch(checkpoints, page.limit, |it: &Checkpoint| it.statement.day)
                .counted(total),
        )
    }

    /// The checkpoints of entries after one, none: of all, up to another, in their order.
    pub(crate) async fn checkpoints_of(
        &self,
        after: Option<i64>,
        up_to: i64,
    ) -> Result<Vec<Checkpoint>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::Sequence.lte(up_to))
            .order_by_asc(Column::Sequence)
            .order_by_asc(Column::Day);
        if let Some(sequence) = after {
            query = query.filter(Column::Sequence.gt(sequence));
        }
        let rows = query.all(&self.connection).await?;
        rows.into_iter().map(Checkpoint::try_from).collect()
    }
}

impl TryFrom<Model> for Checkpoint {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, Self::Error> {
        let place = Place {
            table: "audit_checkpoint",
            row: row.day,
        };
        Ok(Self {
            statement: Statement {
                firm_id: FirmId(row.firm_id),
                day: row.day,
                head: Link {
                    sequence: row.sequence,
                    hash: place.hash(row.hash)?,
                },
                signed_at: row.signed_at,
            },
            key_id: row.key_id,
            signature: row.signature,
        })
    }
}

impl From<Checkpoint> for Model {
    fn from(checkpoint: Checkpoint) -> Self {
        let statement = checkpoint.statement;
        Self {
            firm_id: statement.firm_id.0,
            day: statement.day,
            sequence: statement.head.sequence,
            hash: statement.head.hash.to_vec(),
            signed_at: statement.signed_at,
            key_id: checkpoint.key_id,
            signature: checkpoint.signature,
        }
    }
}
