//! The program itself: a process of its own, which can be killed and started again.

use std::{
    cell::RefCell,
    io::Write as _,
    net::{SocketAddr, TcpListener},
    panic::{AssertUnwindSafe, resume_unwind},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;

use crate::{ADMIN_EMAIL, Client, Cluster, Database, FIRM, PASSWORD, Rows, database::TestDatabase};

/// The program with its database. What runs is killed when it is dropped.
#[derive(Debug)]
pub struct Program {
    address: SocketAddr,
    settings: Vec<(&'static str, String)>,
    running: Option<Child>,
}

/// Makes a database with one firm, runs a test with the program on it and puts everything away.
pub fn run_program<F: Future<Output = ()>>(database: Database, test: impl FnOnce(Program) -> F) {
    run_on(database, Program::found, test);
}

/// The same with a database that has its tables and nothing else.
pub fn run_program_without_firm<F: Future<Output = ()>>(
    database: Database,
    test: impl FnOnce(Program) -> F,
) {
    run_on(database, |_| {}, test);
}

/// The same on a PostgreSQL server of the test's own, which the test may take down.
pub fn run_program_on_cluster<F: Future<Output = ()>>(test: impl FnOnce(Program, Cluster) -> F) {
    actix_web::rt::System::new().block_on(async {
        let own = Cluster::start();
        let cluster = own.0.clone();
        let place = TestDatabase::of_cluster(own).await;
        with_program(place, Program::found, |program| test(program, cluster)).await;
    });
}

fn run_on<F: Future<Output = ()>>(
    database: Database,
    prepare: impl FnOnce(&Program),
    test: impl FnOnce(Program) -> F,
) {
    actix_web::rt::System::new().block_on(async {
        let place = TestDatabase::create(database).await;
        with_program(place, prepare, test).await;
    });
}

async fn with_program<F: Future<Output = ()>>(
    place: TestDatabase,
    prepare: impl FnOnce(&Program),
    test: impl FnOnce(Program) -> F,
) {
    let program = Program::new(&place);
    prepare(&program);
    let outcome = AssertUnwindSafe(test(program)).catch_unwind().await;
    place.remove().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// The program of this build, beside the folder of the test's executable.
fn executable() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test.parent().and_then(|deps| deps.parent());
    let program = folder.expect("a target folder").join("baton");
    assert!(
        program.is_file(),
        "{} is missing; `cargo build` makes the program that this test starts",
        program.display()
    );
    program
}

impl Program {
    fn new(place: &TestDatabase) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address");
        let settings = vec![
            ("BATON_DATABASE_URL", place.url.clone()),
            ("BATON_DOCUMENTS", place.documents().display().to_string()),
            ("BATON_SECRET_KEY", "5a".repeat(32)),
            ("BATON_RATE_LIMITS", "off".to_owned()),
            ("BATON_LISTEN", address.to_string()),
            ("BATON_LOG", "error".to_owned()),
        ];
        Self {
            address,
            settings,
            running: None,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(executable());
        command.args(arguments).env_clear();
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Makes the firm by the command line.
    fn found(&self) {
        let arguments = [
            "firm",
            "create",
            "--slug",
            FIRM,
            "--name",
            "Northwind Wealth",
            "--time-zone",
            "America/New_York",
            "--admin-email",
            ADMIN_EMAIL,
        ];
        let mut command = self.command(&arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn().expect("the program");
        let mut input = child.stdin.take().expect("its input");
        input
            .write_all(PASSWORD.as_bytes())
            .expect("a password given");
        drop(input);
        let status = child.wait().expect("its end");
        assert!(status.success(), "baton firm create: {status}");
    }

    /// Sets a variable for whatever is started from now on.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.settings.push((name, value.to_owned()));
    }

    /// Runs the program to its end: whether it succeeded, and what it said of failures.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(arguments).output().expect("the program");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), told)
    }

    /// Runs the program to its end: whether it succeeded, and what it printed.
    pub fn print(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(arguments).output().expect("the program");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success(), printed)
    }

    /// Changes the database behind the program's back.
    pub async fn on_database(&self, statement: &str) {
        let mut settings = self.settings.iter();
        let url = settings.find(|(name, _)| *name == "BATON_DATABASE_URL");
        let (_, url) = url.expect("the database's address");
        let database = sea_orm::Database::connect(url).await.expect("the database");
        let done = sea_orm::ConnectionTrait::execute_unprepared(&database, statement).await;
        done.expect("a statement that the database takes");
        database.close().await.expect("the connection closed");
    }

    /// A look at everything that is stored.
    pub async fn rows(&self) -> Rows {
        let mut settings = self.settings.iter();
        let url = settings.find(|(name, _)| *name == "BATON_DATABASE_URL");
        let (_, url) = url.expect("the database's address");
        Rows::at(url).await
    }

    /// Starts the program once more, beside the server.
    pub fn beside(&self, arguments: &[&str]) -> Beside {
        Beside(RefCell::new(
            self.command(arguments).spawn().expect("the program"),
        ))
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(&mut self, arguments: &[&str]) {
        assert!(self.running.is_none(), "it runs already");
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped());
        self.running = Some(command.spawn().expect("the program"));
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let ready = self
                .stranger()
                .request(reqwest::Method::GET, "/health/ready");
            if ready
                .send()
                .await
                .is_ok_and(|answer| answer.status() == 200)
            {
                return;
            }
            let child = self.running.as_mut().expect("the server");
            let ended = child.try_wait().expect("its state");
            assert!(ended.is_none(), "the server ended: {ended:?}");
            assert!(Instant::now() < deadline, "the server does not get ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends the server as `kill -9` does: it is told nothing. What it has printed until then.
    pub fn kill(&mut self) -> String {
        let mut child = self.running.take().expect("a server that runs");
        child.kill().expect("a kill");
        let output = child.wait_with_output().expect("its end");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Tells the server to stop, as a supervisor does, and waits for its end.
    pub async fn stop(&mut self) {
        let mut child = self.running.take().expect("a server that runs");
        let told = Command::new("kill").arg(child.id().to_string()).status();
        assert!(told.expect("a signal sent").success());
        let deadline = Instant::now() + Duration::from_secs(40);
        loop {
            if let Some(status) = child.try_wait().expect("its state") {
                assert!(status.success(), "the server ended with {status}");
                return;
            }
            assert!(Instant::now() < deadline, "the server does not stop");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Somebody who has not signed in.
    #[must_use]
    pub fn stranger(&self) -> Client {
        let http = reqwest::Client::builder().no_proxy().build();
        Client::new(&http.expect("an HTTP client"), self.address)
    }
}

/// The program at work beside the server. It is killed when it is dropped.
#[derive(Debug)]
pub struct Beside(RefCell<Child>);

impl Beside {
    /// Whether it has not ended by itself.
    pub fn is_running(&self) -> bool {
        let ended = self.0.borrow_mut().try_wait().expect("its state");
        ended.is_none()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let child = self.0.get_mut();
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            // Nobody is left to hear of it.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
