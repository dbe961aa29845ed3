//! Incoming edges that say nothing new, left out.

use std::collections::{BTreeMap, BTreeSet};

use domain::process_type::{
    Definition,
    definition::{Edge, Join},
};

use super::Incoming;

/// The incoming edges without those that another one of the same step implies: they would only be lines more.
pub(super) fn reduced<'a>(
    definition: &'a Definition,
    places: &BTreeMap<&str, usize>,
) -> Vec<Vec<Incoming<'a>>> {
    let known = |edge: &'a Edge| {
        let source = places.get(edge.task.as_str()).copied();
        source.map(|source| (source, edge.outcome.as_deref()))
    };
    let all: Vec<Vec<_>> = definition
        .tasks
        .iter()
        .map(|task| task.after.iter().filter_map(known).collect())
        .collect();
    let all_needed: Vec<bool> = definition
        .tasks
        .iter()
        .zip(&all)
        .map(|(task, edges)| task.join == Join::All || edges.len() == 1)
        .collect();
    let needs = Needs {
        edges: &all,
        all_needed: &all_needed,
    };
    let kept = |step: usize| {
        let edges: &Vec<(usize, Option<&str>)> = &all[step];
        let mut kept: Vec<(usize, Option<&'a str>)> = edges.clone();
        if all_needed[step] {
            for edge in edges {
                let mut others = kept.iter().filter(|other| *other != edge);
                if others.any(|other| other.0 != edge.0 && needs.implies(other.0, *edge)) {
                    kept.retain(|other| other != edge);
                }
            }
        }
        kept
    };
    (0..all.len()).map(kept).collect()
}

struct Needs<'a> {
    edges: &'a [Vec<Incoming<'a>>],
    all_needed: &'a [bool],
}

impl Needs<'_> {
    /// Whether a step opens only when this edge is live already.
    fn implies(&self, step: usize, edge: (usize, Option<&str>)) -> bool {
        let mut seen = BTreeSet::from([step]);
        let mut open = vec![step];
        while let Some(next) = open.pop() {
            // Behind a join by any edge nothing is certain.
            if !self.all_needed[next] {
                continue;
            }
            for (source, outcome) in &self.edges[next] {
                if *source == edge.0 && (edge.1.is_none() || *outcome == edge.1) {
                    return true;
                }
                if seen.insert(*source) {
                    open.push(*source);
                }
            }
        }
        false
    }
}
