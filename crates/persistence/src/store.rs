//! The store: its connections, and the doors to reading and writing.

use std::{fs::File, num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};

use domain::{ambient::Ambient, ids::FirmId};
use migrations::Migrator;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, sqlx};
use sea_orm_migration::MigratorTrait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use tokio::sync::Notify;

use crate::{
    Reads, StoreError, catalog::Catalogs, connection::Connection, fair_queue::FairQueues,
    statements::Planned,
};

/// Where the data is and how many connections may be used for it.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite://path` or `postgres://…`.
    pub url: String,
    /// A replica to read from where a stale answer will do; none: the database itself.
    pub read_url: Option<String>,
    /// Connections to write with; `SQLite` always has one.
    pub write_connections: u32,
    /// Connections to read with.
    pub read_connections: u32,
    /// How many transactions of one firm may write at a time in this process (E19).
    pub writers_per_firm: NonZeroU32,
}

impl StoreOptions {
    /// The usual number of connections to a database.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        let cores = std::thread::available_parallelism()
            .ok()
            .and_then(|cores| u32::try_from(cores.get()).ok())
            .unwrap_or(2);
        Self {
            url: url.into(),
            read_url: None,
            write_connections: (2 * cores).clamp(4, 8),
            read_connections: (2 * cores).clamp(2, 8),
            writers_per_firm: const { NonZeroU32::new(2).unwrap() },
        }
    }

    fn sqlite(&self) -> Option<Result<SqliteConnectOptions, StoreError>> {
        self.url.starts_with("sqlite:").then(|| {
            self.url
                .parse::<SqliteConnectOptions>()
                .map_err(|err| StoreError::Setup(format!("the address of the database: {err}")))
        })
    }
}

/// The data of all firms. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) reader: DatabaseConnection,
    /// For reads of the database itself; the same pool as `reader` unless that goes to a replica.
    pub(crate) primary: DatabaseConnection,
    pub(crate) writer: DatabaseConnection,
    pub(crate) ambient: Arc<dyn Ambient>,
    pub(crate) queues: FairQueues,
    pub(crate) catalogs: Catalogs,
    pub(crate) definitions: crate::definitions::Definitions,
    pub(crate) jobs_wait: Notify,
    pub(crate) planned: Planned,
    /// Held for as long as the store is open: a second writer of the same file is refused.
    _file_lock: Option<File>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store.
    pub async fn connect(
        options: &StoreOptions,
        ambient: Arc<dyn Ambient>,
    ) -> Result<Self, StoreError> {
        let (reader, primary, writer, file_lock) = if let Some(parsed) = options.sqlite() {
            let lock = lock_beside(parsed?.get_filename().to_owned())?;
            // The writer first: it makes the file.
            let writer = connect_sqlite(&options.url, 1, false).await?;
            let readers = options.read_connections.clamp(2, 4);
            let reader = connect_sqlite(&options.url, readers, true).await?;
            (reader.clone(), reader, writer, Some(lock))
        } else {
            let writer = connect_postgres(&options.url, options.write_connections).await?;
            let primary = connect_postgres(&options.url, options.read_connections).await?;
            let reader = match options.read_url.as_deref() {
                Some(replica) => connect_postgres(replica, options.read_connections).await?,
                None => primary.clone(),
            };
            (reader, primary, writer, None)
        };
        Ok(Self {
            shared: Arc::new(Shared {
                reader,
                primary,
                writer,
                ambient,
                queues: FairQueues::new(options.writers_per_firm),
                catalogs: Catalogs::new(),
                definitions: crate::definitions::Definitions::new(),
                jobs_wait: Notify::new(),
                planned: Planned::default(),
                _file_lock: file_lock,
            }),
        })
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(Migrator::up(&self.shared.writer, None).await?)
    }

    /// Whether the database answers and its schema is current.
    pub async fn is_ready(&self) -> Result<bool, StoreError> {
        let pending = Migrator::get_pending_migrations(&self.shared.writer).await?;
        Ok(pending.is_empty())
    }

    /// Reads of one firm, each seeing what is committed when it runs.
    #[must_use]
    pub fn reads(&self, firm_id: FirmId) -> Reads<'_> {
        Reads::new(Connection::Reader(&self.shared.reader), firm_id)
    }

    /// Reads that must not be stale: of who calls, and of what the worker has to do.
    pub(crate) fn fresh_reads(&self, firm_id: FirmId) -> Reads<'_> {
        Reads::new(self.primary(), firm_id)
    }

    /// The database itself, where a replica serves reads.
    pub(crate) fn primary(&self) -> Connection<'_> {
        Connection::Reader(&self.shared.primary)
    }

    /// The connection for single statements that are a transaction by themselves.
    pub(crate) fn writer(&self) -> Connection<'_> {
        Connection::Pool(&self.shared.writer)
    }

    /// Where time and ids come from.
    #[must_use]
    pub fn ambient(&self) -> &dyn Ambient {
        &*self.shared.ambient
    }

    /// Closes all connections; what is under way comes to its end first.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.shared.reader.clone().close().await?;
        self.shared.primary.clone().close().await?;
        self.shared.writer.clone().close().await?;
        Ok(())
    }
}

fn lock_beside(mut path: PathBuf) -> Result<File, StoreError> {
    path.as_mut_os_string().push(".lock");
    let shown = path.display();
    let file = File::create(&path)
        .map_err(|err| StoreError::Setup(format!("the lock file {shown}: {err}")))?;
    file.try_lock().map_err(|err| {
        StoreError::Setup(format!(
            "another process has this database open ({shown}: {err})"
        ))
    })?;
    Ok(file)
}

async fn connect_sqlite(
    url: &str,
    connections: u32,
    read_only: bool,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = pool_options(url, connections);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-16384");
        if read_only {
            sqlite.read_only(true)
        } else {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
        }
    });
    Ok(Database::connect(options).await?)
}

async fn connect_postgres(url: &str, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = pool_options(url, connections);
    options
        .map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(256))
        .test_before_acquire_if_idle_for(Duration::from_secs(30));
    Ok(Database::connect(options).await?)
}

fn pool_options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false);
    options
}
