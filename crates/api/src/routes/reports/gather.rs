use chrono::{DateTime, Utc};
use domain::{
    page::PageRequest,
    report::performance::{Performance, VersionPerformance},
};
use persistence::RunFilter;

use crate::{call::Call, http::problem::Problem};

/// Processes that are read, with their tasks, at a time.
const STRETCH: u32 = 500;

/// What was found, and how much of it there is.
pub(super) struct Gathered {
    /// The slowest first.
    pub(super) versions: Vec<VersionPerformance>,
    /// How many processes were counted.
    pub(super) processes: u64,
    /// When the first of them started.
    pub(super) oldest: Option<DateTime<Utc>>,
    /// Whether these are all that there are.
    pub(super) complete: bool,
}

/// Counts the newest processes, a stretch at a time; their tasks too when it is about one type.
pub(super) async fn gather(
    call: &Call,
    filter: &RunFilter,
    most: u32,
    now: DateTime<Utc>,
) -> Result<Gathered, Problem> {
    let catalog = call.catalog().await?;
    let scope = call.work_scope(&catalog);
    let reads = call.reads();
    let mut performance = Performance::at(now);
    let mut gathered = Gathered {
        versions: Vec::new(),
        processes: 0,
        oldest: None,
        complete: false,
    };
    let mut left = most;
    let mut after = None;
    while left > 0 && !gathered.complete {
        let stretch = PageRequest {
            after,
            limit: left.min(STRETCH),
            count: false,
        };
        left -= stretch.limit;
        let page = reads.runs_to_count(&scope, filter, stretch).await?;
        let steps = match filter.process_type {
            Some(_) => reads.steps_to_count(&scope, &page.items).await?,
            None => Vec::new(),
        };
        performance.count(&page.items, steps);
        gathered.processes += u64::try_from(page.items.len()).unwrap_or(u64::MAX);
        gathered.oldest = page
            .items
            .last()
            .map(|run| run.started_at)
            .or(gathered.oldest);
        gathered.complete = page.next.is_none();
        after = page.next;
    }
    gathered.versions = performance.finish();
    Ok(gathered)
}
