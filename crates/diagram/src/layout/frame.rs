//! From columns, rows and tracks to pixels.

use super::{
    Band, Flow, Point, Rect,
    rows::Cells,
    tracks::{Stretch, Tracks},
};
use crate::{
    card,
    graph::{Graph, Node, NodeKind},
};

/// Between two lines in one channel.
const PITCH: i32 = 12;
/// Between a node and the first line behind it, and between the last line and the node before which it ends with its arrow.
const LEAD: i32 = 14;
const SHORT_LEAD: i32 = 6;
const TAIL: i32 = 20;
/// Between a row and the first line beside it, and between a row and the border of its lane.
const BESIDE: i32 = 13;
const BORDER: i32 = 14;
/// Around the whole.
const MARGIN: i32 = 16;

/// What is added to channels so that labels find room, with the flow and across it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Room {
    /// Before the first track of each channel between columns.
    pub(crate) along: Vec<i32>,
    /// And behind its last one.
    pub(crate) behind: Vec<i32>,
    /// In each channel between rows.
    pub(crate) aside: Vec<i32>,
}

impl Room {
    /// Makes room for a name beside this part of a line: so much with the flow, or so much across it. `late` says that the part
    /// is the line's own only behind a place where another line turns off.
    pub(crate) fn widen(&mut self, part: &Stretch, late: bool, (along, aside): (i32, i32)) {
        // The channel on the way from a place: places with odd numbers are the middles of columns and rows.
        let channel = |place: usize, forward: bool| match (place % 2, forward) {
            (1, true) => place / 2 + 1,
            (_, _) => place / 2,
        };
        let forward = part.from < part.to;
        if part.along {
            let turned = part.from.is_multiple_of(2) || late;
            let channels = if turned && forward {
                &mut self.behind
            } else {
                &mut self.along
            };
            channels[channel(part.from, forward)] += along;
            return;
        }
        self.aside[channel(part.from, forward)] += aside;
        if part.channel.is_multiple_of(2) {
            self.along[part.channel / 2] += along;
        }
    }
}

/// How far each node reaches with the flow, and across it.
pub(crate) fn extent(node: &Node, flow: Flow) -> (i32, i32) {
    match flow {
        Flow::Across => (node.size.width, node.size.height),
        Flow::Down => (node.size.height, node.size.width),
    }
}

/// The sizes of columns and rows.
pub(crate) fn sizes(graph: &Graph, cells: &Cells, flow: Flow) -> (Vec<i32>, Vec<i32>) {
    let (mut along, mut aside) = (vec![0; cells.columns], vec![0; cells.bands.len()]);
    for (node, (column, row)) in graph.nodes.iter().zip(&cells.at) {
        let (length, breadth) = extent(node, flow);
        along[*column] = along[*column].max(length);
        aside[*row] = aside[*row].max(breadth);
    }
    (along, aside)
}

/// Where the columns or rows and the tracks beside them lie on one axis.
struct Axis {
    /// Middle of each column.
    middles: Vec<i32>,
    /// First track of each channel.
    tracks: Vec<i32>,
    end: i32,
}

impl Axis {
    fn at(&self, channel: usize, track: usize) -> i32 {
        if channel % 2 == 1 {
            self.middles[channel / 2]
        } else {
            self.tracks[channel / 2] + px(track) * PITCH
        }
    }
}

pub(crate) struct Frame<'a> {
    graph: &'a Graph,
    cells: &'a Cells,
    flow: Flow,
    along: Axis,
    aside: Axis,
    /// Start of each band, and the end of the last one.
    borders: Vec<(usize, i32)>,
    header: i32,
    /// How far each node stands from the middle of its column: downwards, cards beside each other begin at one height.
    shifts: Vec<i32>,
}

impl<'a> Frame<'a> {
    /// `header` is what stands before the first column in each lane: 0 for no lanes at all.
    pub(crate) fn new(
        graph: &'a Graph,
        cells: &'a Cells,
        flow: Flow,
        tracks: &Tracks,
        room: &Room,
        header: i32,
    ) -> Self {
        let (columns, rows) = sizes(graph, cells, flow);
        let mut along = Axis {
            middles: Vec::new(),
            tracks: Vec::new(),
            end: 0,
        };
        let mut at = MARGIN + header;
        for channel in 0..=columns.len() {
            let count = tracks.aside[2 * channel];
            let lead = room.along[channel] + if count == 0 { SHORT_LEAD } else { LEAD };
            along.tracks.push(at + lead);
            at += lead + px(count.saturating_sub(1)) * PITCH;
            if let Some(size) = columns.get(channel) {
                at += TAIL + room.behind[channel];
                along.middles.push(at + size / 2);
                at += size;
            }
        }
        along.end = at + LEAD;
        let mut aside = Axis {
            middles: Vec::new(),
            tracks: Vec::new(),
            end: 0,
        };
        let mut borders = Vec::new();
        let mut at = MARGIN;
        for channel in 0..=rows.len() {
            let band = cells.bands.get(channel);
            if let Some(band) = band.filter(|_| {
                header > 0 && (channel == 0 || cells.bands[channel - 1] != cells.bands[channel])
            }) {
                at += if channel == 0 { 0 } else { BORDER };
                borders.push((*band, at));
            }
            let count = px(tracks.along[2 * channel]);
            aside.tracks.push(at + BESIDE + room.aside[channel] / 2);
            at += BESIDE
                + room.aside[channel]
                + if count > 0 {
                    (count - 1) * PITCH + BESIDE
                } else {
                    0
                };
            if let Some(size) = rows.get(channel) {
                aside.middles.push(at + size / 2);
                at += size;
            }
        }
        aside.end = at;
        let shift = |node: &Node, column: usize| match flow {
            Flow::Across => 0,
            Flow::Down => (node.size.height - columns[column]) / 2,
        };
        let shifts = graph
            .nodes
            .iter()
            .zip(&cells.at)
            .map(|(node, (column, _))| shift(node, *column))
            .collect();
        Self {
            graph,
            cells,
            flow,
            along,
            aside,
            borders,
            header,
            shifts,
        }
    }

    pub(crate) fn size(&self) -> Point {
        let (along, aside) = (self.along.end + MARGIN, self.aside.end + MARGIN);
        self.point(along, aside)
    }

    pub(crate) fn bands(&self) -> Vec<Band> {
        let ends = self
            .borders
            .iter()
            .skip(1)
            .map(|(_, start)| *start)
            .chain([self.aside.end]);
        let band = |((band, start), end): (&(usize, i32), i32)| Band {
            lane: *band,
            area: Rect {
                x: MARGIN,
                y: *start,
                width: self.along.end - MARGIN,
                height: end - start,
            },
            header: self.header,
        };
        self.borders.iter().zip(ends).map(band).collect()
    }

    fn point(&self, along: i32, aside: i32) -> Point {
        match self.flow {
            Flow::Across => Point { x: along, y: aside },
            Flow::Down => Point { x: aside, y: along },
        }
    }

    fn middle(&self, node: usize) -> (i32, i32) {
        let (column, row) = self.cells.at[node];
        (
            self.along.middles[column] + self.shifts[node],
            self.aside.middles[row],
        )
    }

    pub(crate) fn area(&self, node: usize) -> Rect {
        let (along, aside) = self.middle(node);
        let Point { x, y } = self.point(along, aside);
        let size = self.graph.nodes[node].size;
        Rect {
            x: x - size.width / 2,
            y: y - size.height / 2,
            width: size.width,
            height: size.height,
        }
    }

    /// The corners of a line, from the rim of its first node to that of its last.
    pub(crate) fn corners(&self, line: usize, parts: &[Stretch]) -> Vec<Point> {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return Vec::new();
        };
        let ends = &self.graph.links[line];
        let (from, to) = (&self.graph.nodes[ends.from], &self.graph.nodes[ends.to]);
        let level = |number: usize| {
            let part = &parts[number];
            if part.along {
                return self.aside.at(part.channel, part.track);
            }
            let shift = match number {
                0 => self.shifts[ends.from] + from.leave,
                _ if number + 1 == parts.len() => self.shifts[ends.to] + to.reach,
                _ => 0,
            };
            self.along.at(part.channel, part.track) + shift
        };
        let sign = |part: &Stretch| if part.from < part.to { 1 } else { -1 };
        let start = {
            let (along, aside) = self.middle(ends.from);
            if first.along {
                (along + sign(first) * extent(from, self.flow).0 / 2, aside)
            } else {
                (
                    along + from.leave,
                    aside + sign(first) * half_breadth(from, self.flow),
                )
            }
        };
        let end = {
            let (along, aside) = self.middle(ends.to);
            let (length, breadth) = extent(to, self.flow);
            if last.along {
                (along - sign(last) * length / 2, aside)
            } else {
                (along + to.reach, aside - sign(last) * breadth / 2)
            }
        };
        let mut corners = vec![start];
        let levels: Vec<i32> = (0..parts.len()).map(level).collect();
        for (part, pair) in parts.iter().skip(1).zip(levels.windows(2)) {
            let (one, other) = (pair[0], pair[1]);
            corners.push(if part.along {
                (one, other)
            } else {
                (other, one)
            });
        }
        corners.push(end);
        corners.dedup();
        corners
            .into_iter()
            .map(|(along, aside)| self.point(along, aside))
            .collect()
    }
}

/// How far a line that leaves sideways begins from the node's middle.
fn half_breadth(node: &Node, flow: Flow) -> i32 {
    if matches!(node.kind, NodeKind::Step { fork: true, .. }) {
        card::FOOT / 2
    } else {
        extent(node, flow).1 / 2
    }
}

pub(crate) fn px(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
