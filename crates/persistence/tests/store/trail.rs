//! The unit of work and the trail that it leaves.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::{
    audit::Link,
    event::{EventType, SubjectType},
    page::PageRequest,
};
use futures_util::future::join_all;
use persistence::{
    ChangeFilter, StoreError, TrailFault, TrailRange, UniqueRule, WriteContext, count_statements,
};
use sea_orm::{ConnectionTrait, Database};
use tokio::sync::Barrier;

use crate::support::{TestStore, insert_user, occurrence, on_both};

on_both! {
    /// E19
    async fn many_writers_leave_numbers_without_a_gap_and_a_whole_chain(db: &TestStore) {
        let context = db.firm("meridian").await;
        let users: Vec<_> = (0..32)
            .map(|n| db.new_user(&format!("user{n}@meridian.test")))
            .collect();
        let writers = users
            .iter()
            .map(|user| db.store.write(&context, async |tx| insert_user(tx, user)));
        join_all(writers).await.into_iter().collect::<Result<(), _>>().unwrap();
        let reads = db.store.reads(context.firm_id);
        let page = PageRequest { after: None, limit: 200, count: false };
        let trail = reads.changes(&ChangeFilter::default(), page).await.unwrap();
        let numbers: Vec<_> = trail.items.iter().map(|sealed| sealed.entry.sequence).collect();
        assert_eq!(numbers, (1..=33).collect::<Vec<_>>());
        assert_eq!(reads.verify_trail(TrailRange::ALL, |_| Ok(())).await.unwrap().end.sequence, 33);
    }

    /// E19
    async fn an_altered_entry_is_found(db: &TestStore) {
        let context = db.firm("meridian").await;
        db.user(&context, "ada@meridian.test").await;
        db.user(&context, "bob@meridian.test").await;
        let connection = Database::connect(&db.url).await.unwrap();
        connection
            .execute_unprepared("UPDATE change SET request_id = 'forged' WHERE sequence = 2")
            .await
            .unwrap();
        connection.close().await.unwrap();
        let verdict = db.store.reads(context.firm_id).verify_trail(TrailRange::ALL, |_| Ok(())).await;
        assert!(
            matches!(&verdict, Err(TrailFault::Broken(broken)) if broken.sequence == 2),
            "{verdict:?}"
        );
    }

    /// E19
    async fn entries_cut_off_the_end_are_missed(db: &TestStore) {
        let context = db.firm("meridian").await;
        db.user(&context, "ada@meridian.test").await;
        let connection = Database::connect(&db.url).await.unwrap();
        connection.execute_unprepared("DELETE FROM change WHERE sequence = 2").await.unwrap();
        connection.close().await.unwrap();
        let verdict = db.store.reads(context.firm_id).verify_trail(TrailRange::ALL, |_| Ok(())).await;
        assert!(
            matches!(&verdict, Err(TrailFault::Broken(broken)) if broken.sequence == 2),
            "{verdict:?}"
        );
    }

    async fn an_error_undoes_everything(db: &TestStore) {
        let context = db.firm("meridian").await;
        let user = db.new_user("ada@meridian.test");
        let refused = db
            .store
            .write(&context, async |tx| {
                insert_user(tx, &user)?;
                Err::<(), _>(StoreError::NoFirm)
            })
            .await;
        assert!(matches!(refused, Err(StoreError::NoFirm)), "{refused:?}");
        let reads = db.store.reads(context.firm_id);
        assert_eq!(reads.user(user.id).await.unwrap(), None);
        assert_eq!(reads.trail_head().await.unwrap().unwrap().sequence, 1);
    }

    async fn a_conflict_names_the_rule_and_leaves_no_trace(db: &TestStore) {
        let context = db.firm("meridian").await;
        let ada = db.user(&context, "ada@meridian.test").await;
        let before = db.store.reads(context.firm_id).trail_head().await.unwrap();
        let other = db.new_user(&ada.email);
        let refused = db.store.write(&context, async |tx| insert_user(tx, &other)).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::UserEmail))),
            "{refused:?}"
        );
        let again = db.new_user("eve@meridian.test");
        let same_id = domain::user::User { id: ada.id, ..again };
        let refused = db.store.write(&context, async |tx| insert_user(tx, &same_id)).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::Identity))),
            "{refused:?}"
        );
        let after = db.store.reads(context.firm_id).trail_head().await.unwrap();
        assert_eq!(before, after);
    }

    async fn two_firms_may_not_share_a_slug_and_each_has_its_own_numbers(db: &TestStore) {
        let first = db.firm("meridian").await;
        let second = db.firm("polaris").await;
        db.user(&first, "ada@meridian.test").await;
        db.user(&second, "ada@meridian.test").await;
        for context in [&first, &second] {
            let head = db.store.reads(context.firm_id).trail_head().await.unwrap();
            assert_eq!(head.unwrap().sequence, 2);
        }
        let mut taken = db.store.reads(first.firm_id).firm().await.unwrap().unwrap();
        taken.id = domain::ids::FirmId(domain::ambient::Ambient::fresh_id(&*db.ambient));
        let context = WriteContext::by_system(taken.id);
        let refused = db
            .store
            .write(&context, async |tx| tx.create_firm(&taken).await)
            .await;
        assert!(
            matches!(refused, Err(StoreError::Conflict(UniqueRule::FirmSlug))),
            "{refused:?}"
        );
    }

    async fn a_change_that_nothing_tells_of_is_refused(db: &TestStore) {
        let context = db.firm("meridian").await;
        let user = db.new_user("ada@meridian.test");
        let refused = db
            .store
            .write(&context, async |tx| tx.insert_user(&user, None))
            .await;
        assert!(matches!(refused, Err(StoreError::Untold)), "{refused:?}");
        assert_eq!(db.store.reads(context.firm_id).user(user.id).await.unwrap(), None);
    }

    async fn a_small_write_is_a_handful_of_statements(db: &TestStore) {
        let context = db.firm("meridian").await;
        let user = db.new_user("ada@meridian.test");
        let (written, statements) =
            count_statements(db.store.write(&context, async |tx| insert_user(tx, &user))).await;
        written.unwrap();
        // BEGIN, head, [user, entry, head], COMMIT: what is in brackets travels together on PostgreSQL.
        let expected = if db.url.starts_with("postgres") { 4 } else { 6 };
        assert_eq!(statements, expected);
    }

    async fn a_unit_of_work_that_changes_nothing_leaves_the_head_alone(db: &TestStore) {
        let context = db.firm("meridian").await;
        let (seen, statements) = count_statements(db.store.write(&context, async |tx| {
            tx.reads().trail_head().await
        }))
        .await;
        assert_eq!(seen.unwrap().unwrap().sequence, 1);
        assert_eq!(statements, 3);
    }

    async fn a_large_write_travels_in_parts(db: &TestStore) {
        let context = db.firm("meridian").await;
        let users: Vec<_> = (0..2500).map(|n| db.new_user(&format!("u{n}@meridian.test"))).collect();
        db.store
            .write(&context, async |tx| {
                users.iter().try_for_each(|user| tx.insert_user(user, None))?;
                tx.record(occurrence(EventType::FirmUpdated, SubjectType::Firm, context.firm_id.0));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        let reads = db.store.reads(context.firm_id);
        for user in [&users[0], &users[1249], &users[2499]] {
            assert_eq!(reads.user(user.id).await.unwrap().as_ref(), Some(user));
        }
        assert_ne!(reads.verify_trail(TrailRange::ALL, |_| Ok(())).await.unwrap().end, Link::START);
    }
}

/// On `SQLite` there are no row locks, and so no deadlocks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadlock_is_resolved_by_doing_one_of_the_two_again() {
    let Some(db) = TestStore::postgres().await else {
        return;
    };
    let context = db.firm("meridian").await;
    let ada = db.user(&context, "ada").await.id;
    let bob = db.user(&context, "bob").await.id;
    let (both_hold_one, tries) = (Barrier::new(2), AtomicU32::new(0));
    let lock_both = async |first, second| {
        db.store
            .write(&context, async |tx| {
                tx.lock_user(first).await?;
                if tries.fetch_add(1, Ordering::SeqCst) < 2 {
                    both_hold_one.wait().await;
                }
                tx.lock_user(second).await?;
                Ok::<_, StoreError>(())
            })
            .await
    };
    let (one, other) = tokio::join!(lock_both(ada, bob), lock_both(bob, ada));
    one.unwrap();
    other.unwrap();
    assert_eq!(tries.load(Ordering::SeqCst), 3);
    db.drop_database().await;
}
