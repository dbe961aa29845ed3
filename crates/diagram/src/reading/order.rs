//! Which steps come before which, and which may be open at the same time.

use domain::process_type::Definition;

use super::Incoming;

pub(super) struct Order {
    /// For each step whether each other one comes somewhere behind it.
    behind: Vec<Vec<bool>>,
    /// For each outcome of each step that has several, what may come of it.
    comes_of: Vec<(usize, Vec<Vec<bool>>)>,
}

impl Order {
    pub(super) fn new(definition: &Definition, after: &[Vec<Incoming<'_>>]) -> Self {
        let behind: Vec<Vec<bool>> = (0..after.len())
            .map(|step| reached(after, &|edge| edge.0 == step))
            .collect();
        let comes_of = definition
            .tasks
            .iter()
            .enumerate()
            .filter(|(_, task)| task.outcomes.len() > 1);
        let comes_of = comes_of.map(|(step, task)| {
            let of = |outcome: &str| {
                reached(after, &|edge| {
                    edge.0 == step && edge.1.is_none_or(|named| named == outcome)
                })
            };
            (
                step,
                task.outcomes
                    .iter()
                    .map(|outcome| of(&outcome.key))
                    .collect(),
            )
        });
        Self {
            comes_of: comes_of.collect(),
            behind,
        }
    }

    pub(super) fn precedes(&self, one: usize, other: usize) -> bool {
        self.behind[one][other]
    }

    /// How many steps come before one.
    pub(super) fn depth(&self, step: usize) -> usize {
        self.behind.iter().filter(|behind| behind[step]).count()
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

/// What the edges lead to, and all behind it.
fn reached(after: &[Vec<Incoming<'_>>], leads: &dyn Fn(&Incoming<'_>) -> bool) -> Vec<bool> {
    let mut reached: Vec<bool> = after.iter().map(|edges| edges.iter().any(leads)).collect();
    loop {
        let next: Vec<usize> = (0..after.len())
            .filter(|step| !reached[*step] && after[*step].iter().any(|edge| reached[edge.0]))
            .collect();
        if next.is_empty() {
            return reached;
        }
        for step in next {
            reached[step] = true;
        }
    }
}
