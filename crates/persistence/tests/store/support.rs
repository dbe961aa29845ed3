//! A database for each test, a clock that a test moves, and ids that are counted.

use std::{
    io::Write as _,
    path::PathBuf,
    sync::{
        Arc, Once,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc, Weekday};
use domain::{
    ambient::Ambient,
    event::{EventType, Occurrence, SubjectType},
    firm::{Firm, Visibility},
    ids::{FirmId, UserId},
    user::{PermissionLevel, User, UserStatus},
};
use persistence::{Store, StoreError, StoreOptions, UnitOfWork, WriteContext};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::json;
use uuid::Uuid;

/// Runs a test on both databases; on `PostgreSQL` where `TEST_DATABASE_URL` names a server.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($db:ident: &TestStore) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($db: &$crate::support::TestStore) $body

            $(#[$doc])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let db = $crate::support::TestStore::sqlite().await;
                test(&db).await;
                db.drop_database().await;
            }

            $(#[$doc])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(db) = $crate::support::TestStore::postgres().await {
                    test(&db).await;
                    db.drop_database().await;
                }
            }
        }
    )+};
}
pub(crate) use on_both;

/// Time stands still until it is moved, and ids are counted.
#[derive(Debug)]
pub(crate) struct TestAmbient {
    micros: AtomicI64,
    ids: AtomicU64,
}

impl TestAmbient {
    pub(crate) fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().unwrap();
        self.micros.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Ambient for TestAmbient {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.micros.load(Ordering::SeqCst)).unwrap()
    }

    fn fresh_id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::SeqCst)))
    }
}

/// A migrated store on a database of its own.
pub(crate) struct TestStore {
    pub(crate) store: Store,
    pub(crate) ambient: Arc<TestAmbient>,
    pub(crate) url: String,
    place: Place,
}

enum Place {
    File(PathBuf),
    Server {
        admin: DatabaseConnection,
        database: String,
    },
}

#[expect(
    clippy::disallowed_methods,
    reason = "a name that no other test run uses"
)]
fn unique_name() -> String {
    format!("store_{}", Uuid::now_v7().simple())
}

impl TestStore {
    pub(crate) async fn sqlite() -> Self {
        let path = std::env::temp_dir().join(format!("{}.db", unique_name()));
        let url = format!("sqlite://{}", path.display());
        Self::open(url, Place::File(path)).await
    }

    pub(crate) async fn postgres() -> Option<Self> {
        static SAID: Once = Once::new();
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            SAID.call_once(|| {
                // Past the capture of the test harness: nobody shall take this run for one on both databases.
                let _ = writeln!(
                    std::io::stderr(),
                    "NOT RUN on PostgreSQL: TEST_DATABASE_URL is not set"
                );
            });
            return None;
        };
        let admin = Database::connect(&server).await.unwrap();
        let database = unique_name();
        admin
            .execute_unprepared(&format!("CREATE DATABASE {database}"))
            .await
            .unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let url = format!("{base}/{database}");
        Some(Self::open(url, Place::Server { admin, database }).await)
    }

    async fn open(url: String, place: Place) -> Self {
        let ambient = Arc::new(TestAmbient {
            micros: AtomicI64::new(1_790_000_000_000_001),
            ids: AtomicU64::new(1),
        });
        let store = Store::connect(&StoreOptions::new(&url), ambient.clone())
            .await
            .unwrap();
        store.migrate().await.unwrap();
        Self {
            store,
            ambient,
            url,
            place,
        }
    }

    /// Whether one process at a time has it.
    pub(crate) const fn is_embedded(&self) -> bool {
        matches!(self.place, Place::File(_))
    }

    /// Ends every connection to the database, as its restart does; how many there were.
    pub(crate) async fn end_connections(&self) -> usize {
        let Place::Server { admin, database } = &self.place else {
            return 0;
        };
        let sql = format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{database}'"
        );
        let ended = admin
            .query_all_raw(Statement::from_string(admin.get_database_backend(), sql))
            .await;
        ended.unwrap().len()
    }

    pub(crate) async fn drop_database(self) {
        self.store.close().await.unwrap();
        match self.place {
            Place::File(path) => {
                for ending in ["", "-wal", "-shm", ".lock"] {
                    let mut file = path.clone().into_os_string();
                    file.push(ending);
                    let _ = std::fs::remove_file(file);
                }
            }
            Place::Server { admin, database } => {
                admin
                    .execute_unprepared(&format!("DROP DATABASE {database}"))
                    .await
                    .unwrap();
            }
        }
    }

    /// A firm with nobody in it.
    pub(crate) async fn firm(&self, slug: &str) -> WriteContext {
        let firm = Firm {
            id: FirmId(self.ambient.fresh_id()),
            slug: slug.to_owned(),
            name: "Meridian".to_owned(),
            time_zone: chrono_tz::America::New_York,
            close_of_business: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
            weekend: vec![Weekday::Sat, Weekday::Sun],
            fiscal_year_start_month: 1,
            visibility: Visibility::Team,
            owner_may_reschedule: false,
            read_access_log: domain::firm::ReadAccessLog::Off,
            policies: std::collections::BTreeMap::new(),
            created_at: self.ambient.now(),
            version: 1,
        };
        let context = WriteContext::by_system(firm.id);
        self.store
            .write(&context, async |tx| {
                tx.create_firm(&firm).await?;
                tx.record(occurrence(
                    EventType::FirmCreated,
                    SubjectType::Firm,
                    firm.id.0,
                ));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        context
    }

    /// Someone who works there.
    pub(crate) async fn user(&self, context: &WriteContext, email: &str) -> User {
        let user = self.new_user(email);
        self.store
            .write(context, async |tx| insert_user(tx, &user))
            .await
            .unwrap();
        user
    }

    pub(crate) fn new_user(&self, email: &str) -> User {
        User {
            id: UserId(self.ambient.fresh_id()),
            email: email.to_owned(),
            full_name: format!("Name of {email}"),
            permission_level: PermissionLevel::Member,
            status: UserStatus::Active,
            created_at: self.ambient.now(),
            version: 1,
        }
    }
}

pub(crate) fn occurrence(
    event: EventType,
    subject_type: SubjectType,
    subject_id: Uuid,
) -> Occurrence {
    Occurrence {
        event,
        subject_type,
        subject_id,
        entity_id: None,
        before: None,
        after: Some(json!({ "id": subject_id, "share": 0.1, "large": 1e300 })),
    }
}

pub(crate) fn insert_user(tx: &mut UnitOfWork, user: &User) -> Result<(), StoreError> {
    tx.insert_user(user, Some("hash".to_owned()))?;
    tx.record(occurrence(
        EventType::UserCreated,
        SubjectType::User,
        user.id.0,
    ));
    Ok(())
}
