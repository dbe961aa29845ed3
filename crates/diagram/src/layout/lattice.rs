//! The net on which lines run: between the columns, between the rows, and through cells that are empty.
//!
//! Places are counted in half cells: an odd number is the middle of a column (or row), an even one the channel beside it.

use super::rows::Cells;
use crate::graph::{Graph, Link};

/// A place on the net: across and down.
pub(crate) type Place = (usize, usize);

/// Which way a line goes. Along is with the flow, aside across it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Along,
    Right,
    Against,
    Left,
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [Self::Along, Self::Right, Self::Against, Self::Left];

    pub(crate) fn is_along(self) -> bool {
        matches!(self, Self::Along | Self::Against)
    }
}

/// The net with the lines that it carries so far.
pub(crate) struct Lattice<'a> {
    pub(crate) links: &'a [Link],
    pub(crate) width: usize,
    pub(crate) height: usize,
    blocked: Vec<bool>,
    /// How far it is from one place to the next, across and down.
    along: Vec<i32>,
    aside: Vec<i32>,
    /// How far each place is from the first.
    along_at: Vec<i32>,
    aside_at: Vec<i32>,
    /// The lines on the piece from each place to the next one, across and down.
    on_along: Vec<Vec<usize>>,
    on_aside: Vec<Vec<usize>>,
    /// How many lines go straight through each place.
    through_along: Vec<i32>,
    through_aside: Vec<i32>,
}

impl<'a> Lattice<'a> {
    pub(crate) fn new(graph: &'a Graph, cells: &Cells, along: &[i32], aside: &[i32]) -> Self {
        let (width, height) = (2 * cells.columns + 1, 2 * cells.bands.len() + 1);
        let mut blocked = vec![false; width * height];
        for (column, row) in &cells.at {
            blocked[(2 * row + 1) * width + 2 * column + 1] = true;
        }
        let halves = |sizes: &[i32], places: usize| -> Vec<i32> {
            // Half a cell, and a channel's share.
            (0..places)
                .map(|place| sizes.get(place / 2).map_or(1, |size| (size / 2 + 20) / 10))
                .collect()
        };
        let sums = |steps: &[i32]| -> Vec<i32> {
            let from_first = steps.iter().scan(0, |sum, step| {
                *sum += step;
                Some(*sum - step)
            });
            from_first.collect()
        };
        let (along, aside) = (halves(along, width), halves(aside, height));
        Self {
            along_at: sums(&along),
            aside_at: sums(&aside),
            links: &graph.links,
            width,
            height,
            blocked,
            along,
            aside,
            on_along: vec![Vec::new(); width * height],
            on_aside: vec![Vec::new(); width * height],
            through_along: vec![0; width * height],
            through_aside: vec![0; width * height],
        }
    }

    pub(crate) fn index(&self, (across, down): Place) -> usize {
        down * self.width + across
    }

    pub(crate) fn place(&self, index: usize) -> Place {
        (index % self.width, index / self.width)
    }

    pub(crate) fn is_blocked(&self, place: Place) -> bool {
        self.blocked[self.index(place)]
    }

    /// The next place on a way, if it is on the net.
    pub(crate) fn step(&self, (across, down): Place, way: Way) -> Option<Place> {
        let place = match way {
            Way::Along => (across + 1, down),
            Way::Against => (across.checked_sub(1)?, down),
            Way::Right => (across, down + 1),
            Way::Left => (across, down.checked_sub(1)?),
        };
        (place.0 < self.width && place.1 < self.height).then_some(place)
    }

    /// The lines that run on the piece from a place, and how long the piece is.
    pub(crate) fn piece(&self, (across, down): Place, way: Way) -> (&[usize], i32) {
        match way {
            Way::Along => (
                &self.on_along[self.index((across, down))],
                self.along[across],
            ),
            Way::Against => (
                &self.on_along[self.index((across - 1, down))],
                self.along[across - 1],
            ),
            Way::Right => (&self.on_aside[self.index((across, down))], self.aside[down]),
            Way::Left => (
                &self.on_aside[self.index((across, down - 1))],
                self.aside[down - 1],
            ),
        }
    }

    /// How far two places are apart at least.
    pub(crate) fn distance(&self, one: Place, other: Place) -> i32 {
        (self.along_at[one.0] - self.along_at[other.0]).abs()
            + (self.aside_at[one.1] - self.aside_at[other.1]).abs()
    }

    /// How many lines cross straight over a way that goes straight through a place.
    pub(crate) fn crossings(&self, place: Place, way: Way) -> i32 {
        let through = if way.is_along() {
            &self.through_aside
        } else {
            &self.through_along
        };
        through[self.index(place)]
    }

    /// Whether two lines may run on top of each other: those that leave the same place, and those that reach it.
    pub(crate) fn share(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.links[one], &self.links[other]);
        one.back == other.back && (one.from == other.from || one.to == other.to)
    }

    pub(crate) fn add(&mut self, line: usize, places: &[Place]) {
        for pair in places.windows(2) {
            let at = self.index((pair[0].0.min(pair[1].0), pair[0].1.min(pair[1].1)));
            if pair[0].1 == pair[1].1 {
                self.on_along[at].push(line);
            } else {
                self.on_aside[at].push(line);
            }
        }
        for three in places.windows(3) {
            let at = self.index(three[1]);
            if three[0].1 == three[2].1 && three[0].0 != three[2].0 {
                self.through_along[at] += 1;
            } else if three[0].0 == three[2].0 && three[0].1 != three[2].1 {
                self.through_aside[at] += 1;
            }
        }
    }
}
