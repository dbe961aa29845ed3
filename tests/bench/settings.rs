//! What is measured, and for how long.

use std::{env, time::Duration};

use crate::Failure;

/// On which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Sqlite,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Sqlite => "SQLite",
        }
    }
}

/// A run.
#[derive(Debug)]
pub(crate) struct Settings {
    /// How many tasks the large firm has, one stage each.
    pub(crate) tasks: Vec<u32>,
    pub(crate) databases: Vec<Kind>,
    /// How many clients work at a time, one cell each.
    pub(crate) clients: Vec<u32>,
    /// How long a cell lasts.
    pub(crate) cell: Duration,
    /// How often everything is measured.
    pub(crate) rounds: u32,
}

/// The size to which the large one is compared.
const SMALL: u32 = 10_000;
const FULL: u32 = 1_000_000;

impl Settings {
    pub(crate) fn read() -> Result<Self, Failure> {
        let scale = env::var("BENCH_SCALE").unwrap_or_else(|_| "full".to_owned());
        let tasks = match scale.as_str() {
            "small" => vec![SMALL],
            "full" => vec![SMALL, FULL],
            number => vec![number.parse().map_err(|_| {
                format!("BENCH_SCALE is small, full or a number of tasks, not {number:?}")
            })?],
        };
        if tasks.iter().any(|tasks| tasks % SMALL != 0 || *tasks == 0) {
            return Err(format!("BENCH_SCALE counts tasks in steps of {SMALL}").into());
        }
        let databases =
            env::var("BENCH_DATABASES").unwrap_or_else(|_| "postgres,sqlite".to_owned());
        let databases = databases
            .split(',')
            .map(|name| match name.trim() {
                "postgres" => Ok(Kind::Postgres),
                "sqlite" => Ok(Kind::Sqlite),
                other => Err(format!("BENCH_DATABASES: there is no {other:?}")),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            tasks,
            databases,
            clients: vec![2, 4, 8, 16],
            cell: Duration::from_secs(number("BENCH_SECONDS", 3)?.into()),
            rounds: number("BENCH_ROUNDS", 3)?,
        })
    }
}

/// A setting that counts something.
fn number(name: &str, default: u32) -> Result<u32, Failure> {
    let text = env::var(name).unwrap_or_else(|_| default.to_string());
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{name} is a number above zero, not {text:?}").into()),
    }
}
