//! Which steps come before which, and which may be open at the same time.

use domain::process_type::Definition;

use super::Incoming;

pub(super) struct Order {
    /// For each step whether each other one comes somewhere behind it.
    behind: Vec<Vec<bool>>,
    /// How many steps come before each.
    depths: Vec<usize>,
    /// For each outcome of each step that has several, what may come of it.
    comes_of: Vec<(usize, Vec<Vec<bool>>)>,
}

impl Order {
    pub(super) fn new(definition: &Definition, after: &[Vec<Incoming<'_>>]) -> Self {
        let mut next = vec![Vec::new(); after.len()];
        for (step, edges) in after.iter().enumerate() {
            for (source, outcome) in edges {
                next[*source].push((step, *outcome));
            }
        }
        let all = |step: usize| next[step].iter().map(|edge| edge.0).collect();
        let behind: Vec<Vec<bool>> = (0..after.len())
            .map(|step| reached(&next, all(step)))
            .collect();
        let depths = (0..after.len())
            .map(|step| behind.iter().filter(|behind| behind[step]).count())
            .collect();
        let several = definition.tasks.iter().enumerate();
        let several = several.filter(|(_, task)| task.outcomes.len() > 1);
        let comes_of = several.map(|(step, task)| {
            let of = |outcome: &str| {
                let led = next[step].iter();
                let led = led.filter(|(_, named)| named.is_none_or(|named| named == outcome));
                reached(&next, led.map(|edge| edge.0).collect())
            };
            let outcomes = task.outcomes.iter().map(|outcome| of(&outcome.key));
            (step, outcomes.collect())
        });
        Self {
            comes_of: comes_of.collect(),
            behind,
            depths,
        }
    }

    pub(super) fn precedes(&self, one: usize, other: usize) -> bool {
        self.behind[one][other]
    }

    /// How many steps come before one.
    pub(super) fn depth(&self, step: usize) -> usize {
        self.depths[step]
    }

    /// Whether two steps may both come up in a run with neither waiting for the other.
    pub(super) fn parallel(&self, one: usize, other: usize) -> bool {
        let apart = |(step, outcomes): &(usize, Vec<Vec<bool>>)| {
            self.precedes(*step, one)
                && self.precedes(*step, other)
                && !outcomes
                    .iter()
                    .any(|reached| reached[one] && reached[other])
        };
        one != other
            && !self.precedes(one, other)
            && !self.precedes(other, one)
            && !self.comes_of.iter().any(apart)
    }
}

/// These steps, and all behind them.
fn reached(next: &[Vec<Incoming<'_>>], first: Vec<usize>) -> Vec<bool> {
    let mut reached = vec![false; next.len()];
    let mut open = first;
    while let Some(step) = open.pop() {
        if !std::mem::replace(&mut reached[step], true) {
            open.extend(next[step].iter().map(|edge| edge.0));
        }
    }
    reached
}
