//! Columns: each node stands behind all that lead to it, and as near as may be to what it leads to.

use std::cmp::Reverse;

use crate::graph::{Graph, NodeKind};

/// What leads to each node, and what each leads to.
struct Neighbours {
    before: Vec<Vec<usize>>,
    behind: Vec<Vec<usize>>,
}

fn neighbours(graph: &Graph) -> Neighbours {
    let count = graph.nodes.len();
    let forward: Vec<(usize, usize)> = graph
        .links
        .iter()
        .filter(|link| !link.back && link.from != link.to)
        .map(|link| (link.from, link.to))
        .collect();
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in forward {
        before[to].push(from);
        behind[from].push(to);
    }
    Neighbours { before, behind }
}

/// The column of each node.
pub(crate) fn ranks(graph: &Graph) -> Vec<usize> {
    let count = graph.nodes.len();
    let Neighbours { before, behind } = neighbours(graph);
    let order = order(&before, &behind);
    let mut ranks = vec![0; count];
    let mut placed = vec![false; count];
    for node in &order {
        let known = before[*node].iter().filter(|source| placed[**source]);
        ranks[*node] = known.map(|source| ranks[*source] + 1).max().unwrap_or(0);
        placed[*node] = true;
    }
    for node in order.iter().rev() {
        let nearest = behind[*node]
            .iter()
            .map(|target| ranks[*target])
            .filter(|rank| *rank > ranks[*node])
            .min();
        if let Some(nearest) = nearest
            && behind[*node].len() > before[*node].len()
        {
            ranks[*node] = nearest - 1;
        }
    }
    gather(graph, &before, &behind, &mut ranks);
    ranks
}

/// The same with at most so many nodes in a column: of those that could stand in it, the ones with the longest way behind them,
/// where none has waited too long. It makes the picture longer and narrower.
pub(crate) fn ranks_within(graph: &Graph, most: usize) -> Vec<usize> {
    let count = graph.nodes.len();
    let Neighbours { before, behind } = neighbours(graph);
    let order = order(&before, &behind);
    let mut places = vec![0; count];
    for (place, node) in order.iter().enumerate() {
        places[*node] = place;
    }
    let mut heights = vec![0_usize; count];
    for node in order.iter().rev() {
        let next = behind[*node]
            .iter()
            .filter(|next| places[**next] > places[*node]);
        heights[*node] = next.map(|next| heights[*next] + 1).max().unwrap_or(0);
    }
    let mut ranks: Vec<Option<usize>> = vec![None; count];
    let mut waited = vec![0; count];
    let mut rank = 0;
    while ranks.contains(&None) {
        let stands_behind = |node: usize| {
            let sources = before[node]
                .iter()
                .filter(|source| places[**source] < places[node]);
            sources.copied().all(|source| ranks[source].is_some())
        };
        let mut ready: Vec<usize> = (0..count)
            .filter(|node| ranks[*node].is_none() && stands_behind(*node))
            .collect();
        // What leads nowhere on would else stand far from where it comes from.
        ready.sort_by_key(|node| (Reverse(heights[*node] + 2 * waited[*node]), *node));
        let later = ready.split_off(ready.len().min(most.max(1)));
        for node in ready {
            ranks[node] = Some(rank);
        }
        for node in later {
            waited[node] += 1;
        }
        rank += 1;
    }
    ranks.into_iter().flatten().collect()
}

/// A card that is alone in its column, and need not stand there, moves to one in which there is a card already: that makes
/// the picture narrower.
fn gather(graph: &Graph, before: &[Vec<usize>], behind: &[Vec<usize>], ranks: &mut [usize]) {
    let is_card = |node: usize| matches!(graph.nodes[node].kind, NodeKind::Step { .. });
    let mut cards = vec![0_usize; ranks.iter().max().map_or(0, |last| last + 1)];
    for node in (0..ranks.len()).filter(|node| is_card(*node)) {
        cards[ranks[node]] += 1;
    }
    for node in (0..ranks.len()).filter(|node| is_card(*node)) {
        let first = before[node]
            .iter()
            .map(|source| ranks[*source] + 1)
            .max()
            .unwrap_or(0);
        let last = behind[node]
            .iter()
            .filter_map(|target| ranks[*target].checked_sub(1))
            .min()
            .unwrap_or(ranks[node]);
        if cards[ranks[node]] > 1 || first > last {
            continue;
        }
        let better = (first..=last).filter(|rank| cards[*rank] > 0 && *rank != ranks[node]);
        if let Some(better) = better.min_by_key(|rank| rank.abs_diff(ranks[node])) {
            cards[ranks[node]] -= 1;
            cards[better] += 1;
            ranks[node] = better;
        }
    }
}

/// Each node after all that lead to it. A draft may hold a cycle: it is cut at its first node.
fn order(before: &[Vec<usize>], behind: &[Vec<usize>]) -> Vec<usize> {
    let mut missing: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut taken = vec![false; before.len()];
    let mut order = Vec::with_capacity(before.len());
    let mut ready: Vec<usize> = (0..before.len())
        .filter(|node| missing[*node] == 0)
        .rev()
        .collect();
    loop {
        let Some(node) = ready
            .pop()
            .or_else(|| taken.iter().position(|taken| !taken))
        else {
            return order;
        };
        if std::mem::replace(&mut taken[node], true) {
            continue;
        }
        order.push(node);
        for target in &behind[node] {
            missing[*target] = missing[*target].saturating_sub(1);
            if missing[*target] == 0 {
                ready.push(*target);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Size;

    fn graph(count: usize, links: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::default();
        for node in 0..count {
            graph.node(
                node.to_string(),
                NodeKind::Merge,
                0,
                String::new(),
                Size {
                    width: 1,
                    height: 1,
                },
            );
        }
        for (from, to) in links {
            graph.link(*from, *to, "");
        }
        graph
    }

    #[test]
    fn a_node_stands_behind_the_longest_way_to_it() {
        assert_eq!(
            ranks(&graph(4, &[(0, 1), (1, 2), (0, 3), (2, 3)])),
            [0, 1, 2, 3]
        );
    }

    #[test]
    fn a_column_takes_no_more_than_it_may_and_the_longest_way_goes_first() {
        let wide = graph(6, &[(0, 1), (0, 2), (0, 3), (3, 4), (1, 5), (2, 5), (4, 5)]);
        assert_eq!(ranks_within(&wide, 2), [0, 1, 2, 1, 2, 3]);
        let ring = graph(3, &[(0, 1), (1, 2), (2, 1)]);
        assert_eq!(ranks_within(&ring, 1), [0, 1, 2]);
    }

    #[test]
    fn a_cycle_of_a_draft_is_cut_and_not_walked_for_ever() {
        assert_eq!(ranks(&graph(3, &[(0, 1), (1, 2), (2, 1)])), [0, 1, 2]);
    }
}
