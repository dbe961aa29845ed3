//! The way of each line over the net: the cheapest one, where bends, crossings and running on others' lines cost.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

use super::{
    lattice::{Lattice, Place, Way},
    rows::Cells,
};
use crate::graph::{Graph, Link, NodeKind};

const BEND: i32 = 30;
const CROSSING: i32 = 18;
/// Beside another line in the same channel.
const CROWDING: i32 = 1;
/// On top of a line that has nothing to do with it. The channels are always open, so that this is paid only where it must be.
const OVERPRINT: i32 = 5_000;
/// A labelled way out on top of another one: nobody could tell which label is whose.
const SHARED_EXIT: i32 = 200;
/// The side that is left to what is sent back.
const KEPT_SIDE: i32 = 900;
/// Lines that leave under one name, apart.
const PARTED: i32 = 700;

/// Ways out of a node and into it, with what they cost; into it as seen by the line that arrives.
type Ports = Vec<(Way, i32)>;

fn ways_out(graph: &Graph, link: &Link) -> Ports {
    // Where there are more ways on than two, one side is left to what is sent back.
    let siblings = || graph.links.iter().filter(|other| other.from == link.from);
    let crowded = siblings().any(|other| other.back)
        && siblings()
            .filter(|other| !other.back)
            .map(|other| other.exit)
            .collect::<BTreeSet<_>>()
            .len()
            > 2;
    let kept = if crowded { KEPT_SIDE } else { 0 };
    let sideways = |cost| {
        vec![
            (Way::Along, 0),
            (Way::Right, cost + kept),
            (Way::Left, cost),
        ]
    };
    match graph.nodes[link.from].kind {
        _ if link.back => vec![(Way::Right, 0), (Way::Left, 0), (Way::Along, 40)],
        NodeKind::Decision(_)
        | NodeKind::Guard(_)
        | NodeKind::Split
        | NodeKind::Step { fork: true, .. } => sideways(12),
        NodeKind::Start
        | NodeKind::End { .. }
        | NodeKind::Result
        | NodeKind::Step { fork: false, .. }
        | NodeKind::Merge
        | NodeKind::Join => {
            vec![(Way::Along, 0)]
        }
    }
}

fn ways_in(graph: &Graph, link: &Link, sideways_only: bool) -> Ports {
    let sideways = |cost| vec![(Way::Along, 0), (Way::Right, cost), (Way::Left, cost)];
    let ports = match graph.nodes[link.to].kind {
        _ if link.back => vec![(Way::Right, 0), (Way::Left, 0), (Way::Along, 60)],
        NodeKind::End { .. } | NodeKind::Result | NodeKind::Start => return vec![(Way::Along, 0)],
        NodeKind::Merge | NodeKind::Join => sideways(14),
        NodeKind::Decision(_) | NodeKind::Guard(_) | NodeKind::Split | NodeKind::Step { .. } => {
            sideways(45)
        }
    };
    if sideways_only {
        ports
            .into_iter()
            .filter(|(way, _)| !way.is_along())
            .collect()
    } else {
        ports
    }
}

/// Whether a line can be asked to reach its node from the side.
pub(crate) fn can_come_sideways(graph: &Graph, link: usize) -> bool {
    ways_in(graph, &graph.links[link], true)
        .iter()
        .any(|(way, _)| !way.is_along())
}

/// The places that each line passes, from node to node: forward lines first, the way that is meant to be taken before
/// others, short ones before long ones.
pub(crate) fn routes(
    graph: &Graph,
    cells: &Cells,
    lattice: &mut Lattice<'_>,
    sideways: &BTreeSet<usize>,
) -> Vec<Vec<Place>> {
    let at = |node: usize| (2 * cells.at[node].0 + 1, 2 * cells.at[node].1 + 1);
    let mut order: Vec<usize> = (0..graph.links.len()).collect();
    order.sort_by_key(|number| {
        let link = &graph.links[*number];
        let (from, to) = (at(link.from), at(link.to));
        (
            link.back,
            !link.main,
            from.0.abs_diff(to.0) + from.1.abs_diff(to.1),
            *number,
        )
    });
    let mut routes = vec![Vec::new(); graph.links.len()];
    let mut search = Search::new(lattice.width * lattice.height);
    for number in order {
        let link = &graph.links[number];
        let route = if link.from == link.to {
            loop_of_one(lattice, number, at(link.from))
        } else {
            let (out, into) = (
                ways_out(graph, link),
                ways_in(graph, link, sideways.contains(&number)),
            );
            search.route(lattice, number, (at(link.from), &out), (at(link.to), &into))
        };
        lattice.add(number, &route);
        routes[number] = route;
    }
    routes
}

/// The state of searches one after the other: what is older than the present round does not count.
struct Search {
    round: u32,
    seen: Vec<(u32, i32, usize)>,
}

impl Search {
    fn new(places: usize) -> Self {
        Self {
            round: 0,
            seen: vec![(0, 0, 0); places * 4],
        }
    }

    fn route(
        &mut self,
        lattice: &Lattice<'_>,
        line: usize,
        from: (Place, &Ports),
        to: (Place, &Ports),
    ) -> Vec<Place> {
        self.round += 1;
        let mut heap = BinaryHeap::new();
        for (way, cost) in from.1 {
            let exits = lattice.step(from.0, *way);
            let Some(next) = exits else { continue };
            let cost = cost
                + piece_cost(lattice, line, from.0, *way, true)
                + parting_cost(lattice, line, from.0, *way);
            self.reach(&mut heap, lattice, (next, *way, cost), usize::MAX, to.0);
        }
        while let Some(Reverse((_, cost, state))) = heap.pop() {
            if self.seen[state].1 < cost {
                continue;
            }
            let (place, way) = (lattice.place(state / 4), Way::ALL[state % 4]);
            if place == to.0 {
                return self.path(lattice, state, from.0);
            }
            for next_way in Way::ALL {
                let turns_back = next_way != way && next_way.is_along() == way.is_along();
                let Some(next) = lattice.step(place, next_way).filter(|_| !turns_back) else {
                    continue;
                };
                let arrival = if next == to.0 {
                    to.1.iter()
                        .find(|(port, _)| *port == next_way)
                        .map(|(_, cost)| *cost)
                } else {
                    (!lattice.is_blocked(next)).then_some(0)
                };
                let Some(arrival) = arrival else { continue };
                let turn = if next_way == way {
                    CROSSING * lattice.crossings(place, way)
                } else {
                    BEND
                };
                let piece = piece_cost(lattice, line, place, next_way, false);
                self.reach(
                    &mut heap,
                    lattice,
                    (next, next_way, cost + turn + piece + arrival),
                    state,
                    to.0,
                );
            }
        }
        // The channels at the rim lead everywhere, so this is never reached; a straight line is still a picture.
        vec![from.0, to.0]
    }

    fn reach(
        &mut self,
        heap: &mut Heap,
        lattice: &Lattice<'_>,
        (place, way, cost): (Place, Way, i32),
        from: usize,
        goal: Place,
    ) {
        let state =
            lattice.index(place) * 4 + Way::ALL.iter().position(|other| *other == way).unwrap_or(0);
        let (round, known, _) = self.seen[state];
        if round != self.round || cost < known {
            self.seen[state] = (self.round, cost, from);
            heap.push(Reverse((cost + lattice.distance(place, goal), cost, state)));
        }
    }

    fn path(&self, lattice: &Lattice<'_>, last: usize, start: Place) -> Vec<Place> {
        let mut path = Vec::new();
        let mut state = last;
        while state != usize::MAX {
            path.push(lattice.place(state / 4));
            state = self.seen[state].2;
        }
        path.push(start);
        path.reverse();
        path
    }
}

fn piece_cost(lattice: &Lattice<'_>, line: usize, place: Place, way: Way, exits: bool) -> i32 {
    let (others, length) = lattice.piece(place, way);
    let across = if way.is_along() { place.1 } else { place.0 };
    if across % 2 == 0 {
        return length + CROWDING * i32::try_from(others.len()).unwrap_or(i32::MAX / 2);
    }
    let cost = |other: &usize| {
        let (one, two) = (&lattice.links[line], &lattice.links[*other]);
        let two_names = one.exit != two.exit && !(one.label.is_empty() && two.label.is_empty());
        match lattice.share(line, *other) {
            true if exits && two_names => SHARED_EXIT,
            true => 0,
            false => OVERPRINT,
        }
    };
    length + others.iter().map(cost).sum::<i32>()
}

/// Lines that leave under one name leave by one way, where they can.
fn parting_cost(lattice: &Lattice<'_>, line: usize, place: Place, way: Way) -> i32 {
    let together = |other: &usize| {
        let (one, two) = (&lattice.links[line], &lattice.links[*other]);
        line != *other && one.from == two.from && one.exit == two.exit
    };
    let on = |way: Way| {
        lattice
            .step(place, way)
            .is_some_and(|_| lattice.piece(place, way).0.iter().any(together))
    };
    if !on(way) && Way::ALL.into_iter().any(on) {
        PARTED
    } else {
        0
    }
}

/// A step that sends work back to itself: out at one side and in again.
fn loop_of_one(lattice: &Lattice<'_>, line: usize, place: Place) -> Vec<Place> {
    let sides = [Way::Right, Way::Left].into_iter().filter_map(|way| {
        let beside = lattice.step(place, way)?;
        Some((piece_cost(lattice, line, place, way, true), beside))
    });
    let beside = sides
        .min_by_key(|(cost, _)| *cost)
        .map_or(place, |(_, beside)| beside);
    vec![place, beside, place]
}

type Heap = BinaryHeap<Reverse<(i32, i32, usize)>>;
