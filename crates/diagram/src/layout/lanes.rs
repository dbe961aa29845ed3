//! The order of the lanes: the one in which lines between lanes are shortest.

use crate::graph::Graph;

/// Beyond this many the best order is not looked for: there are too many.
const EXACT: usize = 12;

/// The lanes from top to bottom.
pub(crate) fn order(graph: &Graph) -> Vec<usize> {
    let count = graph.lanes.len();
    let mut weights = vec![vec![0_u32; count]; count];
    for link in &graph.links {
        let (from, to) = (graph.nodes[link.from].lane, graph.nodes[link.to].lane);
        if from != to {
            let weight = if link.back { 1 } else { 2 };
            weights[from][to] += weight;
            weights[to][from] += weight;
        }
    }
    if count > EXACT {
        return (0..count).collect();
    }
    best(&weights)
}

/// The linear arrangement of least total length. The length is the sum, over all places, of the weights across the cut there, so
/// that only the set of lanes above a cut matters, not their order.
fn best(weights: &[Vec<u32>]) -> Vec<usize> {
    let count = weights.len();
    let all = (1_usize << count) - 1;
    let cut = |above: usize| -> u32 {
        let inside = |lane: &usize| above & (1 << lane) != 0;
        (0..count)
            .filter(inside)
            .flat_map(|one| {
                (0..count)
                    .filter(move |other| above & (1 << other) == 0)
                    .map(move |other| (one, other))
            })
            .map(|(one, other)| weights[one][other])
            .sum()
    };
    // The least length of what is still to be placed below a set of lanes.
    let mut rest = vec![0_u32; all + 1];
    for above in (0..all).rev() {
        let next = (0..count).filter(|lane| above & (1 << lane) == 0);
        rest[above] = cut(above)
            + next
                .map(|lane| rest[above | (1 << lane)])
                .min()
                .unwrap_or(0);
    }
    let mut above = 0;
    let mut order = Vec::with_capacity(count);
    while above != all {
        let next = (0..count).filter(|lane| above & (1 << lane) == 0);
        let Some(lane) = next.min_by_key(|lane| rest[above | (1 << lane)]) else {
            break;
        };
        above |= 1 << lane;
        order.push(lane);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::best;

    #[test]
    fn lanes_that_work_together_lie_together_and_ties_keep_the_order_of_appearance() {
        let weights = vec![
            vec![0, 1, 5, 0],
            vec![1, 0, 0, 4],
            vec![5, 0, 0, 0],
            vec![0, 4, 0, 0],
        ];
        assert_eq!(best(&weights), [2, 0, 1, 3]);
        assert_eq!(best(&[vec![0, 1], vec![1, 0]]), [0, 1]);
    }
}
