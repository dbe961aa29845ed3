//! `make bench`: what requests cost, beside the same statements sent by pgbench to the same rows.
//!
//! `BENCH_SCALE` is `small` (10,000 tasks), `full` (10,000, then 1,000,000) or a number of tasks; `BENCH_SECONDS` the length of a
//! cell, `BENCH_ROUNDS` how often each is measured; `BENCH_DATABASES` a list of `postgres` and `sqlite`. The PostgreSQL server is the one
//! that `scripts/with-postgres.sh` started.

mod batch;
mod capture;
mod cells;
mod database;
mod explain;
mod http;
mod layout;
mod load;
mod model;
mod multiply;
mod pgbench;
mod renderings;
mod report;
mod script;
mod seed;
mod server;
mod settings;
mod stage;
mod workload;

use std::process::ExitCode;

use crate::{report::Report, settings::Settings};

/// Whatever ends a run early, in words.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            report::say(&format!("bench: {failure}"));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Failure> {
    let settings = Settings::read()?;
    let mut report = Report::new(&settings);
    for database in &settings.databases {
        for tasks in &settings.tasks {
            let measured = stage::run(&settings, *database, *tasks).await?;
            report.add(measured);
        }
    }
    report.publish()
}
