//! The program under test, as a process of its own that ends with the value that holds it.

use std::{
    io::Write as _,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    Failure,
    http::{Ask, Connection},
};

/// Everybody's password.
pub(crate) const PASSWORD: &str = "correct-horse-battery";

/// The unit in which Linux tells processes' times.
const MILLIS_PER_TICK: u64 = 10;

/// How the program is run: beside this one in the target folder, on one database.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    executable: PathBuf,
    settings: Vec<(&'static str, String)>,
}

/// What a command took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peak {
    pub(crate) time: Duration,
    /// Resident memory at its most; none where the system does not tell.
    pub(crate) megabytes: Option<u64>,
}

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    child: Child,
}

impl Program {
    pub(crate) fn on(database_url: &str, folder: &Path) -> Result<Self, Failure> {
        let executable = std::env::current_exe()?.with_file_name("baton");
        if !executable.is_file() {
            return Err(format!("{} is missing", executable.display()).into());
        }
        let settings = vec![
            ("BATON_DATABASE_URL", database_url.to_owned()),
            (
                "BATON_DOCUMENTS",
                folder.join("documents").display().to_string(),
            ),
            ("BATON_SECRET_KEY", "5a".repeat(32)),
            ("BATON_RATE_LIMITS", "off".to_owned()),
            ("BATON_ACCESS_TOKEN_LIFETIME", "86400".to_owned()),
            // Hundreds who sign in at once wait for each other; that is what is measured.
            ("BATON_REQUEST_DEADLINE", "300".to_owned()),
            ("BATON_LOG", "error".to_owned()),
        ];
        Ok(Self {
            executable,
            settings,
        })
    }

    /// The same, on another address of the database.
    pub(crate) fn at(&self, database_url: &str) -> Self {
        let mut other = self.clone();
        for (name, value) in &mut other.settings {
            if *name == "BATON_DATABASE_URL" {
                database_url.clone_into(value);
            }
        }
        other
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.executable);
        command.args(arguments).env_clear();
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command of it to its end.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Result<(), Failure> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let status = child.wait()?;
        if !status.success() {
            return Err(format!("baton {}: {status}", arguments.join(" ")).into());
        }
        Ok(())
    }

    /// Runs a command of it to its end, and looks at its memory meanwhile.
    pub(crate) fn peak(&self, arguments: &[&str]) -> Result<Peak, Failure> {
        let mut command = self.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let mut child = command.spawn()?;
        let mut megabytes = None;
        let status = loop {
            // The last look before the end tells of nearly the whole run.
            megabytes = memory(child.id()).map(|(_, most)| most).or(megabytes);
            if let Some(status) = child.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        if !status.success() {
            return Err(format!("baton {}: {status}", arguments.join(" ")).into());
        }
        Ok(Peak {
            time: began.elapsed(),
            megabytes,
        })
    }

    /// Serves, with or without a worker inside, from when this returns.
    pub(crate) async fn serve(&self, worker: bool) -> Result<Server, Failure> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = self.command(&["serve"]);
        command.env("BATON_LISTEN", address.to_string());
        command.env("BATON_WORKER", if worker { "on" } else { "off" });
        let mut server = Server {
            address,
            child: command.spawn()?,
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while !server.is_ready().await {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("the server ended: {status}").into());
            }
            if Instant::now() > deadline {
                return Err("the server does not get ready".into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(server)
    }
}

impl Server {
    async fn is_ready(&self) -> bool {
        match Connection::open(self.address).await {
            Ok(mut connection) => connection.send(&Ask::get("/health/ready")).await.is_ok(),
            Err(_) => false,
        }
    }

    /// Its resident memory now and at its most, in megabytes; none where the system does not tell.
    pub(crate) fn memory(&self) -> Option<(u64, u64)> {
        memory(self.child.id())
    }

    /// From here on the most memory that it held counts anew.
    pub(crate) fn forget_peak(&self) -> Result<(), Failure> {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        match std::fs::write(path, "5") {
            // Not every system tells what a program holds.
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => Ok(()),
            written => Ok(written?),
        }
    }

    /// How long its threads have been on a processor so far; none where the system does not tell.
    pub(crate) fn processor_time(&self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name of the program comes second, in brackets, and may hold anything.
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_whitespace().skip(11);
        let (user, system): (u64, u64) =
            (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some(Duration::from_millis((user + system) * MILLIS_PER_TICK))
    }
}

fn memory(process: u32) -> Option<(u64, u64)> {
    let path = format!("/proc/{process}/status");
    let status = std::fs::read_to_string(path).ok()?;
    let megabytes = |name: &str| -> Option<u64> {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes / 1024)
    };
    Some((megabytes("VmRSS:")?, megabytes("VmHWM:")?))
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody is left to hear of it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
