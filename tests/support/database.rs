//! A database for each test: a copy of one that was migrated once.

use std::{path::PathBuf, sync::Arc};

use persistence::{Store, StoreOptions};
use sea_orm::{ConnectionTrait as _, DatabaseConnection};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::{ambient::TestAmbient, cluster::OwnCluster};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    /// A file in a folder of its own.
    Sqlite,
    /// A database of the server that `TEST_DATABASE_URL` names.
    Postgres,
}

/// One test's database.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    place: Place,
}

enum Place {
    Folder(PathBuf),
    Server(String),
    /// A server of the test's own.
    Cluster(OwnCluster),
}

#[expect(
    clippy::disallowed_methods,
    reason = "a name that no other run of the tests uses"
)]
pub(crate) fn unique(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7().simple())
}

impl TestDatabase {
    pub(crate) async fn create(database: Database) -> Self {
        match database {
            Database::Sqlite => Self::copy_of_file().await,
            Database::Postgres => Self::clone_of_template().await,
        }
    }

    async fn copy_of_file() -> Self {
        static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
        let migrated = MIGRATED.get_or_init(|| async {
            let template = Self::folder();
            migrate(&template.url).await;
            let bytes = std::fs::read(template.file()).expect("the migrated file");
            template.remove().await;
            bytes
        });
        let migrated = migrated.await;
        let made = Self::folder();
        std::fs::write(made.file(), migrated).expect("a copy of the migrated file");
        made
    }

    fn folder() -> Self {
        let folder = std::env::temp_dir().join(unique("baton_test"));
        std::fs::create_dir(&folder).expect("a folder for the test");
        Self {
            url: format!("sqlite://{}", folder.join("baton.db").display()),
            place: Place::Folder(folder),
        }
    }

    fn file(&self) -> &str {
        self.url.trim_start_matches("sqlite://")
    }

    async fn clone_of_template() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(|| async {
            let name = unique("baton_template");
            on_server(&format!("CREATE DATABASE {name}")).await;
            migrate(&address_of(&name)).await;
            name
        });
        let template = template.await;
        let name = unique("baton_test");
        on_server(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self {
            url: address_of(&name),
            place: Place::Server(name),
        }
    }

    /// The database of a server that belongs to the test.
    pub(crate) async fn of_cluster(cluster: OwnCluster) -> Self {
        let url = cluster.0.url();
        migrate(&url).await;
        Self {
            url,
            place: Place::Cluster(cluster),
        }
    }

    /// Where the test may keep files of its own.
    pub(crate) fn documents(&self) -> PathBuf {
        match &self.place {
            Place::Folder(folder) => folder.join("documents"),
            Place::Server(name) => std::env::temp_dir().join(name),
            Place::Cluster(cluster) => cluster.0.beside("documents"),
        }
    }

    /// Removes it; every connection has to be closed.
    pub(crate) async fn remove(self) {
        let documents = self.documents();
        if documents.exists() {
            std::fs::remove_dir_all(documents).expect("the test's documents removed");
        }
        match self.place {
            Place::Folder(folder) => {
                std::fs::remove_dir_all(folder).expect("the test's folder removed");
            }
            Place::Server(name) => on_server(&format!("DROP DATABASE {name} WITH (FORCE)")).await,
            Place::Cluster(cluster) => drop(cluster),
        }
    }
}

async fn migrate(url: &str) {
    let ambient = Arc::new(TestAmbient::new());
    let store = Store::connect(&StoreOptions::new(url), ambient)
        .await
        .expect("the template database");
    store.migrate().await.expect("the migrations");
    store.close().await.expect("the template closed");
}

/// The address of the server to test on.
fn server() -> String {
    std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL names a PostgreSQL server to test on; scripts/with-postgres.sh starts one")
}

fn address_of(database: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').expect("an address with a database");
    format!("{base}/{database}")
}

async fn on_server(statement: &str) {
    let admin: DatabaseConnection = sea_orm::Database::connect(server())
        .await
        .expect("the PostgreSQL server");
    admin
        .execute_unprepared(statement)
        .await
        .expect("a statement on the server");
    admin.close().await.expect("the connection closed");
}
