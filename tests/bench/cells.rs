//! One request, measured: by Baton with more and more clients, and by pgbench with the same statements.

use std::{sync::Arc, time::Duration};

use crate::{
    Failure,
    capture::Tapped,
    database::Database,
    explain::{Plan, explain},
    load::{self, Measured, Until},
    pgbench::{self, Scripts},
    report::say,
    script::{Compared, Sample, compare, script},
    seed::{Firm, credentials},
    server::Server,
    settings::Settings,
    workload::{self, READERS, Request, asks},
};

/// What was measured of one request.
#[derive(Debug)]
pub(crate) struct Cells {
    pub(crate) request: Request,
    pub(crate) rounds: Vec<Round>,
    pub(crate) plans: Vec<Plan>,
    /// How many statements one request sends, `BEGIN` and `COMMIT` included.
    pub(crate) statements: usize,
}

/// Both with more and more clients, by turns: a machine that others share is not as fast at one minute as at the next.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) baton: Vec<Measured>,
    /// Empty on `SQLite`.
    pub(crate) pgbench: Vec<Measured>,
}

impl Round {
    /// Baton's best rate as a share of pgbench's.
    fn share(&self) -> Option<f64> {
        Some(best(&self.baton)?.rate / best(&self.pgbench)?.rate)
    }
}

impl Cells {
    /// Baton at its best, in the round that is the median.
    pub(crate) fn baton(&self) -> Option<&Measured> {
        let all = self.rounds.iter().filter_map(|round| best(&round.baton));
        median(all.collect(), |measured| measured.rate)
    }

    /// pgbench at its best, in the round that is the median.
    pub(crate) fn pgbench(&self) -> Option<&Measured> {
        let all = self.rounds.iter().filter_map(|round| best(&round.pgbench));
        median(all.collect(), |measured| measured.rate)
    }

    /// Baton with the most clients, in the round whose slowest hundredth is the median.
    pub(crate) fn crowded(&self) -> Option<&Measured> {
        let all = self.rounds.iter().filter_map(|round| round.baton.last());
        median(all.collect(), |measured| measured.p99.as_secs_f64())
    }

    /// The shares of all rounds, the smallest first.
    pub(crate) fn shares(&self) -> Vec<f64> {
        let mut shares: Vec<f64> = self.rounds.iter().filter_map(Round::share).collect();
        shares.sort_by(f64::total_cmp);
        shares
    }
}

fn best(cells: &[Measured]) -> Option<&Measured> {
    cells.iter().max_by(|a, b| a.rate.total_cmp(&b.rate))
}

fn median(mut all: Vec<&Measured>, by: impl Fn(&Measured) -> f64) -> Option<&Measured> {
    all.sort_by(|a, b| by(a).total_cmp(&by(b)));
    let middle = all.len().checked_sub(1)? / 2;
    all.into_iter().nth(middle)
}

/// What a stage measures on.
pub(crate) struct Bench<'s> {
    pub(crate) settings: &'s Settings,
    pub(crate) database: &'s Database,
    pub(crate) server: &'s Server,
    pub(crate) firms: Vec<Arc<Firm>>,
    /// On PostgreSQL.
    pub(crate) tapped: Option<Tapped>,
}

impl Bench<'_> {
    /// Measures one request.
    pub(crate) async fn measure(&self, request: Request) -> Result<Cells, Failure> {
        let mut cells = Cells {
            request,
            rounds: Vec::new(),
            plans: Vec::new(),
            statements: 0,
        };
        let warming = Duration::from_secs(1);
        self.renew(request).await?;
        self.load(request, 2, warming, 0).await?;
        let mut limit = None;
        if let Some(tapped) = &self.tapped {
            self.renew(request).await?;
            let (scripts, sample) = self.scripts(tapped, request).await?;
            cells.statements = sample.len();
            limit = Some((scripts, sample));
        }
        for number in 0..self.settings.rounds {
            let scripts = limit.as_ref().map(|(scripts, _)| scripts);
            cells
                .rounds
                .push(self.round(request, scripts, number).await?);
        }
        if let Some((_, sample)) = limit {
            self.renew(request).await?;
            let firm = &self.firms[0];
            let (n, _) = firm.layout.target(0);
            cells.plans = explain(self.database, &sample, &firm.made.firm_id, n).await?;
        }
        Ok(cells)
    }

    async fn round(
        &self,
        request: Request,
        scripts: Option<&Scripts>,
        number: u32,
    ) -> Result<Round, Failure> {
        let mut round = Round::default();
        let time = self.settings.cell;
        for (cell, clients) in (1..).zip(&self.settings.clients) {
            self.renew(request).await?;
            let turn = number * 0x100 + clients;
            let measured = self.load(request, *clients, time, turn).await?;
            say(&line("baton", request, &measured));
            round.baton.push(measured);
            if let Some(scripts) = scripts {
                self.renew(request).await?;
                let run = pgbench_run(request) + number * 0x10 + cell;
                let (url, folder) = (&self.database.url, &self.database.folder.0);
                let measured = pgbench::run(scripts, url, folder, *clients, time, run)?;
                say(&line("pgbench", request, &measured));
                round.pgbench.push(measured);
            }
        }
        Ok(round)
    }

    pub(crate) async fn load(
        &self,
        request: Request,
        clients: u32,
        time: Duration,
        turn: u32,
    ) -> Result<Measured, Failure> {
        let list = |client| asks(request, &self.firms, (client, clients), turn);
        let before = self.server.processor_time();
        let mut measured =
            load::run(self.server.address, clients, Until::after(time), list).await?;
        let spent = self.server.processor_time().zip(before);
        measured.processor =
            spent.map(|(after, before)| after.saturating_sub(before) / measured.requests.max(1));
        Ok(measured)
    }

    /// Puts back what a request uses up.
    pub(crate) async fn renew(&self, request: Request) -> Result<(), Failure> {
        if !request.consumes() {
            return Ok(());
        }
        let firms = match request {
            Request::CompleteSpread => &self.firms[..],
            Request::Complete
            | Request::Work
            | Request::ExecutableBy
            | Request::ReadTask
            | Request::Start
            | Request::SignIn => &self.firms[..1],
        };
        for firm in firms {
            firm.renew(self.database).await?;
        }
        self.database.settle().await
    }

    /// The scripts that do what the request does, with the statements of a sample.
    async fn scripts(
        &self,
        tapped: &Tapped,
        request: Request,
    ) -> Result<(Scripts, Vec<Compared>), Failure> {
        let large = &self.firms[0];
        let mut scripts = Scripts::default();
        let mut kept = Vec::new();
        let variants: Vec<(&Firm, u32)> = match request {
            Request::Work | Request::ExecutableBy => {
                (0..READERS).map(|reader| (&**large, reader)).collect()
            }
            Request::CompleteSpread => self.firms.iter().map(|firm| (&**firm, 0)).collect(),
            Request::Complete | Request::ReadTask | Request::Start | Request::SignIn => {
                vec![(&**large, 0)]
            }
        };
        for (firm, reader) in variants {
            // The first warms what the server keeps in memory; the targets are of one user.
            self.sample(tapped, request, firm, reader, 0).await?;
            let one = self.sample(tapped, request, firm, reader, 1).await?;
            let other = self.sample(tapped, request, firm, reader, 2).await?;
            let compared = compare([&one, &other], &firm.layout)?;
            let text = script(&compared, &firm.layout, &mut scripts.constants);
            scripts.texts.push(text);
            // Plans are shown of the large firm, which comes first.
            if kept.is_empty() {
                kept = compared;
            }
        }
        Ok((scripts, kept))
    }

    async fn sample(
        &self,
        tapped: &Tapped,
        request: Request,
        firm: &Firm,
        reader: u32,
        number: u32,
    ) -> Result<Sample, Failure> {
        let target = number * firm.layout.workers();
        let (ask, about_target) = match request {
            Request::Complete | Request::CompleteSpread => {
                (workload::complete(firm, target, 0), true)
            }
            Request::ReadTask => (workload::read_task(firm, target, 3), true),
            Request::Start => (workload::start(firm, target), true),
            Request::Work => (workload::work(firm, reader), false),
            Request::ExecutableBy => (workload::executable_by(firm, reader), false),
            Request::SignIn => {
                let email = format!("user0@{}.example", firm.slug);
                (credentials(&firm.slug, &email), false)
            }
        };
        let head = self.database.head(&firm.made.firm_id).await?;
        Ok(Sample {
            statements: tapped.statements(&ask).await?,
            instance: about_target.then(|| firm.layout.target(target).0),
            head,
        })
    }
}

/// Numbers for runs of pgbench that no other run in the same database has.
const fn pgbench_run(request: Request) -> u32 {
    let place = match request {
        Request::Complete => 1,
        Request::CompleteSpread => 2,
        Request::Work => 3,
        Request::ExecutableBy => 4,
        Request::ReadTask => 5,
        Request::Start => 6,
        Request::SignIn => 7,
    };
    place * 0x100
}

fn line(by: &str, request: Request, measured: &Measured) -> String {
    let Measured {
        clients,
        requests,
        rate,
        p50,
        p99,
        most,
        processor,
    } = measured;
    let processor = processor.map_or_else(String::new, |time| format!("  processor {time:.2?}"));
    format!(
        "  {:<28} {by:<8} {clients:>2} clients {rate:>9.1}/s  p50 {p50:>9.2?}  p99 {p99:>9.2?}  max {most:>9.2?}{processor}  ({requests})",
        request.name()
    )
}
