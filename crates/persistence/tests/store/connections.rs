//! Connections that die, while they rest and while they work.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::future::{join, join_all};
use persistence::{StoreError, WriteContext};

use crate::support::{TestStore, insert_user};

async fn use_all(db: &TestStore, context: &WriteContext, round: &str) {
    let read = async || {
        let firm = db.store.reads(context.firm_id).firm().await.unwrap();
        assert!(firm.is_some());
    };
    let write = async |place: usize| {
        db.user(context, &format!("{round}{place}@x.example")).await;
    };
    let reads = join_all((0..24).map(|_| read()));
    let writes = join_all((0..24).map(write));
    join(reads, writes).await;
}

/// A database that restarts costs no request: what only begins, or reads, is tried on another connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_connection_did_not_answer_is_asked_on_another() {
    let Some(db) = TestStore::postgres().await else {
        return;
    };
    let context = db.firm("meridian").await;
    use_all(&db, &context, "before").await;
    assert!(
        db.end_connections().await >= 2,
        "there were some that rested"
    );
    use_all(&db, &context, "after").await;
    db.drop_database().await;
}

/// What had not come to its `COMMIT` is done again from its beginning, and once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_whose_connection_dies_is_done_again() {
    let Some(db) = TestStore::postgres().await else {
        return;
    };
    let context = db.firm("meridian").await;
    for reads_on in [true, false] {
        let user = db.new_user(&format!("{reads_on}@x.example"));
        let tries = AtomicU32::new(0);
        let work = async |tx: &mut persistence::UnitOfWork| -> Result<(), StoreError> {
            insert_user(tx, &user)?;
            if tries.fetch_add(1, Ordering::SeqCst) == 0 {
                db.end_connections().await;
            }
            if reads_on {
                tx.reads().firm().await?;
            }
            Ok(())
        };
        db.store.write(&context, work).await.unwrap();
        assert_eq!(tries.into_inner(), 2);
        let found = db.store.reads(context.firm_id).user(user.id).await.unwrap();
        assert!(found.is_some());
    }
    db.drop_database().await;
}
