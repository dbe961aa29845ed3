//! Jobs: once, by one worker, and not for ever.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use domain::{
    ids::{JobId, ProcessId},
    job::Job,
};
use persistence::{ClaimedJob, JobFailure, StoreError, WriteContext};
use uuid::Uuid;

use crate::support::{TestStore, on_both};

const LEASE: Duration = Duration::from_mins(1);

fn job(number: u128) -> Job {
    Job::CancelProcess {
        process_id: ProcessId(Uuid::from_u128(number)),
        reason: "the parent was cancelled".to_owned(),
        by: None,
    }
}

async fn enqueue(db: &TestStore, context: &WriteContext, count: u128) {
    db.store
        .write(context, async |tx| {
            for number in 0..count {
                tx.enqueue(&job(number))?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn claim(db: &TestStore, context: &WriteContext) -> Vec<ClaimedJob> {
    db.store
        .claim_jobs(context.firm_id, LEASE, 10)
        .await
        .unwrap()
}

async fn finish(db: &TestStore, context: &WriteContext, job: &ClaimedJob) -> bool {
    db.store
        .write(context, async |tx| tx.finish_job(job).await)
        .await
        .unwrap()
}

on_both! {
    async fn two_workers_never_have_the_same_job(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 40).await;
        assert_eq!(db.store.due_firms(10).await.unwrap(), [context.firm_id]);
        let workers = (0..4).map(|_| {
            let (store, firm) = (db.store.clone(), context.firm_id);
            tokio::spawn(async move {
                let mut claimed = Vec::<JobId>::new();
                loop {
                    let jobs = store.claim_jobs(firm, LEASE, 3).await.unwrap();
                    if jobs.is_empty() {
                        return claimed;
                    }
                    claimed.extend(jobs.iter().map(|job| job.id));
                }
            })
        });
        let mut all = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            all.extend(worker.await.unwrap());
        }
        assert_eq!(all.len(), 40);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 40);
        assert!(db.store.due_firms(10).await.unwrap().is_empty());
    }

    async fn a_finished_job_does_not_come_back(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        let claimed = claim(db, &context).await;
        assert_eq!(claimed[0].job().unwrap(), job(0));
        assert!(finish(db, &context, &claimed[0]).await);
        db.ambient.advance(TimeDelta::days(1));
        assert!(claim(db, &context).await.is_empty());
    }

    async fn an_abandoned_job_goes_to_another_and_the_first_may_not_finish_it(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        let first = claim(db, &context).await;
        assert!(claim(db, &context).await.is_empty());
        db.ambient.advance(TimeDelta::seconds(60));
        let second = claim(db, &context).await;
        assert_eq!(second[0].id, first[0].id);
        assert_eq!(second[0].tries, 2);
        assert!(!finish(db, &context, &first[0]).await);
        assert!(finish(db, &context, &second[0]).await);
    }

    async fn a_failed_job_is_tried_later_and_parked_in_the_end(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        let first = claim(db, &context).await;
        let failed = db.store.fail_job(&first[0], "no luck", 2).await.unwrap();
        assert_eq!(failed, JobFailure::Retried);
        assert!(claim(db, &context).await.is_empty());
        db.ambient.advance(TimeDelta::seconds(2));
        let second = claim(db, &context).await;
        let failed = db.store.fail_job(&second[0], "no luck", 2).await.unwrap();
        assert_eq!(failed, JobFailure::Parked);
        let failed = db.store.fail_job(&second[0], "no luck", 2).await.unwrap();
        assert_eq!(failed, JobFailure::LeaseLost);
        db.ambient.advance(TimeDelta::days(1));
        assert!(claim(db, &context).await.is_empty());
        assert!(db.store.requeue_job(context.firm_id, second[0].id).await.unwrap());
        assert_eq!(claim(db, &context).await[0].tries, 1);
    }

    async fn a_job_given_back_has_not_been_tried(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        let first = claim(db, &context).await;
        assert!(db.store.give_back_job(&first[0]).await.unwrap());
        assert_eq!(claim(db, &context).await[0].tries, 1);
    }

    async fn a_job_of_a_unit_of_work_that_failed_was_never_queued(db: &TestStore) {
        let context = db.firm("meridian").await;
        let refused = db
            .store
            .write(&context, async |tx| {
                tx.enqueue(&job(0))?;
                Err::<(), _>(StoreError::NoFirm)
            })
            .await;
        assert!(refused.is_err());
        assert!(db.store.due_firms(10).await.unwrap().is_empty());
    }

    async fn the_worker_is_woken_by_a_commit(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        tokio::time::timeout(Duration::from_secs(5), db.store.job_queued())
            .await
            .unwrap();
    }
}
