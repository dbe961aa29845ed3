//! Clients that ask one thing after the other, and what they got.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use futures_util::future::try_join_all;
use hdrhistogram::Histogram;

use crate::{
    Failure,
    http::{Ask, Connection},
};

/// What a cell measured. Times are of whole answers.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    pub(crate) clients: u32,
    pub(crate) requests: u32,
    pub(crate) rate: f64,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    pub(crate) most: Duration,
    /// What the server's processors did for one request; none where the system does not tell, or nobody asked.
    pub(crate) processor: Option<Duration>,
}

/// Times of answers.
pub(crate) struct Times(Histogram<u64>);

impl Times {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self(Histogram::new_with_bounds(1, 600_000_000, 3)?))
    }

    pub(crate) fn note(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.saturating_record(micros.max(1));
    }

    fn add(&mut self, other: &Self) -> Result<(), Failure> {
        Ok(self.0.add(&other.0)?)
    }

    pub(crate) fn measured(&self, clients: u32, elapsed: Duration) -> Measured {
        let requests = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let at = |quantile| Duration::from_micros(self.0.value_at_quantile(quantile));
        Measured {
            clients,
            requests,
            rate: f64::from(requests) / elapsed.as_secs_f64(),
            p50: at(0.5),
            p99: at(0.99),
            most: Duration::from_micros(self.0.max()),
            processor: None,
        }
    }
}

/// How long clients go on.
#[derive(Debug, Clone)]
pub(crate) struct Until {
    pub(crate) after: Duration,
    /// Ends earlier when this is dropped or told.
    pub(crate) told: Option<tokio::sync::watch::Receiver<bool>>,
    /// How long each client rests between requests.
    pub(crate) pause: Duration,
}

impl Until {
    pub(crate) const fn after(after: Duration) -> Self {
        Self {
            after,
            told: None,
            pause: Duration::ZERO,
        }
    }
}

/// Sends what each client's list says, until the time is over or the lists are.
pub(crate) async fn run<I>(
    address: SocketAddr,
    clients: u32,
    until: Until,
    list: impl Fn(u32) -> I,
) -> Result<Measured, Failure>
where
    I: Iterator<Item = Ask> + Send + 'static,
{
    let mut connections = Vec::new();
    for client in 0..clients {
        connections.push((Connection::open(address).await?, list(client)));
    }
    let began = Instant::now();
    let running = connections.into_iter().map(|(connection, asks)| {
        let until = until.clone();
        async move { tokio::spawn(one(connection, asks, began, until)).await? }
    });
    let ended: Vec<(Times, Instant)> = try_join_all(running).await?;
    let mut joined = Times::new()?;
    let mut ended_at = began;
    for (of_client, end) in &ended {
        joined.add(of_client)?;
        ended_at = ended_at.max(*end);
    }
    Ok(joined.measured(clients, ended_at - began))
}

async fn one(
    mut connection: Connection,
    asks: impl Iterator<Item = Ask>,
    began: Instant,
    until: Until,
) -> Result<(Times, Instant), Failure> {
    let mut times = Times::new()?;
    for ask in asks {
        let told = until.told.as_ref().is_some_and(|told| *told.borrow());
        if told || began.elapsed() >= until.after {
            break;
        }
        let sent = Instant::now();
        connection.send(&ask).await?;
        times.note(sent.elapsed());
        if !until.pause.is_zero() {
            tokio::time::sleep(until.pause).await;
        }
    }
    Ok((times, Instant::now()))
}
