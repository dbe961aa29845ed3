//! A PostgreSQL server that belongs to one test, which may take it down.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Command, Output},
};

use crate::database::unique;

/// Who runs it where the tests are run by root: whom PostgreSQL's package makes.
const ACCOUNT: &str = "postgres";

/// A server of the test's own on loopback, made with the programs that are in the path. It goes with its data when it is
/// dropped.
#[derive(Debug, Clone)]
pub struct Cluster {
    home: PathBuf,
    port: u16,
}

/// The cluster's end.
#[derive(Debug)]
pub(crate) struct OwnCluster(pub(crate) Cluster);

impl Drop for OwnCluster {
    fn drop(&mut self) {
        // It may never have run; whatever is left is in the folder for temporary files.
        let _ = self.0.control(&["-m", "immediate", "-w", "stop"]);
        let _ = std::fs::remove_dir_all(&self.0.home);
    }
}

impl Cluster {
    /// Makes one and starts it. What was committed survives its death, though not that of the machine.
    pub(crate) fn start() -> OwnCluster {
        let home = std::env::temp_dir().join(unique("baton_cluster"));
        std::fs::create_dir(&home).expect("a folder for the cluster");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let cluster = OwnCluster(Self { home, port });
        let Self { home, .. } = &cluster.0;
        if is_root() {
            let mut own = Command::new("chown");
            own.arg(ACCOUNT).arg(home);
            succeeded(&own.output().expect("chown"));
        }
        let data = home.join("data").display().to_string();
        let arguments = [
            "-D",
            &data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ];
        succeeded(&cluster.0.as_server("initdb", &arguments));
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=60 -c fsync=off",
            home.display()
        );
        succeeded(&cluster.0.control(&["-o", &options, "-w", "start"]));
        cluster
    }

    /// Takes the server down as a crash does, and starts it again.
    pub fn crash(&self) {
        succeeded(&self.control(&["-m", "immediate", "-w", "restart"]));
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// A folder for what does not belong to the server.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        let mut path = self.home.clone().into_os_string();
        path.push(format!("_{name}"));
        path.into()
    }

    fn control(&self, arguments: &[&str]) -> Output {
        let data = self.home.join("data").display().to_string();
        let log = self
            .home
            .join("data")
            .join("server.log")
            .display()
            .to_string();
        let mut all = vec!["-D", &data, "-l", &log, "-t", "60"];
        all.extend(arguments);
        self.as_server("pg_ctl", &all)
    }

    /// PostgreSQL refuses to run as root: there it runs as the user that its package made.
    fn as_server(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", ACCOUNT, "--", program]);
            command
        } else {
            Command::new(program)
        };
        let output = command.args(arguments).current_dir(&self.home).output();
        output.unwrap_or_else(|err| {
            panic!("{program}, which scripts/with-postgres.sh puts into the path: {err}")
        })
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id");
    id.stdout.trim_ascii() == b"0"
}

#[track_caller]
fn succeeded(output: &Output) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {told}", output.status);
}
