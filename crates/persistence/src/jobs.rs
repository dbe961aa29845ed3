//! Deferred work: queued with the change that asks for it, done once by whoever holds its lease.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    ids::{FirmId, JobId},
    job::Job,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, UpdateStatement},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Store, StoreError, UnitOfWork,
    codec::{Place, to_json},
    entity::job::{Column, Entity, Model},
    one_of::one_of,
};

pub(crate) const QUEUED: &str = "queued";
pub(crate) const RUNNING: &str = "running";
pub(crate) const PARKED: &str = "parked";
pub(crate) const DONE: &str = "done";

/// How many jobs one statement queues.
const AT_ONCE: usize = 200;
/// After the first failure; doubles with each.
const FIRST_DELAY: Duration = Duration::from_secs(2);
/// It never grows beyond this.
const LONGEST_DELAY: Duration = Duration::from_hours(1);

/// A job that a worker holds until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedJob {
    /// Whose.
    pub firm_id: FirmId,
    /// Its identity.
    pub id: JobId,
    /// How often it has been begun, this time included.
    pub tries: i32,
    lease: Uuid,
    payload: Value,
}

impl ClaimedJob {
    /// What is to be done; an error when a later version of the program wrote it, or nobody did.
    pub fn job(&self) -> Result<Job, StoreError> {
        let place = Place {
            table: "job",
            row: self.id,
        };
        place.json(self.payload.clone())
    }
}

impl Store {
    /// Comes back when a unit of work of this process has queued a job.
    pub async fn job_queued(&self) {
        self.shared.jobs_wait.notified().await;
    }

    /// Firms that have jobs to be done now, those who have waited longest first.
    pub async fn due_firms(&self, limit: u64) -> Result<Vec<FirmId>, StoreError> {
        let firms: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::FirmId)
            .filter(due(self.ambient().now()))
            .group_by(Column::FirmId)
            .order_by_asc(Expr::col(Column::RunAt).min())
            .limit(limit)
            .into_tuple()
            .all(&self.primary())
            .await?;
        Ok(firms.into_iter().map(FirmId).collect())
    }

    /// Takes the oldest of a firm's jobs that are due, which nobody else gets before `lease` has passed.
    pub async fn claim_jobs(
        &self,
        firm: FirmId,
        lease: Duration,
        limit: u64,
    ) -> Result<Vec<ClaimedJob>, StoreError> {
        let now = self.ambient().now();
        let until = now + time_delta(lease)?;
        let mut oldest = Query::select();
        oldest
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::FirmId.eq(firm.0))
            .cond_where(due(now))
            .order_by(Column::RunAt, sea_orm::Order::Asc)
            .order_by(Column::Id, sea_orm::Order::Asc)
            .limit(limit);
        let writer = self.writer();
        if writer.get_database_backend() == DbBackend::Postgres {
            oldest.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let claim = Query::update()
            .table(Entity)
            .value(Column::State, RUNNING)
            // An abandoned job is due again at the end of its lease, found by the same index.
            .value(Column::RunAt, until)
            .value(Column::LeaseUntil, until)
            .value(Column::LeaseToken, self.ambient().fresh_id())
            .value(Column::Tries, Expr::col(Column::Tries).add(1))
            .and_where(Column::FirmId.eq(firm.0))
            .and_where(Expr::col(Column::Id).in_subquery(oldest))
            .returning_all()
            .to_owned();
        let rows = writer.query_all(&claim).await?;
        let mut claimed = rows
            .iter()
            .map(|row| ClaimedJob::try_from(Model::from_query_result(row, "")?))
            .collect::<Result<Vec<_>, StoreError>>()?;
        // Those that were begun before, and brought to no end, come last: they may be at fault.
        claimed.sort_by_key(|job| (job.tries, job.id));
        Ok(claimed)
    }

    /// A job could not be done: it is tried again, later each time. No when its lease has ended, and somebody else may
    /// have it.
    pub async fn postpone_job(&self, job: &ClaimedJob, error: &str) -> Result<bool, StoreError> {
        let now = self.ambient().now();
        let mut update = release(job);
        update
            .value(Column::State, QUEUED)
            .value(Column::RunAt, now + time_delta(delay(job.tries))?)
            .value(Column::LastError, error);
        Ok(self.writer().execute(&update).await?.rows_affected() == 1)
    }

    /// A worker gives back jobs of one claim that it has not begun; that was no try.
    pub async fn give_back_jobs(&self, jobs: &[ClaimedJob]) -> Result<(), StoreError> {
        let Some(first) = jobs.first() else {
            return Ok(());
        };
        let update = Query::update()
            .table(Entity)
            .value(Column::LeaseToken, None::<Uuid>)
            .value(Column::LeaseUntil, None::<DateTime<Utc>>)
            .value(Column::State, QUEUED)
            .value(Column::RunAt, self.ambient().now())
            .value(Column::Tries, Expr::col(Column::Tries).sub(1))
            .and_where(Column::FirmId.eq(first.firm_id.0))
            .and_where(one_of(Column::Id, jobs.iter().map(|job| job.id.0)))
            .and_where(Column::LeaseToken.eq(first.lease))
            .to_owned();
        self.writer().execute(&update).await?;
        Ok(())
    }

    /// Ends the leases of a process that has ended without a word. Only one process at a time has an embedded database
    /// open, so that whatever is held there at its start nobody holds any more; elsewhere another may, and nothing is done.
    pub async fn take_back_leases(&self) -> Result<u64, StoreError> {
        let writer = self.writer();
        if writer.get_database_backend() != DbBackend::Sqlite {
            return Ok(0);
        }
        let update = Query::update()
            .table(Entity)
            .value(Column::LeaseToken, None::<Uuid>)
            .value(Column::LeaseUntil, None::<DateTime<Utc>>)
            .value(Column::State, QUEUED)
            .value(Column::RunAt, self.ambient().now())
            .and_where(Column::State.eq(RUNNING))
            .to_owned();
        Ok(writer.execute(&update).await?.rows_affected())
    }
}

impl UnitOfWork {
    /// Queues a job for when it is to be done: as soon as this is committed, unless it says so itself.
    pub fn enqueue(&mut self, job: &Job) -> Result<JobId, StoreError> {
        let run_at = job.run_at().unwrap_or_else(|| self.ambient().now());
        self.enqueue_at(job, run_at)
    }

    /// Queues a job for later.
    pub fn enqueue_at(&mut self, job: &Job, run_at: DateTime<Utc>) -> Result<JobId, StoreError> {
        let row = self.row_of(job, run_at)?;
        let id = JobId(row.id);
        self.queue_untold(Entity::insert(row.into_active_model()).into_query());
        self.wakes_worker = true;
        Ok(id)
    }

    /// Queues jobs as one statement, each for when it is to be done.
    pub(crate) fn enqueue_all(&mut self, jobs: &[Job]) -> Result<(), StoreError> {
        let now = self.ambient().now();
        for some in jobs.chunks(AT_ONCE) {
            let rows = some
                .iter()
                .map(|job| self.row_of(job, job.run_at().unwrap_or(now)))
                .collect::<Result<Vec<_>, _>>()?;
            let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
            self.queue_untold(Entity::insert_many(rows).into_query());
            self.wakes_worker = true;
        }
        Ok(())
    }

    fn row_of(&self, job: &Job, run_at: DateTime<Utc>) -> Result<Model, StoreError> {
        let payload = to_json(job)?;
        let kind = payload.get("kind").and_then(Value::as_str);
        Ok(Model {
            firm_id: self.firm_id().0,
            id: self.ambient().fresh_id(),
            kind: kind.unwrap_or_default().to_owned(),
            payload,
            state: QUEUED.to_owned(),
            run_at,
            tries: 0,
            lease_token: None,
            lease_until: None,
            last_error: None,
            created_at: self.ambient().now(),
            finished_at: None,
        })
    }

    /// Marks a job as done, with what it does. To be called first: it holds the job, and says no when its lease has ended
    /// and somebody else may be doing it.
    pub async fn finish_job(&mut self, job: &ClaimedJob) -> Result<bool, StoreError> {
        let mut update = release(job);
        update
            .value(Column::State, DONE)
            // What is done is found by its age in the order in which it was done.
            .value(Column::RunAt, self.ambient().now())
            .value(Column::FinishedAt, self.ambient().now());
        let finished = self.connection().execute(&update).await?;
        Ok(finished.rows_affected() == 1)
    }

    /// Sets a job aside that has failed as often as it may, for a person to look at. To be called first, as
    /// [`Self::finish_job`].
    pub async fn park_job(&mut self, job: &ClaimedJob, error: &str) -> Result<bool, StoreError> {
        let mut update = release(job);
        update
            .value(Column::State, PARKED)
            .value(Column::RunAt, self.ambient().now())
            .value(Column::LastError, error);
        let parked = self.connection().execute(&update).await?;
        Ok(parked.rows_affected() == 1)
    }
}

/// Both what waits and what was begun and abandoned.
fn due(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::State.is_in([QUEUED, RUNNING]))
        .add(Column::RunAt.lte(now))
}

/// Ends a lease, if it is still held.
fn release(job: &ClaimedJob) -> UpdateStatement {
    Query::update()
        .table(Entity)
        .value(Column::LeaseToken, None::<Uuid>)
        .value(Column::LeaseUntil, None::<DateTime<Utc>>)
        .and_where(Column::FirmId.eq(job.firm_id.0))
        .and_where(Column::Id.eq(job.id.0))
        .and_where(Column::LeaseToken.eq(job.lease))
        .to_owned()
}

fn delay(tries: i32) -> Duration {
    let doublings = u32::try_from(tries - 1).unwrap_or_default();
    FIRST_DELAY
        .saturating_mul(2_u32.saturating_pow(doublings))
        .min(LONGEST_DELAY)
}

fn time_delta(duration: Duration) -> Result<TimeDelta, StoreError> {
    TimeDelta::from_std(duration).map_err(|err| StoreError::Encoding(err.to_string()))
}

impl TryFrom<Model> for ClaimedJob {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, Self::Error> {
        Ok(Self {
            firm_id: FirmId(row.firm_id),
            id: JobId(row.id),
            tries: row.tries,
            lease: row
                .lease_token
                .ok_or_else(|| StoreError::corrupt("job", row.id))?,
            payload: row.payload,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_an_hour() {
        assert_eq!(delay(1), Duration::from_secs(2));
        assert_eq!(delay(2), Duration::from_secs(4));
        assert_eq!(delay(5), Duration::from_secs(32));
        assert_eq!(delay(i32::MAX), Duration::from_hours(1));
    }
}
