//! Whether a trail is whole (E19): read once from its first entry to its head, a stretch at a time.

use domain::audit::{Broken, Flaw, Link, Sealed, checkpoint::Checkpoint};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::Expr,
};

use crate::{
    Reads, StoreError,
    entity::{audit_checkpoint, change, firm_head},
};

/// How many entries are held at a time.
const STRIDE: u64 = 500;

/// Which part of a trail to verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailRange {
    /// The first entry; the hash before it is taken as it stands.
    pub from: i64,
    /// The last entry; none: whatever is the last when it begins.
    pub to: Option<i64>,
    /// At most so many entries; none: all.
    pub most: Option<i64>,
}

impl TrailRange {
    /// From the first entry to the last.
    pub const ALL: Self = Self {
        from: 1,
        to: None,
        most: None,
    };
}

/// A part of a trail that is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The last entry of it.
    pub end: Link,
    /// How many checkpoints stand on it.
    pub checkpoints: u64,
    /// Whether nothing of the trail comes after it.
    pub at_head: bool,
}

/// Why a trail could not be verified.
#[derive(Debug, thiserror::Error)]
pub enum TrailFault {
    /// Something was taken from it, or altered.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Reads<'_> {
    /// Recomputes a part of the chain and holds the checkpoints on it against it; `is_signed` looks at the signature of each.
    pub async fn verify_trail(
        &self,
        range: TrailRange,
        is_signed: impl Fn(&Checkpoint) -> Result<(), Flaw>,
    ) -> Result<Verified, TrailFault> {
        let head = self.trail_head().await?.ok_or(StoreError::NoFirm)?;
        let start = self.link_before(range.from).await?;
        let asked = [
            range.to,
            range
                .most
                .map(|most| start.sequence.saturating_add(most.max(1))),
        ];
        let target = asked.into_iter().flatten().fold(head.sequence, i64::min);
        let mut walk = Walk {
            link: start,
            checkpoints: 0,
            is_signed,
        };
        while walk.link.sequence < target {
            // Before the first entry nothing may stand either.
            let after = (walk.link != Link::START).then_some(walk.link.sequence);
            let entries = self.entries_after(after, target).await?;
            let end = entries.last().map_or(target, |row| row.sequence);
            let checkpoints = self.checkpoints_of(after, end).await?;
            walk.over(entries, &checkpoints)?;
        }
        let at_head = walk.link.sequence >= head.sequence;
        if at_head {
            self.check_end(walk.link, head).await?;
        }
        Ok(Verified {
            end: walk.link,
            checkpoints: walk.checkpoints,
            at_head,
        })
    }

    /// What the first entry to be verified has to follow.
    async fn link_before(&self, from: i64) -> Result<Link, TrailFault> {
        if from <= 1 {
            return Ok(Link::START);
        }
        let sequence = from - 1;
        let row = change::Entity::find_by_id((self.firm_key(), sequence))
            .one(&self.connection)
            .await
            .map_err(StoreError::from)?
            .ok_or(Flaw::NumberMissing.at(sequence))?;
        let hash = row.hash.try_into();
        let hash = hash.map_err(|_| Flaw::Unreadable.at(sequence))?;
        Ok(Link { sequence, hash })
    }

    async fn entries_after(
        &self,
        after: Option<i64>,
        up_to: i64,
    ) -> Result<Vec<change::Model>, StoreError> {
        let mut query = change::Entity::find()
            .filter(change::Column::FirmId.eq(self.firm_key()))
            .filter(change::Column::Sequence.lte(up_to))
            .order_by_asc(change::Column::Sequence)
            .limit(STRIDE);
        if let Some(sequence) = after {
            query = query.filter(change::Column::Sequence.gt(sequence));
        }
        Ok(query.all(&self.connection).await?)
    }

    /// The head matches the last entry, and nothing stands behind it. Each look at the head is one statement with what it is
    /// held against, because others go on writing.
    async fn check_end(&self, end: Link, head: Link) -> Result<(), TrailFault> {
        // Outside of this its `min` and `max` would stand in the way of those of numbers.
        use sea_orm::sea_query::ExprTrait as _;

        if end != head {
            return Err(Flaw::HeadDiffers.at(head.sequence).into());
        }
        let stray: Option<i64> = change::Entity::find()
            .select_only()
            .column(change::Column::Sequence)
            .filter(change::Column::FirmId.eq(self.firm_key()))
            .filter(Expr::col(change::Column::Sequence).gt(self.head_now()))
            .order_by_asc(change::Column::Sequence)
            .into_tuple()
            .one(&self.connection)
            .await
            .map_err(StoreError::from)?;
        if let Some(sequence) = stray {
            return Err(Flaw::BehindHead.at(sequence).into());
        }
        let beyond = audit_checkpoint::Entity::find()
            .filter(audit_checkpoint::Column::FirmId.eq(self.firm_key()))
            .filter(Expr::col(audit_checkpoint::Column::Sequence).gt(self.head_now()))
            .order_by_asc(audit_checkpoint::Column::Sequence)
            .one(&self.connection)
            .await
            .map_err(StoreError::from)?;
        match beyond {
            None => Ok(()),
            Some(row) => {
                let flaw = Flaw::CheckpointBeyondEnd { day: row.day };
                Err(flaw.at(row.sequence).into())
            }
        }
    }

    fn head_now(&self) -> Expr {
        let head = firm_head::Entity::find_by_id(self.firm_key())
            .select_only()
            .column(firm_head::Column::Sequence)
            .into_query();
        Expr::SubQuery(None, Box::new(head.into()))
    }
}

/// How far the verification has come.
struct Walk<F> {
    link: Link,
    checkpoints: u64,
    is_signed: F,
}

impl<F: Fn(&Checkpoint) -> Result<(), Flaw>> Walk<F> {
    /// Follows a stretch of entries, and looks at the checkpoints on the way.
    fn over(
        &mut self,
        entries: Vec<change::Model>,
        checkpoints: &[Checkpoint],
    ) -> Result<(), Broken> {
        if entries.is_empty() {
            return Err(Flaw::NumberMissing.at(self.link.sequence + 1));
        }
        let mut due = checkpoints.iter().peekable();
        while let Some(early) = due.next_if(|it| it.statement.head.sequence <= self.link.sequence) {
            self.stands(early)?;
        }
        for row in entries {
            let sequence = row.sequence;
            let sealed = Sealed::try_from(row).map_err(|_| Flaw::Unreadable.at(sequence))?;
            self.link = self.link.follow(&sealed)?;
            while let Some(here) = due.next_if(|it| it.statement.head.sequence == sequence) {
                self.stands(here)?;
            }
        }
        Ok(())
    }

    fn stands(&mut self, checkpoint: &Checkpoint) -> Result<(), Broken> {
        let head = checkpoint.statement.head;
        (self.is_signed)(checkpoint).map_err(|flaw| flaw.at(head.sequence))?;
        if head != self.link {
            let day = checkpoint.statement.day;
            return Err(Flaw::CheckpointDiffers { day }.at(head.sequence));
        }
        self.checkpoints += 1;
        Ok(())
    }
}
