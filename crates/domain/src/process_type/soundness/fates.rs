//! What must have become of the tasks before it for a task to open: which opening excludes which.
//!
//! For each pair of tasks a mask says which fates of the second are compatible with the opening of the first. The masks err
//! on the side of "possible": an empty one proves that the task can never open.

use super::graph::Graph;
use crate::process_type::definition::{Edge, Join, TaskKind, TaskTemplate};

/// A set of fates: a bit for each outcome, and one for having been skipped.
type Mask = u64;

const ANY: Mask = Mask::MAX;
const SKIPPED: Mask = 1 << 63;
/// Outcomes beyond this one share its bit, which only makes more look possible.
const LAST_OUTCOME: usize = 62;

pub(super) struct Fates {
    onward: Vec<Mask>,
    compatible: Vec<Vec<Mask>>,
    /// Tasks whose edges exclude each other, with the task over which they do.
    pub(super) excluded: Vec<(usize, usize)>,
}

impl Fates {
    pub(super) fn new(tasks: &[TaskTemplate], graph: &Graph) -> Self {
        let mut fates = Self {
            onward: tasks.iter().map(|task| onward(task, tasks)).collect(),
            compatible: vec![vec![ANY; tasks.len()]; tasks.len()],
            excluded: Vec::new(),
        };
        for &task in &graph.order {
            let row = fates.row(task, tasks, graph);
            if let Some(over) = row.iter().position(|mask| *mask == 0) {
                // Taken as possible from here on: the tasks behind it need no fault of their own.
                fates.excluded.push((task, over));
            } else {
                fates.compatible[task] = row;
            }
        }
        fates
    }

    /// Whether an edge from the task can ever become live.
    pub(super) fn can_be_live(&self, tasks: &[TaskTemplate], source: usize, edge: &Edge) -> bool {
        self.through(tasks, source, edge) != 0
    }

    /// Whether no run opens both.
    pub(super) fn exclude(&self, one: usize, other: usize) -> bool {
        self.compatible[one]
            .iter()
            .zip(&self.compatible[other])
            .any(|(a, b)| a & b == 0)
    }

    /// Whether every way to the task goes by an outcome of `marker` that marks it to be skipped.
    pub(super) fn always_marked(&self, tasks: &[TaskTemplate], marker: usize, task: usize) -> bool {
        // A task that opens without the marker leaves all of the marker's fates possible, also those that are no outcome.
        let mut unmarked = ANY;
        for (index, outcome) in tasks[marker].outcomes.iter().enumerate() {
            if outcome.skips.contains(&tasks[task].key) {
                unmarked &= !bit(index);
            }
        }
        let shared = tasks[marker].outcomes.len() > LAST_OUTCOME;
        !shared && self.compatible[task][marker] & unmarked == 0
    }

    fn row(&self, task: usize, tasks: &[TaskTemplate], graph: &Graph) -> Vec<Mask> {
        let mut ways = tasks[task]
            .after
            .iter()
            .zip(&graph.sources[task])
            .filter_map(|(edge, source)| source.map(|source| (edge, source)))
            // Edges that are never live are named by a check of their own.
            .filter(|(edge, source)| self.can_be_live(tasks, *source, edge))
            .map(|(edge, source)| {
                let mut way = self.compatible[source].clone();
                way[source] &= self.through(tasks, source, edge);
                way
            });
        let Some(mut row) = ways.next() else {
            return vec![ANY; tasks.len()];
        };
        for way in ways {
            for (mask, other) in row.iter_mut().zip(way) {
                match tasks[task].join {
                    Join::All => *mask &= other,
                    Join::Any => *mask |= other,
                }
            }
        }
        row
    }

    fn through(&self, tasks: &[TaskTemplate], source: usize, edge: &Edge) -> Mask {
        let Some(named) = &edge.outcome else {
            return self.onward[source];
        };
        let outcomes = &tasks[source].outcomes;
        match outcomes.iter().position(|outcome| outcome.key == *named) {
            Some(index) => self.onward[source] & bit(index),
            // An unknown outcome has a fault of its own.
            None => ANY,
        }
    }
}

fn bit(outcome: usize) -> Mask {
    1 << outcome.min(LAST_OUTCOME)
}

/// The fates from which work goes on behind the task: not those that end the process or send work back.
fn onward(task: &TaskTemplate, tasks: &[TaskTemplate]) -> Mask {
    let completed = if task.outcomes.is_empty() {
        bit(0)
    } else {
        task.outcomes
            .iter()
            .enumerate()
            .filter(|(_, outcome)| outcome.ends.is_none() && outcome.reopens.is_none())
            .fold(0, |mask, (index, _)| mask | bit(index))
    };
    if may_be_skipped(task, tasks) {
        completed | SKIPPED
    } else {
        completed
    }
}

fn may_be_skipped(task: &TaskTemplate, tasks: &[TaskTemplate]) -> bool {
    let by_hand = match task.kind {
        TaskKind::Approval | TaskKind::Decision => false,
        TaskKind::Task | TaskKind::Wait => {
            task.skippable
                && !tasks
                    .iter()
                    .any(|other| other.separate_from.contains(&task.key))
        }
        // With nothing to run over, or with a child that failed.
        TaskKind::FanOut | TaskKind::Subprocess => true,
    };
    let by_mark = || {
        let outcomes = tasks.iter().flat_map(|other| &other.outcomes);
        outcomes
            .into_iter()
            .any(|outcome| outcome.skips.contains(&task.key))
    };
    by_hand || task.when.is_some() || by_mark()
}
