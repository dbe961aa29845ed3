//! The history of the schema, forth and back.

use migrations::Migrator;
use persistence::{Store, StoreError, StoreOptions};
use sea_orm::Database;
use sea_orm_migration::MigratorTrait;

use crate::support::{TestStore, on_both};

on_both! {
    async fn the_schema_goes_up_and_down_and_up_again(db: &TestStore) {
        let connection = Database::connect(&db.url).await.unwrap();
        Migrator::down(&connection, None).await.unwrap();
        assert!(!db.store.is_ready().await.unwrap());
        Migrator::up(&connection, None).await.unwrap();
        assert!(db.store.is_ready().await.unwrap());
        connection.close().await.unwrap();
        db.firm("meridian").await;
    }
}

#[tokio::test]
async fn a_second_process_may_not_open_the_same_file() {
    let db = TestStore::sqlite().await;
    let second = Store::connect(&StoreOptions::new(&db.url), db.ambient.clone()).await;
    assert!(matches!(second, Err(StoreError::Setup(_))), "{second:?}");
    db.drop_database().await;
}
