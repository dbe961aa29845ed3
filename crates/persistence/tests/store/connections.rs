//! Connections that die while they rest.

use futures_util::future::{join, join_all};
use persistence::WriteContext;

use crate::support::TestStore;

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
