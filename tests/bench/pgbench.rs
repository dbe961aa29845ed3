//! pgbench, sending a script's statements to the same rows.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    Failure,
    load::{Measured, Times},
    script::Constants,
};

/// What pgbench is to send.
#[derive(Debug, Default)]
pub(crate) struct Scripts {
    pub(crate) texts: Vec<String>,
    pub(crate) constants: Constants,
}

/// Runs the scripts, each as often as the others, with so many clients for so long.
pub(crate) fn run(
    scripts: &Scripts,
    url: &str,
    folder: &Path,
    clients: u32,
    time: Duration,
    run: u32,
) -> Result<Measured, Failure> {
    let folder = folder.join(format!("pgbench-{run}"));
    fs::create_dir_all(&folder)?;
    let mut command = Command::new("pgbench");
    command.args(["--no-vacuum", "--protocol=prepared", "--log"]);
    command.arg(format!("--log-prefix={}", folder.join("log").display()));
    command.arg(format!("--client={clients}"));
    command.arg(format!("--jobs={}", clients.min(2)));
    command.arg(format!("--time={}", time.as_secs().max(1)));
    // New ids begin with the number of the run, and rise within it.
    command.arg(format!("--define=run=d{run:07x}-0000-7000-8000-"));
    command.arg("--define=i=0");
    for constant in scripts.constants.definitions() {
        command.arg(format!("--define={constant}"));
    }
    for (number, text) in scripts.texts.iter().enumerate() {
        let file = folder.join(format!("script-{number}.sql"));
        fs::write(&file, text)?;
        command.arg(format!("--file={}", file.display()));
    }
    let began = Instant::now();
    let output = command.arg(url).output()?;
    let elapsed = began.elapsed();
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() || errors.contains("aborted") {
        return Err(format!("pgbench: {}\n{errors}", output.status).into());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let rate = printed
        .lines()
        .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
        .ok_or_else(|| format!("pgbench tells no rate:\n{printed}"))?;
    let measured = times(&folder)?.measured(clients, elapsed);
    fs::remove_dir_all(&folder)?;
    Ok(Measured { rate, ..measured })
}

/// The times of all transactions, from the logs that pgbench has left.
fn times(folder: &Path) -> Result<Times, Failure> {
    let mut times = Times::new()?;
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let is_log = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with("log."));
        if !is_log {
            continue;
        }
        for line in fs::read_to_string(&path)?.lines() {
            // Client, transaction, time in microseconds …
            let micros = line.split(' ').nth(2).and_then(|field| field.parse().ok());
            times.note(Duration::from_micros(
                micros.ok_or("pgbench's log has no time")?,
            ));
        }
    }
    Ok(times)
}
