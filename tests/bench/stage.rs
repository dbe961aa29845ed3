//! One database at one size: filled, measured, put away.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::try_join_all;
use tokio::sync::watch;

use crate::{
    Failure,
    batch::{self, Batched},
    capture::Tapped,
    cells::{Bench, Cells},
    database::Database,
    http::Connection,
    layout::Layout,
    load::{self, Measured, Until},
    renderings::{self, Renderings},
    report::say,
    seed::{self, credentials},
    settings::{Kind, Settings},
    workload::{Request, asks},
};

/// How many firms there are.
const FIRMS: u32 = 20;
/// How many people sign in at once.
const STORM: u32 = 500;
/// How many clients put a firm under full load.
const FULL: u32 = 16;

/// Something measured alone, then beside a load.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) alone: Measured,
    pub(crate) beside: Measured,
}

impl Beside {
    /// How many times slower the slowest hundredth has become.
    pub(crate) fn slower(&self) -> f64 {
        self.beside.p99.as_secs_f64() / self.alone.p99.as_secs_f64()
    }
}

/// All that was measured.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) kind: Kind,
    pub(crate) tasks: u32,
    pub(crate) layout: Layout,
    pub(crate) seeded_in: Duration,
    pub(crate) server_settings: Vec<(String, String)>,
    pub(crate) cells: Vec<Cells>,
    pub(crate) during_sign_ins: Beside,
    pub(crate) quiet_firm: Beside,
    /// Resident megabytes at most while the server started and its rows were seeded.
    pub(crate) memory_before: Option<u64>,
    /// Resident megabytes at the end of the load, and at most during it; nothing was rendered by then.
    pub(crate) memory: Option<(u64, u64)>,
    pub(crate) batch: Batched,
    pub(crate) renderings: Renderings,
}

/// Measures one stage.
pub(crate) async fn run(settings: &Settings, kind: Kind, tasks: u32) -> Result<Stage, Failure> {
    let began = Instant::now();
    let layout = Layout::of_tasks(1, tasks);
    say(&format!(
        "{} with {tasks} tasks in one of {FIRMS} firms:",
        kind.name()
    ));
    let (database, program) = Database::create(kind, "baton_bench").await?;
    let layouts: Vec<Layout> = (1..=FIRMS)
        .map(|number| match number {
            1 => layout.clone(),
            // The others are a hundredth of the large one, and large enough to be worked on.
            other => Layout::of_tasks(other, (tasks / 100).max(1_000)),
        })
        .collect();
    for layout in &layouts {
        seed::found(&program, layout)?;
    }
    let server = program.serve(true).await?;
    let mut firms = Vec::new();
    for layout in layouts {
        firms.push(Arc::new(seed::fill(&database, &server, layout).await?));
    }
    database.settle().await?;
    let seeded_in = began.elapsed();
    say(&format!("  seeded in {seeded_in:.1?}"));
    let memory_before = server.memory().map(|(_, most)| most);
    server.forget_peak()?;

    let tapped = match kind {
        Kind::Postgres => Some(Tapped::start(&program, &database.url).await?),
        Kind::Sqlite => None,
    };
    let bench = Bench {
        settings,
        database: &database,
        server: &server,
        firms,
        tapped,
    };
    let mut cells = Vec::new();
    for request in [
        Request::Work,
        Request::ExecutableBy,
        Request::ReadTask,
        Request::Complete,
        Request::CompleteSpread,
    ] {
        cells.push(bench.measure(request).await?);
    }
    let quiet_firm = quiet_firm(&bench).await?;
    let during_sign_ins = during_sign_ins(&bench).await?;
    // These add rows, so that they come last.
    for request in [Request::SignIn, Request::Start] {
        cells.push(bench.measure(request).await?);
    }
    let batch = batch::measure(&bench).await?;
    let memory = server.memory();
    let renderings = renderings::measure(&bench, &program, &database.folder.0).await?;
    let stage = Stage {
        kind,
        tasks,
        layout,
        seeded_in,
        server_settings: server_settings(&database).await?,
        cells,
        during_sign_ins,
        quiet_firm,
        memory_before,
        memory,
        batch,
        renderings,
    };
    drop(bench);
    drop(server);
    database.remove().await?;
    Ok(stage)
}

/// People who read their work, alone and while many others sign in.
async fn during_sign_ins(bench: &Bench<'_>) -> Result<Beside, Failure> {
    let readers = 4;
    let alone = bench
        .load(Request::Work, readers, bench.settings.cell, 1)
        .await?;
    let (tell, told) = watch::channel(false);
    let until = Until {
        after: Duration::from_mins(5),
        told: Some(told),
        pause: Duration::ZERO,
    };
    let list = |client| asks(Request::Work, &bench.firms, (client, readers), 2);
    let reading = load::run(bench.server.address, readers, until, list);
    let storm = async {
        let signed_in = sign_ins(bench).await;
        // Nobody listens any more when reading has failed.
        let _ = tell.send(true);
        signed_in
    };
    let (beside, took) = tokio::try_join!(reading, storm)?;
    let measured = Beside { alone, beside };
    say(&format!(
        "  work page beside {STORM} sign-ins ({took:.1?}): p99 {:.2?}, alone {:.2?}: {:.1} times",
        measured.beside.p99,
        measured.alone.p99,
        measured.slower()
    ));
    Ok(measured)
}

async fn sign_ins(bench: &Bench<'_>) -> Result<Duration, Failure> {
    let firm = &bench.firms[0];
    let mut connections = Vec::new();
    for _ in 0..STORM {
        connections.push(Connection::open(bench.server.address).await?);
    }
    let began = Instant::now();
    let all =
        (0..)
            .zip(&mut connections)
            .map(async |(number, connection): (u32, &mut Connection)| {
                let number = number % firm.layout.workers();
                let email = format!("user{number}@{}.example", firm.slug);
                connection.send(&credentials(&firm.slug, &email)).await
            });
    try_join_all(all).await?;
    Ok(began.elapsed())
}

/// One person of a firm who completes a task now and then, alone and while another firm is under full load.
async fn quiet_firm(bench: &Bench<'_>) -> Result<Beside, Failure> {
    let quiet = &bench.firms[bench.firms.len() - 1..];
    // Somebody who pauses asks seldom, so that it takes longer until there is a slowest hundredth.
    let time = bench.settings.cell * bench.settings.rounds;
    let until = Until {
        after: time,
        told: None,
        pause: Duration::from_millis(20),
    };
    let list = |_| asks(Request::Complete, quiet, (0, 1), 0);
    bench.renew(Request::CompleteSpread).await?;
    let alone = load::run(bench.server.address, 1, until.clone(), list).await?;
    bench.renew(Request::CompleteSpread).await?;
    let quietly = load::run(bench.server.address, 1, until, list);
    let loudly = bench.load(Request::Complete, FULL, time, 0);
    let (beside, load) = tokio::try_join!(quietly, loudly)?;
    let measured = Beside { alone, beside };
    say(&format!(
        "  quiet firm beside one with {:.0} completions/s: p99 {:.2?}, alone {:.2?}: {:.1} times",
        load.rate,
        measured.beside.p99,
        measured.alone.p99,
        measured.slower()
    ));
    Ok(measured)
}

/// What the figures depend on.
async fn server_settings(database: &Database) -> Result<Vec<(String, String)>, Failure> {
    let sql = match database.kind {
        Kind::Postgres => {
            "SELECT name::text, current_setting(name)::text FROM pg_settings WHERE name IN ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers') ORDER BY name"
        }
        Kind::Sqlite => "SELECT 'version', sqlite_version()",
    };
    let rows = database.rows(sql).await?;
    let pairs = rows.into_iter().map(|row| {
        let mut texts = row.into_iter().map(Option::unwrap_or_default);
        (
            texts.next().unwrap_or_default(),
            texts.next().unwrap_or_default(),
        )
    });
    Ok(pairs.collect())
}
