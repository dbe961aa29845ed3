//! Rows: each node takes the free place in its lane that is nearest to where it is reached from.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use crate::graph::{Graph, NodeKind};

/// Where everything stands, in columns and rows.
pub(crate) struct Cells {
    /// Column and row of each node.
    pub(crate) at: Vec<(usize, usize)>,
    pub(crate) columns: usize,
    /// The band of each row.
    pub(crate) bands: Vec<usize>,
}

/// `bands` says in which band, from the top, each node lies; `most` how many rows a band has at most, if no column holds more nodes of it.
pub(crate) fn cells(graph: &Graph, ranks: &[usize], bands: &[usize], most: usize) -> Cells {
    let mut sources: Vec<Vec<(usize, bool)>> = vec![Vec::new(); graph.nodes.len()];
    let mut first_link = vec![usize::MAX; graph.nodes.len()];
    for (number, link) in graph
        .links
        .iter()
        .enumerate()
        .filter(|(_, link)| !link.back)
    {
        sources[link.to].push((link.from, link.main));
        first_link[link.to] = first_link[link.to].min(number);
    }
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    let is_end = |node: usize| matches!(graph.nodes[node].kind, NodeKind::End { .. });
    let on_main = |node: usize| sources[node].iter().any(|(_, main)| *main);
    order.sort_by_key(|node| {
        (
            ranks[*node],
            is_end(*node),
            !on_main(*node),
            first_link[*node],
            *node,
        )
    });
    let mut placing = Placing {
        ranks,
        bands,
        most,
        rows: vec![0; graph.nodes.len()],
        placed: vec![false; graph.nodes.len()],
        taken: BTreeSet::new(),
        used: BTreeMap::new(),
    };
    for node in order {
        placing.place(node, &sources[node]);
    }
    placing.finish()
}

struct Placing<'a> {
    ranks: &'a [usize],
    bands: &'a [usize],
    most: usize,
    rows: Vec<i32>,
    placed: Vec<bool>,
    /// Band, row and column.
    taken: BTreeSet<(usize, i32, usize)>,
    /// First and last row of each band.
    used: BTreeMap<usize, (i32, i32)>,
}

impl Placing<'_> {
    fn place(&mut self, node: usize, sources: &[(usize, bool)]) {
        let band = self.bands[node];
        let (first, last) = self.used.get(&band).copied().unwrap_or((0, 0));
        let full = usize::try_from(last - first).is_ok_and(|rows| rows + 1 >= self.most);
        let rim = i32::from(!full);
        let candidates = (first - rim..=last + rim)
            .filter(|row| !self.taken.contains(&(band, *row, self.ranks[node])));
        let row = candidates.min_by_key(|row| {
            (
                self.cost(node, *row, sources, (first, last)),
                row.abs(),
                *row,
            )
        });
        let row = row.unwrap_or(last + 1);
        self.rows[node] = row;
        self.placed[node] = true;
        self.taken.insert((band, row, self.ranks[node]));
        self.used.insert(band, (first.min(row), last.max(row)));
    }

    fn cost(
        &self,
        node: usize,
        row: i32,
        sources: &[(usize, bool)],
        (first, last): (i32, i32),
    ) -> i32 {
        let mut cost = if row < first || row > last { 5 } else { 0 };
        for (source, main) in sources.iter().filter(|(source, _)| self.placed[*source]) {
            let weight = if *main { 6 } else { 3 };
            cost += match self.bands[*source].cmp(&self.bands[node]) {
                Ordering::Less => row - first,
                Ordering::Greater => last - row,
                Ordering::Equal => {
                    let distance = (row - self.rows[*source]).abs();
                    let straight = distance == 0 && self.is_blocked(node, row, *source);
                    weight * distance + 8 * i32::from(straight)
                }
            };
        }
        cost
    }

    /// Whether something stands in the row between a node and where it is reached from.
    fn is_blocked(&self, node: usize, row: i32, source: usize) -> bool {
        let mut between = self.ranks[source] + 1..self.ranks[node];
        between.any(|rank| self.taken.contains(&(self.bands[node], row, rank)))
    }

    fn finish(self) -> Cells {
        let mut bands = Vec::new();
        let mut starts = BTreeMap::new();
        for (band, (first, last)) in &self.used {
            starts.insert(*band, (bands.len(), *first));
            bands.extend((*first..=*last).map(|_| *band));
        }
        let row = |node: usize| {
            let (start, first) = starts.get(&self.bands[node]).copied().unwrap_or((0, 0));
            start + usize::try_from(self.rows[node] - first).unwrap_or(0)
        };
        let at = (0..self.ranks.len())
            .map(|node| (self.ranks[node], row(node)))
            .collect();
        Cells {
            at,
            columns: self.ranks.iter().max().map_or(0, |last| last + 1),
            bands,
        }
    }
}
