//! The job queue as those see it who look after it.

use chrono::{DateTime, Utc};
use domain::{
    ids::JobId,
    job::{Job, JobState, QueuedJob},
    page::{Page, PageRequest, Total},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{Expr, LockType},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::Place,
    entity::job::{ActiveModel, Column, Entity, Model},
    jobs::{DONE, PARKED, QUEUED, RUNNING},
    keyset,
};

/// Place of a job in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct JobPlace {
    run_at: DateTime<Utc>,
    id: JobId,
}

/// One stretch of the queue's index: what is stored under a state, up to a time or from it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    stored: &'static str,
    until: Option<DateTime<Utc>>,
    after: Option<DateTime<Utc>>,
}

impl Reads<'_> {
    /// A page of the jobs in these states, in the order of their turns.
    pub async fn jobs(
        &self,
        states: &[JobState],
        now: DateTime<Utc>,
        page: PageRequest<JobPlace>,
    ) -> Result<Page<QueuedJob, JobPlace>, StoreError> {
        let mut jobs = Vec::new();
        let mut counted = page.count.then_some(0);
        for stretch in stretches(states, now) {
            let total = self.total(&self.all_of(stretch), &page).await?;
            counted = counted.zip(total).map(|(sum, total)| sum + total.items);
            let rows = self.stretch(stretch, &page).await?;
            jobs.extend(rows.into_iter().map(|row| seen(row, now)));
        }
        let jobs: Result<Vec<QueuedJob>, _> = jobs.into_iter().collect();
        let mut jobs = jobs?;
        jobs.sort_by_key(place);
        Ok(Page::from_overfetch(jobs, page.limit, place).counted(counted.map(Total::of)))
    }

    fn all_of(&self, stretch: Stretch) -> Select<Entity> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(Column::State.eq(stretch.stored));
        if let Some(until) = stretch.until {
            query = query.filter(Column::RunAt.lte(until));
        }
        if let Some(after) = stretch.after {
            query = query.filter(Column::RunAt.gt(after));
        }
        query
    }

    async fn stretch(
        &self,
        stretch: Stretch,
        page: &PageRequest<JobPlace>,
    ) -> Result<Vec<Model>, StoreError> {
        let mut query = self
            .all_of(stretch)
            .order_by_asc(Column::RunAt)
            .order_by_asc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        if let Some(place) = page.after {
            let values: [Value; 2] = [place.run_at.into(), place.id.0.into()];
            let beyond: Expr = keyset::after([Column::RunAt, Column::Id], values);
            query = query.filter(beyond);
        }
        Ok(query.all(&self.connection).await?)
    }
}

impl UnitOfWork {
    /// Reads a job and holds it until the end.
    pub async fn lock_job(&self, id: JobId) -> Result<Option<QueuedJob>, StoreError> {
        let row = Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?;
        row.map(|row| seen(row, self.ambient().now())).transpose()
    }

    /// Queues a locked job that was parked again.
    pub fn requeue_job(&mut self, job: &QueuedJob) {
        let change = ActiveModel {
            firm_id: Set(self.firm_id().0),
            id: Set(job.id.0),
            kind: NotSet,
            payload: NotSet,
            state: Set(QUEUED.to_owned()),
            run_at: Set(job.run_at),
            tries: Set(job.tries),
            lease_token: Set(None::<Uuid>),
            lease_until: Set(None),
            last_error: NotSet,
            created_at: NotSet,
            finished_at: NotSet,
        };
        self.queue(update_row(&change));
        self.wakes_worker = true;
    }
}

/// Where jobs of these states stand in the index. What a worker held until a time that has passed is due again.
fn stretches(states: &[JobState], now: DateTime<Utc>) -> Vec<Stretch> {
    let of = |stored, past: JobState, ahead: JobState| {
        let bounds = match (states.contains(&past), states.contains(&ahead)) {
            (true, true) => Some((None, None)),
            (true, false) => Some((Some(now), None)),
            (false, true) => Some((None, Some(now))),
            (false, false) => None,
        };
        bounds.map(|(until, after)| Stretch {
            stored,
            until,
            after,
        })
    };
    [
        of(QUEUED, JobState::Due, JobState::Scheduled),
        of(RUNNING, JobState::Due, JobState::Leased),
        of(PARKED, JobState::Parked, JobState::Parked),
        of(DONE, JobState::Done, JobState::Done),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn place(job: &QueuedJob) -> JobPlace {
    JobPlace {
        run_at: job.run_at,
        id: job.id,
    }
}

fn seen(row: Model, now: DateTime<Utc>) -> Result<QueuedJob, StoreError> {
    let place = Place {
        table: "job",
        row: row.id,
    };
    let state = match (row.state.as_str(), row.run_at <= now) {
        (QUEUED, false) => JobState::Scheduled,
        (QUEUED | RUNNING, true) => JobState::Due,
        (RUNNING, false) => JobState::Leased,
        (PARKED, _) => JobState::Parked,
        (DONE, _) => JobState::Done,
        _ => return Err(place.corrupt()),
    };
    // A job that another version of the program wrote is shown all the same.
    let job: Option<Job> = serde_json::from_value(row.payload).ok();
    let about = job.as_ref().map(Job::about);
    let awaited_by = job.as_ref().and_then(Job::awaited_by);
    Ok(QueuedJob {
        id: JobId(row.id),
        kind: row.kind,
        state,
        tries: row.tries,
        last_error: row.last_error,
        run_at: row.run_at,
        created_at: row.created_at,
        process_id: about.and_then(|(process, _)| process),
        task_id: about.and_then(|(_, task)| task),
        awaited_by: awaited_by.map(|(_, task)| task),
    })
}
