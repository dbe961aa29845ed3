//! Tracks: lines that run in the same channel beside each other each get a track of their own.

use std::collections::{BTreeMap, BTreeSet};

use super::lattice::{Lattice, Place};

/// A straight part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) line: usize,
    /// Whether it runs with (or against) the flow.
    pub(crate) along: bool,
    /// The channel, row or column in which it runs.
    pub(crate) channel: usize,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) track: usize,
    /// To which side of the channel the line goes on at the lower and at the upper end of the stretch: -1, 1, or 0 for not at all.
    sides: [i32; 2],
    /// Its line begins or ends with this place and the next: lines with the same beginning (or end) may lie upon each other.
    first: (Place, Place),
    last: (Place, Place),
}

impl Stretch {
    fn low(&self) -> usize {
        self.from.min(self.to)
    }

    fn high(&self) -> usize {
        self.from.max(self.to)
    }
}

/// The lines in straight parts.
pub(crate) fn stretches(routes: &[Vec<Place>]) -> Vec<Vec<Stretch>> {
    routes
        .iter()
        .enumerate()
        .map(|(line, route)| parts(line, route))
        .collect()
}

fn parts(line: usize, route: &[Place]) -> Vec<Stretch> {
    let Some((first, last)) = ends(route) else {
        return Vec::new();
    };
    let mut parts: Vec<Stretch> = Vec::new();
    for pair in route.windows(2) {
        let along = pair[0].1 == pair[1].1;
        let (channel, from, to) = if along {
            (pair[0].1, pair[0].0, pair[1].0)
        } else {
            (pair[0].0, pair[0].1, pair[1].1)
        };
        let stretch = Stretch {
            line,
            along,
            channel,
            from,
            to,
            track: 0,
            sides: [0, 0],
            first,
            last,
        };
        match parts.last_mut() {
            // Out and in again on the same side: between the two it runs in the channel for no length at all.
            Some(part) if part.along == along && part.from == to => {
                let turn = Stretch {
                    along: !along,
                    channel: from,
                    from: channel,
                    to: channel,
                    ..stretch
                };
                parts.extend([turn, stretch]);
            }
            Some(part) if part.along == along => part.to = to,
            Some(_) | None => parts.push(stretch),
        }
    }
    if let [only] = parts[..]
        && !only.along
    {
        // Straight across from node to node: it leaves the one and reaches the other at different heights, so that it turns between.
        let turn = if only.from < only.to {
            only.from + 1
        } else {
            only.from - 1
        };
        let (out, into) = (Stretch { to: turn, ..only }, Stretch { from: turn, ..only });
        let between = Stretch {
            along: true,
            channel: turn,
            from: only.channel,
            to: only.channel,
            ..only
        };
        parts = vec![out, between, into];
    }
    let side = |part: &Stretch, neighbour: Option<&Stretch>| {
        neighbour.map_or(0, |other| {
            let away = if other.from == part.channel {
                other.to
            } else {
                other.from
            };
            if away < part.channel { -1 } else { 1 }
        })
    };
    let sides: Vec<[i32; 2]> = (0..parts.len())
        .map(|number| {
            let part = &parts[number];
            let before = side(part, number.checked_sub(1).map(|before| &parts[before]));
            let behind = side(part, parts.get(number + 1));
            if part.from < part.to {
                [before, behind]
            } else {
                [behind, before]
            }
        })
        .collect();
    for (part, sides) in parts.iter_mut().zip(sides) {
        part.sides = sides;
    }
    parts
}

fn ends(route: &[Place]) -> Option<((Place, Place), (Place, Place))> {
    let [first, second, ..] = route else {
        return None;
    };
    let [.., before, last] = route else {
        return None;
    };
    Some(((*first, *second), (*last, *before)))
}

/// How many tracks each channel needs, with the flow and across it, and the lines that could not be kept apart.
pub(crate) struct Tracks {
    pub(crate) along: Vec<usize>,
    pub(crate) aside: Vec<usize>,
    /// Groups of lines that would need one order here and the opposite one there.
    pub(crate) entangled: Vec<Vec<usize>>,
}

/// Gives every stretch in a channel its track.
pub(crate) fn assign(lattice: &Lattice<'_>, parts: &mut [Vec<Stretch>]) -> Tracks {
    let mut channels: BTreeMap<(bool, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for (line, stretches) in parts.iter().enumerate() {
        for (number, stretch) in stretches
            .iter()
            .enumerate()
            .filter(|(_, stretch)| stretch.channel % 2 == 0)
        {
            channels
                .entry((stretch.along, stretch.channel))
                .or_default()
                .push((line, number));
        }
    }
    let mut tracks = Tracks {
        along: vec![0; lattice.height],
        aside: vec![0; lattice.width],
        entangled: Vec::new(),
    };
    for ((along, channel), members) in channels {
        let stretches: Vec<Stretch> = members
            .iter()
            .map(|(line, number)| parts[*line][*number])
            .collect();
        let mut ordering = Ordering::new(lattice, &stretches);
        let order = ordering.order();
        let given = ordering.tracks(&order);
        tracks.entangled.append(&mut ordering.entangled);
        let count = given.iter().max().map_or(0, |last| last + 1);
        if along {
            tracks.along[channel] = count;
        } else {
            tracks.aside[channel] = count;
        }
        for ((line, number), track) in members.iter().zip(given) {
            parts[*line][*number].track = track;
        }
    }
    tracks
}

struct Ordering<'a> {
    stretches: &'a [Stretch],
    /// Pairs that may not lie on one track.
    apart: Vec<Vec<bool>>,
    /// Pairs of which the first must lie before the second: their ends would lie upon each other otherwise.
    before: Vec<Vec<bool>>,
    /// How many crossings it costs that the first lies before the second.
    cost: Vec<Vec<i32>>,
    entangled: Vec<Vec<usize>>,
}

impl<'a> Ordering<'a> {
    fn new(lattice: &Lattice<'_>, stretches: &'a [Stretch]) -> Self {
        let count = stretches.len();
        let mut new = Self {
            stretches,
            apart: vec![vec![false; count]; count],
            before: vec![vec![false; count]; count],
            cost: vec![vec![0; count]; count],
            entangled: Vec::new(),
        };
        for (place, one) in stretches.iter().enumerate() {
            for (other_place, other) in stretches.iter().enumerate() {
                let overlap = one.low() <= other.high() && other.low() <= one.high();
                let upon = lattice.share(one.line, other.line)
                    && (one.first == other.first || one.last == other.last);
                if place == other_place || !overlap || upon {
                    continue;
                }
                new.apart[place][other_place] = true;
                new.before[place][other_place] = Self::meet_in_a_row(one, other);
                new.cost[place][other_place] = Self::crossings(one, other);
            }
        }
        new
    }

    /// At the same row the one goes off to the lower side and the other to the upper: only in this order they do not touch.
    fn meet_in_a_row(one: &Stretch, other: &Stretch) -> bool {
        let ends = |stretch: &Stretch| {
            [
                (stretch.low(), stretch.sides[0]),
                (stretch.high(), stretch.sides[1]),
            ]
        };
        let meets = |(place, side): (usize, i32)| {
            place % 2 == 1
                && side == -1
                && ends(other)
                    .iter()
                    .any(|(end, side)| *end == place && *side == 1)
        };
        ends(one).into_iter().any(meets)
    }

    fn crossings(one: &Stretch, other: &Stretch) -> i32 {
        let ends = |stretch: &Stretch| {
            [
                (stretch.low(), stretch.sides[0]),
                (stretch.high(), stretch.sides[1]),
            ]
        };
        let over =
            |place: usize, stretch: &Stretch| stretch.low() < place && place < stretch.high();
        let forward = ends(one)
            .iter()
            .filter(|(place, side)| *side == 1 && over(*place, other))
            .count();
        let backward = ends(other)
            .iter()
            .filter(|(place, side)| *side == -1 && over(*place, one))
            .count();
        i32::try_from(forward + backward).unwrap_or(i32::MAX)
    }

    /// The stretches from the first track on: what must lie before others first, and of these what then crosses least.
    fn order(&mut self) -> Vec<usize> {
        let count = self.stretches.len();
        let mut left: BTreeSet<usize> = (0..count).collect();
        let mut order = Vec::with_capacity(count);
        let mut missing: Vec<usize> = (0..count)
            .map(|place| {
                (0..count)
                    .filter(|other| self.before[*other][place])
                    .count()
            })
            .collect();
        let mut score: Vec<i32> = (0..count)
            .map(|place| {
                (0..count)
                    .map(|other| self.cost[place][other] - self.cost[other][place])
                    .sum()
            })
            .collect();
        while !left.is_empty() {
            let free = left.iter().copied().filter(|place| missing[*place] == 0);
            let length = |place: usize| self.stretches[place].high() - self.stretches[place].low();
            let next = free.min_by_key(|place| (score[*place], length(*place), *place));
            let next = next.or_else(|| {
                // A ring of such orders: one of its lines has to take another way.
                let last = left
                    .iter()
                    .copied()
                    .min_by_key(|place| (missing[*place], *place))?;
                let rivals = left.iter().filter(|other| self.before[**other][last]);
                let ring = std::iter::once(&last)
                    .chain(rivals)
                    .map(|place| self.stretches[*place].line);
                self.entangled.push(ring.collect());
                Some(last)
            });
            let Some(next) = next else { break };
            left.remove(&next);
            order.push(next);
            for other in &left {
                if self.before[next][*other] {
                    missing[*other] -= 1;
                }
                score[*other] -= self.cost[*other][next] - self.cost[next][*other];
            }
        }
        order
    }

    fn tracks(&self, order: &[usize]) -> Vec<usize> {
        let mut tracks = vec![0; order.len()];
        for (number, place) in order.iter().enumerate() {
            let earlier = order[..number]
                .iter()
                .filter(|other| self.apart[*place][**other]);
            tracks[*place] = earlier.map(|other| tracks[*other] + 1).max().unwrap_or(0);
        }
        tracks
    }
}
