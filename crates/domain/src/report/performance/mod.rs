//! How processes perform, by type and version (F5): how many came to what, how long they take, and where the time goes.

mod step;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use chrono::{DateTime, Utc};

use super::Spread;
use crate::{
    ids::{ProcessId, ProcessTypeId},
    process::ProcessStatus,
    process_type::definition::{Definition, TaskKind, TaskTemplate},
};
use step::Tally;
pub use step::{EarlierAttempt, StepCounts, StepFacts, StepPerformance};

/// Rises whenever a figure comes to mean something else.
pub const FORMULA_VERSION: u32 = 1;

/// What is counted of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFacts {
    /// Which.
    pub id: ProcessId,
    /// Of which type.
    pub process_type_id: ProcessTypeId,
    /// By which version of it, now.
    pub version: i32,
    /// Where it is in its life.
    pub status: ProcessStatus,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it was completed or cancelled.
    pub ended_at: Option<DateTime<Utc>>,
}

/// How many processes have come to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunCounts {
    /// Under way.
    pub running: u64,
    /// Standing still.
    pub on_hold: u64,
    /// At their result.
    pub completed: u64,
    /// Given up.
    pub cancelled: u64,
}

impl RunCounts {
    /// All of them.
    #[must_use]
    pub const fn started(self) -> u64 {
        self.running + self.on_hold + self.completed + self.cancelled
    }

    const fn add(&mut self, status: ProcessStatus) {
        match status {
            ProcessStatus::Running => self.running += 1,
            ProcessStatus::OnHold => self.on_hold += 1,
            ProcessStatus::Completed => self.completed += 1,
            ProcessStatus::Cancelled => self.cancelled += 1,
        }
    }
}

/// Counts processes, stretch by stretch.
#[derive(Debug)]
pub struct Performance {
    now: DateTime<Utc>,
    versions: HashMap<(ProcessTypeId, i32), Version>,
}

#[derive(Debug, Default)]
struct Version {
    counts: RunCounts,
    cycles: Vec<u64>,
    tallies: BTreeMap<StepKey, Tally>,
}

/// The key of a template, and whether it is about the tasks for each item (E24).
type StepKey = (String, bool);

/// How the processes of one version perform.
#[derive(Debug)]
pub struct VersionPerformance {
    /// Of which type.
    pub process_type_id: ProcessTypeId,
    /// By which version of it.
    pub version: i32,
    /// How many processes have come to what.
    pub counts: RunCounts,
    /// How long those that are completed took, from their start to their end.
    pub cycle_time: Spread,
    tallies: BTreeMap<StepKey, Tally>,
}

impl Performance {
    /// Nothing counted yet; what is open now is as old as it is at this moment.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self {
            now,
            versions: HashMap::new(),
        }
    }

    /// Counts processes, and tasks of theirs. Each is to be given once.
    pub fn count(&mut self, runs: &[RunFacts], steps: Vec<StepFacts>) {
        let mut versions = HashMap::with_capacity(runs.len());
        for run in runs {
            let key = (run.process_type_id, run.version);
            versions.insert(run.id, key);
            let version = self.versions.entry(key).or_default();
            version.counts.add(run.status);
            if run.status == ProcessStatus::Completed
                && let Some(ended_at) = run.ended_at
            {
                version.cycles.push(seconds(run.started_at, ended_at));
            }
        }
        for step in steps {
            let Some(key) = versions.get(&step.process_id) else {
                continue;
            };
            let version = self.versions.entry(*key).or_default();
            let tally = version.tallies.entry((step.key.clone(), step.per_item));
            tally.or_default().add(&step, self.now);
        }
    }

    /// What was counted: the version with the longest median first, those without any last.
    #[must_use]
    pub fn finish(self) -> Vec<VersionPerformance> {
        let mut versions: Vec<_> = self
            .versions
            .into_iter()
            .map(|((process_type_id, version), found)| VersionPerformance {
                process_type_id,
                version,
                counts: found.counts,
                cycle_time: Spread::of(found.cycles),
                tallies: found.tallies,
            })
            .collect();
        versions.sort_by_key(|found| {
            let median = Reverse(found.cycle_time.median);
            (median, found.process_type_id, Reverse(found.version))
        });
        versions
    }
}

impl VersionPerformance {
    /// The figures of each task of the version's definition, of a fan-out also those of its items: the step with the longest
    /// median first, those without any last and in the definition's order. Tasks that are not in the definition are in no row.
    pub fn slowest_first<'d>(
        &mut self,
        definition: &'d Definition,
    ) -> Vec<(&'d TaskTemplate, StepPerformance)> {
        let mut rows = Vec::with_capacity(definition.tasks.len());
        for template in &definition.tasks {
            let whole_and_items: &[bool] = match template.kind {
                TaskKind::FanOut => &[false, true],
                TaskKind::Task
                | TaskKind::Approval
                | TaskKind::Decision
                | TaskKind::Wait
                | TaskKind::Subprocess => &[false],
            };
            for per_item in whole_and_items {
                let tally = self.tallies.remove(&(template.key.clone(), *per_item));
                rows.push((template, tally.unwrap_or_default().figures(*per_item)));
            }
        }
        rows.sort_by_key(|(_, figures)| Reverse(figures.total_time.median));
        rows
    }
}

/// Whole seconds from one moment to another, none where a clock was set back between them.
fn seconds(from: DateTime<Utc>, until: DateTime<Utc>) -> u64 {
    u64::try_from((until - from).num_seconds()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
