//! Where the names of lines and gateways go: beside their line, on nothing else.

use super::{Flow, Label, Point, Rect, frame::px, index::Index, own};
use crate::{
    fonts::{Weight, width},
    graph::{Graph, NodeKind},
    text::{balanced, widest},
};

/// The size of labels, and the height of their lines.
pub(crate) const SIZE: i32 = 12;
pub(crate) const LEADING: i32 = 15;
/// How wide labels may be, tried in this order.
const WIDTHS: [i32; 3] = [150, 92, 64];
/// How many lines are few.
const LINES: usize = 3;

/// What a place for a label costs.
const ON_SOMETHING: i32 = 1_000_000;
const ON_A_LINE: i32 = 10_000;
const ON_ITS_LINE: i32 = 4_000;
const ON_A_BORDER: i32 = 600;
/// Where it could be taken for the name of another way out.
const MISTAKABLE: i32 = 20_000;
/// Beside a part of its line that others run on too.
const NOT_ITS_OWN: i32 = 3_000;
/// Broken within a word: only where there is no room for it as a whole.
const BROKEN: i32 = 4_000;
/// Close to a line that has nothing to do with it.
const CLOSE: i32 = 60;
/// What is nearer than this to a label seems to be named by it.
pub(crate) const NEAR: i32 = 7;

/// A label's lines and how much room they take.
#[derive(Clone)]
struct Set {
    /// Whether a word is broken within, so that it is narrower.
    is_broken: bool,
    lines: Vec<String>,
    width: i32,
    height: i32,
}

fn sets(text: &str) -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    let words = text.split_whitespace();
    let longest = words.map(|word| width(word, SIZE, Weight::Regular)).max();
    for room in WIDTHS {
        let lines = balanced(text, room, SIZE, Weight::Regular);
        if sets
            .last()
            .is_none_or(|last| last.lines.len() < lines.len())
        {
            let (width, height) = (
                widest(&lines, SIZE, Weight::Regular) + 2,
                px(lines.len()) * LEADING,
            );
            sets.push(Set {
                is_broken: longest > Some(room),
                lines,
                width,
                height,
            });
        }
    }
    // A tower of words is only for texts that are never lower.
    if sets.iter().any(|set| set.lines.len() <= LINES) {
        sets.retain(|set| set.lines.len() <= LINES);
    }
    sets
}

/// How far a label reaches with the flow at least.
pub(crate) fn least_extent(text: &str, flow: Flow) -> i32 {
    let sets = sets(text);
    let extents = sets
        .iter()
        .filter(|set| set.lines.len() <= LINES && !set.is_broken)
        .chain(sets.last().filter(|_| sets.iter().all(|set| set.is_broken)))
        .chain(sets.first());
    let extent = extents.map(|set| match flow {
        Flow::Across => set.width,
        Flow::Down => set.height,
    });
    extent.min().unwrap_or(0) + 6
}

/// The things that labels must keep off, found by where they lie.
pub(crate) struct Ground<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) boxes: Vec<Rect>,
    pub(crate) lines: &'a [Vec<Point>],
    pub(crate) borders: Vec<Rect>,
    pub(crate) limits: Rect,
    box_index: Index,
    line_index: Index,
    /// All straight parts: line and area.
    parts: Vec<(usize, Rect)>,
}

/// A line whose name found no good place, and where more room would help.
pub(crate) struct Unhappy {
    pub(crate) line: usize,
    /// The first straight part that is its own, and whether it is so only from somewhere behind its beginning.
    pub(crate) part: usize,
    pub(crate) late: bool,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(
        graph: &'a Graph,
        boxes: Vec<Rect>,
        lines: &'a [Vec<Point>],
        borders: Vec<Rect>,
        limits: Rect,
    ) -> Self {
        let parts: Vec<(usize, Rect)> = lines
            .iter()
            .enumerate()
            .flat_map(|(line, corners)| {
                corners
                    .windows(2)
                    .map(move |pair| (line, Rect::between(pair[0], pair[1])))
            })
            .collect();
        let box_index = Index::new(boxes.iter().copied());
        let line_index = Index::new(parts.iter().map(|(_, area)| *area));
        Self {
            graph,
            boxes,
            lines,
            borders,
            limits,
            box_index,
            line_index,
            parts,
        }
    }

    /// Places every label. The second answer names the lines (not gateways) whose labels found no good place.
    pub(crate) fn place(&self) -> (Vec<Label>, Vec<Unhappy>) {
        let mut placing = Placing {
            ground: self,
            labels: Vec::new(),
            index: Index::new([]),
        };
        let mut unhappy = Vec::new();
        for (line, link) in self
            .graph
            .links
            .iter()
            .enumerate()
            .filter(|(_, link)| !link.label.is_empty())
        {
            let own = self.own(line);
            let spots = self.beside(line, &own, &sets(&link.label));
            if placing.choose(Some(line), None, spots) >= ON_ITS_LINE {
                let first = own.iter().enumerate().find_map(|(part, pieces)| {
                    let (start, _) = pieces.first()?;
                    Some((part, *start > 0))
                });
                let (part, late) = first.unwrap_or((0, false));
                unhappy.push(Unhappy { line, part, late });
            }
        }
        for (node, of) in self.graph.nodes.iter().enumerate() {
            if matches!(of.kind, NodeKind::Decision(_) | NodeKind::Guard(_)) {
                let spots = self.around(node, &sets(&of.label));
                placing.choose(None, Some(node), spots);
            }
        }
        (placing.labels, unhappy)
    }

    /// For each straight part of a line where along it no line of another way out runs on it.
    fn own(&self, line: usize) -> Vec<Vec<(i32, i32)>> {
        let part = |pair: &[Point]| {
            let near = self.line_index.near(&Rect::between(pair[0], pair[1]));
            let others = near.into_iter().map(|place| &self.parts[place]);
            let others = others.filter(|(other, _)| own::differ(self.graph, line, *other));
            own::pieces(pair[0], pair[1], others.map(|(_, area)| area))
        };
        self.lines[line].windows(2).map(part).collect()
    }

    /// Places beside a line: near its beginning first.
    fn beside(&self, line: usize, own: &[Vec<(i32, i32)>], sets: &[Set]) -> Vec<Spot> {
        let mut spots = Vec::new();
        let mut gone = 0;
        for (number, pair) in self.lines[line].windows(2).enumerate() {
            let (from, to) = (pair[0], pair[1]);
            let length = (to.x - from.x).abs() + (to.y - from.y).abs();
            // Where nothing that is its own is free it still has to be somewhere.
            let whole = ((0, length), NOT_ITS_OWN);
            let pieces = own[number].iter().map(|piece| (*piece, 0));
            let pieces: Vec<((i32, i32), i32)> = match own[number][..] {
                [piece] if piece == whole.0 => vec![(piece, 0)],
                _ => pieces.chain([whole]).collect(),
            };
            for (style, set) in sets.iter().enumerate() {
                let broken = if set.is_broken { BROKEN } else { 0 };
                let base = px(number) * 40 + px(style) * 6 + broken;
                let (need, level) = if from.y == to.y {
                    (set.width, true)
                } else {
                    (set.height, false)
                };
                let places = pieces.iter().flat_map(|((start, end), cost)| {
                    let steps = steps(*start, *end, need);
                    steps.into_iter().map(move |at| (at, *cost))
                });
                for (at, cost) in places {
                    let cost = base + cost + (gone + at) / 6;
                    let along = |from: i32, to: i32| {
                        if from <= to {
                            from + at
                        } else {
                            from - at - need
                        }
                    };
                    let mut spot = |x: i32, y: i32, more: i32| {
                        spots.push(Spot {
                            set: set.clone(),
                            x,
                            y,
                            cost: cost + more,
                        });
                    };
                    if level {
                        let x = along(from.x, to.x);
                        spot(x, from.y - set.height - 2, 0);
                        spot(x, from.y + 3, 4);
                    } else {
                        let y = along(from.y, to.y);
                        spot(from.x + 6, y, 0);
                        spot(from.x - 6 - set.width, y, 4);
                    }
                }
            }
            gone += length;
        }
        spots
    }

    /// Places around a gateway.
    fn around(&self, node: usize, sets: &[Set]) -> Vec<Spot> {
        let area = self.boxes[node];
        let middle_x = area.x + area.width / 2;
        let mut spots = Vec::new();
        for set in sets {
            let (left, right) = (area.x - set.width + 8, area.x + area.width - 8);
            let (above, below) = (area.y - set.height - 2, area.y + area.height + 2);
            let centred = middle_x - set.width / 2;
            let quarters = [
                (right, above + 12),
                (left, above + 12),
                (right, below - 12),
                (left, below - 12),
            ];
            let near = [
                (centred, above),
                (centred, below),
                (middle_x + 5, above),
                (middle_x + 5, below),
                (middle_x - 5 - set.width, above),
                (middle_x - 5 - set.width, below),
            ];
            for (number, (x, y)) in near.into_iter().chain(quarters).enumerate() {
                spots.push(Spot {
                    set: set.clone(),
                    x,
                    y,
                    cost: px(number) * 3,
                });
            }
            for far in 1..8 {
                for (x, y) in [
                    (centred, above - far * 8),
                    (centred, below + far * 8),
                    (middle_x + 5, above - far * 8),
                    (middle_x + 5, below + far * 8),
                ] {
                    spots.push(Spot {
                        set: set.clone(),
                        x,
                        y,
                        cost: 60 * far,
                    });
                }
            }
        }
        spots
    }
}

/// Where along a piece of a line a label may begin.
fn steps(start: i32, end: i32, need: i32) -> Vec<i32> {
    let last = end - need - 6;
    let first = start + 5;
    if last <= first {
        return vec![first, first + 4, (start + end - need) / 2, last];
    }
    let stride = ((last - first) / 8).max(24);
    let mut steps = Vec::new();
    let mut at = first;
    while at < last && steps.len() < 10 {
        steps.push(at);
        at += stride;
    }
    steps.push(last);
    steps
}

struct Spot {
    set: Set,
    x: i32,
    y: i32,
    cost: i32,
}

struct Placing<'a, 'b> {
    ground: &'b Ground<'a>,
    labels: Vec<Label>,
    index: Index,
}

impl Placing<'_, '_> {
    /// Takes the cheapest place, and says what it cost.
    fn choose(&mut self, line: Option<usize>, node: Option<usize>, mut spots: Vec<Spot>) -> i32 {
        spots.sort_by_key(|spot| spot.cost);
        let mut best: Option<(i32, Spot)> = None;
        for spot in spots {
            // What follows is dearer even where it covers nothing.
            if best.as_ref().is_some_and(|(cost, _)| *cost <= spot.cost) {
                break;
            }
            let cost = spot.cost + self.covers(line, &spot);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, spot));
            }
        }
        let Some((cost, spot)) = best else {
            return ON_SOMETHING;
        };
        // What a gateway asks is told by its ways out too: rather no label than one upon something else.
        if node.is_some() && cost >= ON_SOMETHING {
            return cost;
        }
        let area = Rect {
            x: spot.x,
            y: spot.y,
            width: spot.set.width,
            height: spot.set.height,
        };
        self.index.add(self.labels.len(), area);
        self.labels.push(Label {
            line,
            node,
            lines: spot.set.lines,
            area,
        });
        cost
    }

    fn covers(&self, line: Option<usize>, spot: &Spot) -> i32 {
        let area = Rect {
            x: spot.x,
            y: spot.y,
            width: spot.set.width,
            height: spot.set.height,
        };
        let ground = self.ground;
        let roomy = area.grown(2);
        let mut cost = 0;
        if !ground.limits.contains(&area) {
            cost += ON_SOMETHING;
        }
        cost += ON_SOMETHING
            * count(ground.box_index.near(&roomy), |place| {
                ground.boxes[place].overlaps(&roomy)
            });
        cost += ON_SOMETHING
            * count(self.index.near(&roomy), |place| {
                self.labels[place].area.overlaps(&roomy)
            });
        let around = area.grown(NEAR);
        let mut mistakable = false;
        for place in ground.line_index.near(&around) {
            let (other, part) = ground.parts[place];
            if part.overlaps(&area) {
                cost += if Some(other) == line {
                    ON_ITS_LINE
                } else {
                    ON_A_LINE
                };
            } else if let Some(line) = line
                && part.overlaps(&around)
                && own::differ(ground.graph, line, other)
            {
                let upon = own::run_together(&ground.lines[line], &part, &around);
                mistakable |= own::are_rivals(ground.graph, line, other) || upon;
                cost += CLOSE;
            }
        }
        if mistakable {
            cost += MISTAKABLE;
        }
        cost + ON_A_BORDER * count(ground.borders.iter(), |border| border.overlaps(&area))
    }
}

fn count<T>(items: impl IntoIterator<Item = T>, counts: impl Fn(T) -> bool) -> i32 {
    px(items
        .into_iter()
        .map(counts)
        .filter(|counts| *counts)
        .count())
}
