//! The database beside the server: made for a stage, filled, looked at and put away.

use std::path::PathBuf;

use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use crate::{Failure, server::Program, settings::Kind};

/// A database of one stage. What is left of it is removed when it is dropped or put away.
pub(crate) struct Database {
    pub(crate) kind: Kind,
    pub(crate) url: String,
    pub(crate) folder: Folder,
    connection: DatabaseConnection,
}

/// A folder that goes with the value that holds it.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is in the system's folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The address of the server that `scripts/with-postgres.sh` has started.
fn server_url() -> Result<String, Failure> {
    std::env::var("TEST_DATABASE_URL")
        .map_err(|_| "TEST_DATABASE_URL names no server: run it by scripts/with-postgres.sh".into())
}

impl Database {
    /// Makes an empty one with today's schema, and the program that serves it.
    pub(crate) async fn create(kind: Kind, name: &str) -> Result<(Self, Program), Failure> {
        let folder = std::env::temp_dir().join(format!("{name}_{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let folder = Folder(folder);
        let url = match kind {
            Kind::Sqlite => format!("sqlite://{}", folder.0.join("baton.db").display()),
            Kind::Postgres => {
                let server = server_url()?;
                let admin = connect(&server).await?;
                admin
                    .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}"))
                    .await?;
                admin
                    .execute_unprepared(&format!("CREATE DATABASE {name}"))
                    .await?;
                admin.close().await?;
                let (base, _) = server
                    .rsplit_once('/')
                    .ok_or("an address without a database")?;
                format!("{base}/{name}")
            }
        };
        let program = Program::on(&url, &folder.0)?;
        program.run(&["migrate"], "")?;
        let connection = connect(&url).await?;
        let made = Self {
            kind,
            url,
            folder,
            connection,
        };
        Ok((made, program))
    }

    /// Runs statements.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), Failure> {
        let ran = self.connection.execute_unprepared(sql).await;
        ran.map(drop)
            .map_err(|err| format!("{err}\n{}", head(sql)).into())
    }

    /// Rows of texts.
    pub(crate) async fn rows(&self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Failure> {
        let backend = match self.kind {
            Kind::Postgres => DbBackend::Postgres,
            Kind::Sqlite => DbBackend::Sqlite,
        };
        let statement = Statement::from_string(backend, sql);
        let rows = self.connection.query_all_raw(statement).await;
        let rows = rows.map_err(|err| format!("{err}\n{}", head(sql)))?;
        rows.iter()
            .map(|row| {
                (0..row.column_names().len())
                    .map(|at| Ok(row.try_get_by_index::<Option<String>>(at)?))
                    .collect()
            })
            .collect()
    }

    /// One text.
    pub(crate) async fn one(&self, sql: &str) -> Result<String, Failure> {
        let rows = self.rows(sql).await?;
        let value = rows.into_iter().flatten().flatten().next();
        value.ok_or_else(|| format!("no row: {}", head(sql)).into())
    }

    /// The number of a firm's last change.
    pub(crate) async fn head(&self, firm: &str) -> Result<i64, Failure> {
        let sql = format!("SELECT sequence::text FROM firm_head WHERE firm_id = '{firm}'");
        Ok(self.one(&sql).await?.parse()?)
    }

    /// Brings statistics and the visibility map up to date, as the database does by itself in time.
    pub(crate) async fn settle(&self) -> Result<(), Failure> {
        match self.kind {
            Kind::Postgres => self.run("VACUUM (ANALYZE)").await?,
            Kind::Sqlite => self.run("ANALYZE").await?,
        }
        Ok(())
    }

    /// Closes and removes it.
    pub(crate) async fn remove(self) -> Result<(), Failure> {
        self.connection.close().await?;
        if self.kind == Kind::Postgres {
            let (_, name) = self
                .url
                .rsplit_once('/')
                .ok_or("an address without a database")?;
            let admin = connect(&server_url()?).await?;
            admin
                .execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)"))
                .await?;
            admin.close().await?;
        }
        Ok(())
    }
}

/// One connection, so that what is set in it stays.
async fn connect(url: &str) -> Result<DatabaseConnection, Failure> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Ok(sea_orm::Database::connect(options).await?)
}

fn head(sql: &str) -> String {
    sql.chars().take(2_000).collect()
}
