//! Jobs: once, by one worker, and not for ever.

use std::{collections::BTreeSet, time::Duration};

use chrono::TimeDelta;
use domain::{
    ids::{JobId, ProcessId},
    job::Job,
};
use persistence::{ClaimedJob, StoreError, WriteContext};
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

async fn park(db: &TestStore, context: &WriteContext, job: &ClaimedJob) -> bool {
    db.store
        .write(context, async |tx| tx.park_job(job, "no luck").await)
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

    /// E13
    async fn a_failed_job_is_tried_again_later_each_time(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        for (tries, seconds) in [(1, 2), (2, 4), (3, 8), (4, 16)] {
            let claimed = claim(db, &context).await;
            assert_eq!(claimed[0].tries, tries);
            assert!(db.store.postpone_job(&claimed[0], "no luck").await.unwrap());
            db.ambient.advance(TimeDelta::seconds(seconds) - TimeDelta::microseconds(1));
            assert!(claim(db, &context).await.is_empty(), "after {tries} tries");
            db.ambient.advance(TimeDelta::microseconds(1));
        }
        let claimed = claim(db, &context).await;
        assert!(finish(db, &context, &claimed[0]).await);
        assert!(!db.store.postpone_job(&claimed[0], "no luck").await.unwrap());
    }

    async fn a_parked_job_waits_for_a_person(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        let claimed = claim(db, &context).await;
        assert!(park(db, &context, &claimed[0]).await);
        assert!(!park(db, &context, &claimed[0]).await);
        db.ambient.advance(TimeDelta::days(1));
        assert!(claim(db, &context).await.is_empty());
        assert!(db.store.due_firms(10).await.unwrap().is_empty());
    }

    async fn a_job_that_was_begun_in_vain_comes_after_the_others(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 1).await;
        let first = claim(db, &context).await;
        enqueue(db, &context, 2).await;
        db.ambient.advance(TimeDelta::seconds(60));
        let claimed = claim(db, &context).await;
        assert_eq!(claimed.len(), 3);
        assert_eq!(claimed[2].id, first[0].id);
    }

    async fn jobs_given_back_have_not_been_tried(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 3).await;
        let claimed = claim(db, &context).await;
        assert!(finish(db, &context, &claimed[0]).await);
        db.store.give_back_jobs(&claimed).await.unwrap();
        let again = claim(db, &context).await;
        let given: Vec<_> = again.iter().map(|job| (job.id, job.tries)).collect();
        assert_eq!(given, [(claimed[1].id, 1), (claimed[2].id, 1)]);
        // Whoever lost the lease gives nothing back.
        db.store.give_back_jobs(&claimed).await.unwrap();
        assert!(claim(db, &context).await.is_empty());
    }

    async fn only_an_embedded_database_takes_leases_back_at_start_up(db: &TestStore) {
        let context = db.firm("meridian").await;
        enqueue(db, &context, 2).await;
        let claimed = claim(db, &context).await;
        assert!(finish(db, &context, &claimed[0]).await);
        let taken = db.store.take_back_leases().await.unwrap();
        let again = claim(db, &context).await;
        if db.is_embedded() {
            assert_eq!((taken, again.len(), again[0].tries), (1, 1, 2));
            assert!(!finish(db, &context, &claimed[1]).await);
        } else {
            assert_eq!((taken, again.len()), (0, 0));
            assert!(finish(db, &context, &claimed[1]).await);
        }
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
