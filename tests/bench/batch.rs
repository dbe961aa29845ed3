//! A batch over as many records as one can have, while others read their work.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::{sync::watch, time::sleep};

use crate::{
    Failure,
    cells::Bench,
    http::{Ask, Connection},
    layout::{Kind, whole},
    load::{self, Until},
    report::say,
    seed::{sign_in, text},
    workload::{Request, asks},
};

/// Most records of a batch (E17).
const RECORDS: u32 = 10_000;
/// How many read their work meanwhile, and how long each rests between two pages.
const READERS: u32 = 2;
const REST: Duration = Duration::from_millis(100);

/// How a batch went.
#[derive(Debug)]
pub(crate) struct Batched {
    pub(crate) processes: u32,
    pub(crate) time: Duration,
}

impl Batched {
    /// Processes a second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.processes) / self.time.as_secs_f64()
    }
}

/// Starts a process of ten tasks for each record of the large firm.
pub(crate) async fn measure(bench: &Bench<'_>) -> Result<Batched, Failure> {
    let (tell, told) = watch::channel(false);
    let until = Until {
        after: Duration::from_mins(10),
        told: Some(told),
        pause: REST,
    };
    let list = |client| asks(Request::Work, &bench.firms, (client, READERS), 3);
    let reading = load::run(bench.server.address, READERS, until, list);
    let starting = async {
        let batched = run(bench).await;
        // Nobody listens any more when reading has failed.
        let _ = tell.send(true);
        batched
    };
    let (_, batched) = tokio::try_join!(reading, starting)?;
    say(&format!(
        "  batch: {} processes of ten tasks in {:.1?}: {:.0}/s",
        batched.processes,
        batched.time,
        batched.rate()
    ));
    Ok(batched)
}

async fn run(bench: &Bench<'_>) -> Result<Batched, Failure> {
    let firm = &bench.firms[0];
    let mut connection = Connection::open(bench.server.address).await?;
    let email = format!("admin@{}.example", firm.slug);
    let admin = sign_in(&mut connection, &firm.slug, &email).await?;
    let processes = firm.layout.instances().min(RECORDS);
    let records: Vec<String> = (0..processes)
        .map(|number| firm.layout.id(whole(Kind::Entity), number))
        .collect();
    let body = json!({ "process_type_id": firm.made.process_type, "entity_ids": records });
    let began = Instant::now();
    let ask = Ask::post("/v1/batches", &body, 202).by(&admin);
    let batch = text(&connection.json(&ask).await?["id"])?;
    let ask = Ask::get(format!("/v1/batches/{batch}")).by(&admin);
    loop {
        let found = connection.json(&ask).await?;
        if found["status"] == "completed" {
            return all_started(&found, processes, began.elapsed());
        }
        sleep(Duration::from_millis(100)).await;
    }
}

fn all_started(found: &Value, processes: u32, time: Duration) -> Result<Batched, Failure> {
    if found["counts"]["started"] != processes {
        return Err(format!("not every process of the batch was started: {found}").into());
    }
    Ok(Batched { processes, time })
}
