//! Which task comes before which.

use std::collections::HashMap;

use crate::process_type::definition::TaskTemplate;

/// The tasks by template index with the edges that lead to known tasks.
pub(super) struct Graph {
    /// For each task and each of its edges, the task that it comes from, where there is one.
    pub(super) sources: Vec<Vec<Option<usize>>>,
    upstream: Vec<Vec<bool>>,
    /// The tasks that neither lie on a cycle nor behind one, each after all that come before it.
    pub(super) order: Vec<usize>,
}

impl Graph {
    pub(super) fn new(tasks: &[TaskTemplate], index: &HashMap<&str, usize>) -> Self {
        let sources: Vec<Vec<Option<usize>>> = tasks
            .iter()
            .map(|task| {
                let edges = task.after.iter();
                edges
                    .map(|edge| index.get(edge.task.as_str()).copied())
                    .collect()
            })
            .collect();
        let upstream: Vec<Vec<bool>> = (0..tasks.len()).map(|task| reach(task, &sources)).collect();
        let on_cycle: Vec<bool> = (0..tasks.len()).map(|task| upstream[task][task]).collect();
        let mut order: Vec<usize> = (0..tasks.len())
            .filter(|task| !on_cycle[*task] && !has_marked(&upstream[*task], &on_cycle))
            .collect();
        // Whatever comes before a task has fewer tasks before itself.
        order.sort_by_key(|task| upstream[*task].iter().filter(|is| **is).count());
        Self {
            sources,
            upstream,
            order,
        }
    }

    /// Whether `first` comes before `second` on some way.
    pub(super) fn precedes(&self, first: usize, second: usize) -> bool {
        self.upstream[second][first]
    }

    /// Whether the task waits, in the end, for itself.
    pub(super) fn on_cycle(&self, task: usize) -> bool {
        self.precedes(task, task)
    }

    /// Whether the task itself is on no cycle but waits for one.
    pub(super) fn behind_cycle(&self, task: usize) -> bool {
        !self.on_cycle(task)
            && (0..self.sources.len())
                .any(|other| self.precedes(other, task) && self.on_cycle(other))
    }

    /// Whether both lie on one cycle.
    pub(super) fn share_cycle(&self, one: usize, other: usize) -> bool {
        self.precedes(one, other) && self.precedes(other, one)
    }
}

fn reach(task: usize, sources: &[Vec<Option<usize>>]) -> Vec<bool> {
    let mut seen = vec![false; sources.len()];
    let mut open = vec![task];
    while let Some(next) = open.pop() {
        for source in sources[next].iter().flatten() {
            if !seen[*source] {
                seen[*source] = true;
                open.push(*source);
            }
        }
    }
    seen
}

fn has_marked(row: &[bool], marked: &[bool]) -> bool {
    row.iter().zip(marked).any(|(is, mark)| *is && *mark)
}
