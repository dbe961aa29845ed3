//! Keys of requests that are sent more than once.

use chrono::TimeDelta;
use domain::ids::UserId;
use futures_util::future::join_all;
use persistence::{IdempotencyRequest, Reservation, StoreError, StoredAnswer};
use serde_json::json;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::support::{TestStore, insert_user, on_both};

fn request(key: &str) -> IdempotencyRequest {
    IdempotencyRequest {
        principal: UserId(Uuid::from_u128(7)),
        method: "POST".to_owned(),
        path: "/v1/users".to_owned(),
        key: key.to_owned(),
        request_hmac: vec![1, 2, 3],
    }
}

fn answer() -> StoredAnswer {
    StoredAnswer {
        status: 201,
        headers: json!({"etag": "\"1\""}),
        body: r#"{"share":1.0}"#.to_owned(),
    }
}

async fn carry_out(
    db: &TestStore,
    context: &persistence::WriteContext,
    request: &IdempotencyRequest,
) -> Reservation {
    db.store
        .write(context, async |tx| {
            let reservation = tx.reserve(request).await?;
            if reservation == Reservation::Fresh {
                tx.store_answer(request, answer());
            }
            Ok::<_, StoreError>(reservation)
        })
        .await
        .unwrap()
}

on_both! {
    async fn the_second_time_the_first_answer_is_given(db: &TestStore) {
        let context = db.firm("meridian").await;
        assert_eq!(carry_out(db, &context, &request("a")).await, Reservation::Fresh);
        assert_eq!(carry_out(db, &context, &request("a")).await, Reservation::Replay(answer()));
        assert_eq!(carry_out(db, &context, &request("b")).await, Reservation::Fresh);
    }

    async fn a_key_serves_one_request_only(db: &TestStore) {
        let context = db.firm("meridian").await;
        carry_out(db, &context, &request("a")).await;
        let other = IdempotencyRequest { request_hmac: vec![9], ..request("a") };
        assert_eq!(carry_out(db, &context, &other).await, Reservation::Mismatch);
    }

    async fn keys_of_another_person_path_or_firm_are_other_keys(db: &TestStore) {
        let context = db.firm("meridian").await;
        carry_out(db, &context, &request("a")).await;
        let person = IdempotencyRequest { principal: UserId(Uuid::from_u128(8)), ..request("a") };
        assert_eq!(carry_out(db, &context, &person).await, Reservation::Fresh);
        let path = IdempotencyRequest { path: "/v1/roles".to_owned(), ..request("a") };
        assert_eq!(carry_out(db, &context, &path).await, Reservation::Fresh);
        let firm = db.firm("polaris").await;
        assert_eq!(carry_out(db, &firm, &request("a")).await, Reservation::Fresh);
    }

    async fn after_a_day_the_key_is_free_again(db: &TestStore) {
        let context = db.firm("meridian").await;
        carry_out(db, &context, &request("a")).await;
        db.ambient.advance(TimeDelta::hours(24));
        assert_eq!(carry_out(db, &context, &request("a")).await, Reservation::Fresh);
        assert_eq!(carry_out(db, &context, &request("a")).await, Reservation::Replay(answer()));
    }

    async fn a_refusal_leaves_the_key_free(db: &TestStore) {
        let context = db.firm("meridian").await;
        let refused = db
            .store
            .write(&context, async |tx| {
                tx.reserve(&request("a")).await?;
                Err::<(), _>(StoreError::Untold)
            })
            .await;
        assert!(refused.is_err());
        assert_eq!(carry_out(db, &context, &request("a")).await, Reservation::Fresh);
    }

    async fn of_two_at_once_one_is_carried_out_and_the_other_replays(db: &TestStore) {
        let context = db.firm("meridian").await;
        let user = db.new_user("ada@meridian.test");
        let sent = (0..8).map(|_| {
            db.store.write(&context, async |tx| {
                let reservation = tx.reserve(&request("a")).await?;
                if reservation == Reservation::Fresh {
                    insert_user(tx, &user)?;
                    tx.store_answer(&request("a"), answer());
                }
                Ok::<_, StoreError>(reservation)
            })
        });
        let mut fresh = 0;
        for one in join_all(sent).await {
            match one.unwrap() {
                Reservation::Fresh => fresh += 1,
                other => assert_eq!(other, Reservation::Replay(answer())),
            }
        }
        assert_eq!(fresh, 1);
    }
}

/// On `SQLite` one unit of work at a time writes, so that a duplicate waits for the connection instead.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duplicate_waits_five_seconds_at_most() {
    let Some(db) = TestStore::postgres().await else {
        return;
    };
    let context = db.firm("meridian").await;
    let (reserved, answered) = (Notify::new(), Notify::new());
    let first = db.store.write(&context, async |tx| {
        tx.reserve(&request("a")).await?;
        reserved.notify_one();
        answered.notified().await;
        Ok::<_, StoreError>(())
    });
    let second = async {
        reserved.notified().await;
        let second = carry_out(&db, &context, &request("a")).await;
        answered.notify_one();
        second
    };
    let (first, second) = tokio::join!(first, second);
    first.unwrap();
    assert_eq!(second, Reservation::InFlight);
    db.drop_database().await;
}
