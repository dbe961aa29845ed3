//! Diagrams and manuals of the library over HTTP, and the whole library as one book.

use std::{path::Path, sync::Arc, time::Instant};

use crate::{
    Failure,
    cells::Bench,
    http::{Ask, Connection},
    load::{Measured, Times},
    report::say,
    seed::text,
    server::{Peak, Program},
};

/// How often what is kept is asked for again.
const AGAIN: u32 = 10;

/// What renderings took.
#[derive(Debug)]
pub(crate) struct Renderings {
    /// A diagram of each workflow, in lanes and for paper, drawn.
    pub(crate) drawn: Measured,
    /// The same, kept since.
    pub(crate) kept: Measured,
    /// A manual of each workflow, set as PDF.
    pub(crate) set: Measured,
    pub(crate) book: Peak,
}

/// Asks for all of them, one after the other.
pub(crate) async fn measure(
    bench: &Bench<'_>,
    program: &Program,
    folder: &Path,
) -> Result<Renderings, Failure> {
    let mut connection = Connection::open(bench.server.address).await?;
    let token = &bench.firms[0].tokens[0];
    let page = connection
        .json(&Ask::get("/v1/library?limit=200").by(token))
        .await?;
    let workflows = page["data"].as_array().ok_or("the library is no list")?;
    let slugs: Vec<String> = workflows
        .iter()
        .map(|workflow| text(&workflow["slug"]))
        .collect::<Result<_, _>>()?;
    let paths = |rest: &str| -> Vec<String> {
        let path = |slug: &String| format!("/v1/library/{slug}/{rest}");
        slugs.iter().map(path).collect()
    };
    let diagrams = [
        paths("diagram?format=svg&layout=lanes"),
        paths("diagram?format=svg&layout=portrait"),
    ]
    .concat();
    let drawn = each(&mut connection, token, &diagrams, 1).await?;
    let kept = each(&mut connection, token, &diagrams, AGAIN).await?;
    let set = each(&mut connection, token, &paths("manual?format=pdf"), 1).await?;
    let out = folder.join("library.pdf");
    let out = out.to_str().ok_or("a folder with a strange name")?;
    let book = program.peak(&["library", "manual", "--all", out])?;
    let renderings = Renderings {
        drawn,
        kept,
        set,
        book,
    };
    for line in renderings.lines() {
        say(&format!("  {line}"));
    }
    Ok(renderings)
}

async fn each(
    connection: &mut Connection,
    token: &Arc<str>,
    paths: &[String],
    times: u32,
) -> Result<Measured, Failure> {
    let mut noted = Times::new()?;
    let began = Instant::now();
    for _ in 0..times {
        for path in paths {
            let asked = Instant::now();
            connection.send(&Ask::get(path).by(token)).await?;
            noted.note(asked.elapsed());
        }
    }
    Ok(noted.measured(1, began.elapsed()))
}

impl Renderings {
    /// The figures in words.
    pub(crate) fn lines(&self) -> [String; 4] {
        let line = |what: &str, measured: &Measured| {
            let Measured { p50, p99, most, .. } = measured;
            format!("{what}: p50 {p50:.1?}, p99 {p99:.1?}, at most {most:.1?}")
        };
        let memory = self.book.megabytes.map_or_else(
            || "unknown memory".to_owned(),
            |most| format!("{most} MB at most"),
        );
        [
            line("diagram, drawn", &self.drawn),
            line("diagram, kept", &self.kept),
            line("manual as PDF", &self.set),
            format!("book of the library: {:.1?}, {memory}", self.book.time),
        ]
    }
}
