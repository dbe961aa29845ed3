//! What a run has found: a table for people, JSON and plans for later.

use std::{fmt::Write as _, fs, path::PathBuf};

use serde_json::{Value, json};

use crate::{
    Failure,
    cells::{Cells, Round},
    load::Measured,
    renderings::Renderings,
    settings::Settings,
    stage::{Beside, Stage},
    workload::Request,
};

/// Tells something at once.
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// A run.
pub(crate) struct Report {
    cell_seconds: u64,
    stages: Vec<Stage>,
}

impl Report {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            cell_seconds: settings.cell.as_secs(),
            stages: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, stage: Stage) {
        self.stages.push(stage);
    }

    /// Prints the table and writes `bench.json` and the plans beside it.
    pub(crate) fn publish(&self) -> Result<(), Failure> {
        let folder = folder()?;
        fs::create_dir_all(&folder)?;
        let table = self.table();
        say(&format!("\n{table}"));
        fs::write(folder.join("bench.md"), &table)?;
        fs::write(folder.join("bench.json"), format!("{:#}\n", self.json()))?;
        for stage in &self.stages {
            let plans = plans(stage);
            if !plans.is_empty() {
                fs::write(folder.join(format!("plans-{}.md", stage.tasks)), plans)?;
            }
        }
        say(&format!("kept in {}", folder.display()));
        Ok(())
    }

    fn table(&self) -> String {
        let mut text = String::new();
        for stage in &self.stages {
            let size = stage.tasks;
            let _ = writeln!(
                text,
                "{}, {size} tasks in one of 20 firms:\n",
                stage.kind.name()
            );
            text.push_str("| work | Baton's best | clients | p50 | p99 | p99 at 16 | processor | pgbench's best | clients | share | statements |\n");
            text.push_str(
                "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
            );
            for cells in &stage.cells {
                text.push_str(&row(cells));
            }
            let beside = |what: &str, measured: &Beside| {
                format!(
                    "- {what}: p99 {:.1?}, alone {:.1?}: {:.1} times\n",
                    measured.beside.p99,
                    measured.alone.p99,
                    measured.slower()
                )
            };
            text.push('\n');
            text.push_str(&beside(
                "work page while 500 sign in",
                &stage.during_sign_ins,
            ));
            let quiet = "quiet firm beside one at full load";
            text.push_str(&beside(quiet, &stage.quiet_firm));
            let _ = writeln!(
                text,
                "- batch of {} processes of ten tasks: {:.0}/s",
                stage.batch.processes,
                stage.batch.rate()
            );
            for line in stage.renderings.lines() {
                let _ = writeln!(text, "- {line}");
            }
            if let (Some(before), Some((now, most))) = (stage.memory_before, stage.memory) {
                let _ = writeln!(
                    text,
                    "- resident memory under this load: {now} MB at the end, {most} MB at most; while starting and seeding {before} MB"
                );
            }
            for (request, first, last) in self.growth(stage) {
                let _ = writeln!(
                    text,
                    "- {}: {:.2} times slower than with {first} tasks",
                    request.name(),
                    last
                );
            }
            text.push('\n');
        }
        text
    }

    /// How many times slower a stage is than the first on the same database.
    fn growth(&self, stage: &Stage) -> Vec<(Request, u32, f64)> {
        let first = self.stages.iter().find(|other| other.kind == stage.kind);
        let Some(first) = first.filter(|first| first.tasks != stage.tasks) else {
            return Vec::new();
        };
        let pairs = first.cells.iter().zip(&stage.cells);
        pairs
            .filter_map(|(small, large)| {
                let slower = small.baton()?.rate / large.baton()?.rate;
                Some((large.request, first.tasks, slower))
            })
            .collect()
    }

    fn json(&self) -> Value {
        json!({
            "cell_seconds": self.cell_seconds,
            "cores": std::thread::available_parallelism().map_or(0, usize::from),
            "stages": self.stages.iter().map(of_stage).collect::<Vec<_>>(),
        })
    }
}

/// `target/bench`, whatever the profile.
fn folder() -> Result<PathBuf, Failure> {
    let executable = std::env::current_exe()?;
    let target = executable.parent().and_then(|profile| profile.parent());
    Ok(target
        .ok_or("the program is in no target folder")?
        .join("bench"))
}

fn row(cells: &Cells) -> String {
    let (Some(best), Some(crowded)) = (cells.baton(), cells.crowded()) else {
        return String::new();
    };
    let last = crowded.p99;
    let shares = cells.shares();
    let (limit, clients, share) = match (cells.pgbench(), &shares[..]) {
        (Some(limit), [lowest, .., highest]) => (
            format!("{:.0}/s", limit.rate),
            limit.clients.to_string(),
            format!(
                "{:.0} % ({:.0}–{:.0})",
                shares[(shares.len() - 1) / 2] * 100.0,
                lowest * 100.0,
                highest * 100.0
            ),
        ),
        (Some(limit), [only]) => (
            format!("{:.0}/s", limit.rate),
            limit.clients.to_string(),
            format!("{:.0} %", only * 100.0),
        ),
        _ => Default::default(),
    };
    let processor = best.processor;
    let processor = processor.map_or_else(String::new, |time| format!("{time:.2?}"));
    format!(
        "| {} | {:.0}/s | {} | {:.1?} | {:.1?} | {last:.1?} | {processor} | {limit} | {clients} | {share} | {} |\n",
        cells.request.name(),
        best.rate,
        best.clients,
        best.p50,
        best.p99,
        cells.statements
    )
}

fn of_stage(stage: &Stage) -> Value {
    let settings: Value = stage
        .server_settings
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "database": stage.kind.name(),
        "settings": settings,
        "tasks": stage.tasks,
        "entities": stage.layout.instances(),
        "users": stage.layout.users,
        "seeded_in_seconds": stage.seeded_in.as_secs_f64(),
        "requests": stage.cells.iter().map(of_cells).collect::<Vec<_>>(),
        "work_page_while_500_sign_in": of_beside(&stage.during_sign_ins),
        "quiet_firm_beside_full_load": of_beside(&stage.quiet_firm),
        "batch": {
            "processes": stage.batch.processes,
            "per_second": stage.batch.rate(),
        },
        "renderings": of_renderings(&stage.renderings),
        "resident_megabytes": stage.memory.map(|(now, most)| {
            json!({ "before": stage.memory_before, "at_the_end": now, "at_most": most })
        }),
    })
}

fn of_renderings(renderings: &Renderings) -> Value {
    json!({
        "diagram_drawn": of_measured(&renderings.drawn),
        "diagram_kept": of_measured(&renderings.kept),
        "manual_as_pdf": of_measured(&renderings.set),
        "book_seconds": renderings.book.time.as_secs_f64(),
        "book_megabytes": renderings.book.megabytes,
    })
}

fn of_cells(cells: &Cells) -> Value {
    let defects: Vec<&String> = cells.plans.iter().flat_map(|plan| &plan.defects).collect();
    json!({
        "work": cells.request.name(),
        "statements": cells.statements,
        "rounds": cells.rounds.iter().map(of_round).collect::<Vec<_>>(),
        "shares": cells.shares(),
        "defects_in_plans": defects,
    })
}

fn of_round(round: &Round) -> Value {
    json!({
        "baton": round.baton.iter().map(of_measured).collect::<Vec<_>>(),
        "pgbench": round.pgbench.iter().map(of_measured).collect::<Vec<_>>(),
    })
}

fn of_beside(beside: &Beside) -> Value {
    json!({
        "alone": of_measured(&beside.alone),
        "beside": of_measured(&beside.beside),
        "times_slower": beside.slower(),
    })
}

fn of_measured(measured: &Measured) -> Value {
    json!({
        "clients": measured.clients,
        "requests": measured.requests,
        "per_second": measured.rate,
        "p50_seconds": measured.p50.as_secs_f64(),
        "p99_seconds": measured.p99.as_secs_f64(),
        "most_seconds": measured.most.as_secs_f64(),
        "processor_seconds": measured.processor.map(|time| time.as_secs_f64()),
    })
}

/// Every statement with its plan.
fn plans(stage: &Stage) -> String {
    let mut text = String::new();
    for cells in &stage.cells {
        if cells.plans.is_empty() {
            continue;
        }
        let _ = writeln!(text, "## {}\n", cells.request.name());
        for plan in &cells.plans {
            let _ = writeln!(
                text,
                "```sql\n{}\n```\n\n```\n{}\n```\n",
                plan.statement, plan.text
            );
            for defect in &plan.defects {
                let _ = writeln!(text, "**Defect**: {defect}\n");
            }
        }
    }
    text
}
