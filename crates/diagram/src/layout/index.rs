//! Areas by where they lie, so that only those near by are looked at.

use std::collections::{BTreeMap, BTreeSet};

use super::Rect;

/// Rectangles by the squares that they touch.
pub(super) struct Index {
    squares: BTreeMap<(i32, i32), Vec<usize>>,
}

const SQUARE: i32 = 192;

impl Index {
    pub(super) fn new(areas: impl IntoIterator<Item = Rect>) -> Self {
        let mut index = Self {
            squares: BTreeMap::new(),
        };
        for (place, area) in areas.into_iter().enumerate() {
            index.add(place, area);
        }
        index
    }

    fn squares_of(area: &Rect) -> impl Iterator<Item = (i32, i32)> + use<> {
        let down = area.y.div_euclid(SQUARE)..=(area.y + area.height).div_euclid(SQUARE);
        let across = area.x.div_euclid(SQUARE)..=(area.x + area.width).div_euclid(SQUARE);
        across.flat_map(move |x| down.clone().map(move |y| (x, y)))
    }

    pub(super) fn add(&mut self, place: usize, area: Rect) {
        for square in Self::squares_of(&area) {
            self.squares.entry(square).or_default().push(place);
        }
    }

    pub(super) fn near(&self, area: &Rect) -> BTreeSet<usize> {
        Self::squares_of(area)
            .filter_map(|square| self.squares.get(&square))
            .flatten()
            .copied()
            .collect()
    }
}
