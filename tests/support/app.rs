//! The server under test, started as the program starts it.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    panic::{AssertUnwindSafe, resume_unwind},
    path::Path,
    sync::Arc,
    time::Duration,
};

use api::{
    config::Layers,
    jobs::{Notary, Sweeper, Swept, Worker},
    startup,
    state::AppState,
};
use domain::ids::FirmId;
use futures_util::FutureExt as _;
use persistence::{Store, StoreOptions};
use sea_orm::ConnectionTrait as _;
use secrecy::ExposeSecret as _;
use tokio::{sync::Notify, task::JoinHandle};
use tracing_subscriber::EnvFilter;

use crate::{
    Database, TestAmbient,
    client::Client,
    database::TestDatabase,
    people::{self, FIRM},
};

/// A running server with one firm and its admin.
#[derive(Clone)]
pub struct TestApp {
    /// Moves the server's time.
    pub clock: Arc<TestAmbient>,
    /// What the server's handlers see.
    pub state: AppState,
    /// Where it listens.
    pub address: SocketAddr,
    /// Which database it runs on.
    pub database: Database,
    /// Its firm.
    pub firm: FirmId,
    pub(crate) http: reqwest::Client,
    pub(crate) admin: Client,
    stop: Arc<Notify>,
}

/// What has to be put away after a test.
struct Running {
    app: TestApp,
    server: JoinHandle<std::io::Result<()>>,
    database: TestDatabase,
}

/// Starts a server, runs a test on it and puts everything away, whatever the test's outcome.
pub fn run<F: Future<Output = ()>>(
    database: Database,
    settings: &[(&str, &str)],
    test: impl FnOnce(TestApp) -> F,
) {
    actix_web::rt::System::new().block_on(async {
        let running = Running::start(database, settings).await;
        let test = test(running.app.clone());
        let outcome = AssertUnwindSafe(test).catch_unwind().await;
        running.end().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}

/// The settings of tests, where a test does not say otherwise.
fn layers(database: &TestDatabase, documents: &Path, settings: &[(&str, &str)]) -> Layers {
    let mut layers = Layers::default();
    layers.flag("database_url", database.url.as_str());
    layers.flag("documents", documents.display().to_string());
    layers.flag("secret_key", "5a".repeat(32));
    layers.flag("rate_limits", "off");
    layers.flag("count_statements", "on");
    layers.flag("worker", "off");
    layers.flag("drain_deadline", "0.1");
    for (key, value) in settings {
        layers.flag(key, *value);
    }
    layers
}

/// Shows the servers' logs where `BATON_LOG` asks for them.
fn show_logs() {
    if let Ok(filter) = EnvFilter::try_from_env("BATON_LOG") {
        // Only the first of a run's servers can set it.
        let _set = tracing_subscriber::fmt().with_env_filter(filter).try_init();
    }
}

impl Running {
    async fn start(database: Database, settings: &[(&str, &str)]) -> Self {
        show_logs();
        let place = TestDatabase::create(database).await;
        let config = layers(&place, &place.documents(), settings)
            .read()
            .expect("settings that can be read");
        let clock = Arc::new(TestAmbient::new());
        let store = Store::connect(&StoreOptions::new(&place.url), clock.clone())
            .await
            .expect("the test's database");
        let state = startup::build_state(config, store, clock.clone())
            .await
            .expect("a state");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");

        let stop = Arc::new(Notify::new());
        let told = Arc::clone(&stop);
        let serving = startup::serve_until(listener, state.clone(), async move {
            told.notified().await;
        });
        let server = actix_web::rt::spawn(serving);

        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // Before the server closes a connection that rests: none may be taken up at that very moment.
            .pool_idle_timeout(Duration::from_mins(1))
            .no_proxy()
            .build()
            .expect("an HTTP client");
        let stranger = Client::new(&http, address);
        let (firm, admin) = people::found(&state, &stranger, FIRM).await;
        let app = TestApp {
            clock,
            state,
            address,
            database,
            firm,
            http,
            admin,
            stop,
        };
        Self {
            app,
            server,
            database: place,
        }
    }

    async fn end(self) {
        self.app.stop.notify_one();
        self.server
            .await
            .expect("the server's task")
            .expect("a server that ended well");
        self.app.state.store.close().await.expect("a closed store");
        self.database.remove().await;
    }
}

impl TestApp {
    /// Somebody who has not signed in.
    #[must_use]
    pub fn stranger(&self) -> Client {
        Client::new(&self.http, self.address)
    }

    /// The firm's admin.
    #[must_use]
    pub fn admin(&self) -> Client {
        self.admin.clone()
    }

    /// Sends bytes as they are, and reads until the server closes the connection.
    pub async fn exchange(&self, bytes: impl Into<Vec<u8>>) -> String {
        let (address, bytes) = (self.address, bytes.into());
        let talk = move || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(address)?;
            stream.set_read_timeout(Some(Duration::from_secs(20)))?;
            stream.write_all(&bytes)?;
            let mut answer = Vec::new();
            // The server may close before it has read all: what came until then is the answer.
            let _ = stream.read_to_end(&mut answer);
            Ok(String::from_utf8_lossy(&answer).into_owned())
        };
        let talked = tokio::task::spawn_blocking(talk).await;
        talked.expect("a conversation").expect("a connection")
    }

    /// Does everything that committed changes have left to be done, and what comes of it.
    pub async fn run_jobs(&self) {
        let worker = self.worker();
        worker
            .run_until_idle()
            .await
            .expect("a worker that can look for jobs");
    }

    /// A worker on this server's database, which does nothing by itself.
    #[must_use]
    pub fn worker(&self) -> Worker {
        Worker::new(self.state.store.clone(), &self.state.config)
    }

    /// Takes away what has had its time, files too.
    pub async fn sweep(&self) -> Swept {
        let sweeper = Sweeper::new(self.state.store.clone(), Arc::clone(&self.state.config));
        let swept = sweeper.sweep(true).await;
        swept.expect("a sweeper that can look at every firm")
    }

    /// A notary on this server's database, which does nothing by itself.
    #[must_use]
    pub fn notary(&self) -> Notary {
        let state = &self.state;
        let (config, secrets) = (Arc::clone(&state.config), Arc::clone(&state.secrets));
        Notary::new(state.store.clone(), config, secrets)
    }

    /// Makes a signing key if it is time and signs the trails whose day has no checkpoint; how many.
    pub async fn notarise(&self) -> u64 {
        let attending = self.notary().attend().await;
        attending.expect("a notary that can sign for every firm")
    }

    /// Changes the test's database behind the server's back.
    pub async fn on_database(&self, statement: &str) {
        let url = self.state.config.database_url.expose_secret();
        let database = sea_orm::Database::connect(url).await.expect("the database");
        let done = database.execute_unprepared(statement).await;
        done.expect("a statement that the database takes");
        database.close().await.expect("the connection closed");
    }

    /// A second server on the same database, as another machine would run it; it is stopped with the test's runtime.
    pub async fn beside(&self) -> Self {
        let config = (*self.state.config).clone();
        let url = config.database_url.expose_secret().to_owned();
        let store = Store::connect(&StoreOptions::new(&url), self.clock.clone())
            .await
            .expect("the test's database");
        let state = startup::build_state(config, store, self.clock.clone())
            .await
            .expect("a state");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stop = Arc::new(Notify::new());
        let told = Arc::clone(&stop);
        let serving = startup::serve_until(listener, state.clone(), async move {
            told.notified().await;
        });
        actix_web::rt::spawn(serving);
        let admin = self.admin.at(address);
        Self {
            state,
            address,
            admin,
            stop,
            ..self.clone()
        }
    }

    /// Tells the server to stop, as a signal does.
    pub fn stop(&self) {
        self.stop.notify_one();
    }
}
