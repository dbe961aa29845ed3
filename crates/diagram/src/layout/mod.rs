//! Layout in layers: columns, rows, lines on tracks, labels. Deterministic: whole numbers and ordered collections only.

mod frame;
mod index;
mod labels;
mod lanes;
mod lattice;
mod rank;
mod rows;
mod search;
mod tracks;

use std::collections::BTreeSet;

use crate::{
    card,
    graph::{Graph, NodeKind},
};
use frame::{Frame, Room};
use lattice::Lattice;

pub(crate) use labels::{LEADING, SIZE as LABEL_SIZE};

/// Which way the work goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// From left to right, in lanes.
    Across,
    /// From top to bottom, without lanes.
    Down,
}

impl Flow {
    fn turned(self) -> Self {
        match self {
            Self::Across => Self::Down,
            Self::Down => Self::Across,
        }
    }
}

/// A point in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

/// An area in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

impl Rect {
    pub(crate) fn between(one: Point, other: Point) -> Self {
        Self {
            x: one.x.min(other.x),
            y: one.y.min(other.y),
            width: (one.x - other.x).abs(),
            height: (one.y - other.y).abs(),
        }
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    pub(crate) fn contains(&self, other: &Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }

    pub(crate) fn grown(&self, by: i32) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            width: self.width + 2 * by,
            height: self.height + 2 * by,
        }
    }
}

/// A lane as drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Band {
    /// The lane, as numbered in the graph.
    pub(crate) lane: usize,
    pub(crate) area: Rect,
    /// How much of it, from the left, is for its name.
    pub(crate) header: i32,
}

/// The name of a line or gateway as drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) line: Option<usize>,
    pub(crate) node: Option<usize>,
    pub(crate) lines: Vec<String>,
    pub(crate) area: Rect,
}

/// A graph with a place for everything.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) bands: Vec<Band>,
    /// The area of each node.
    pub(crate) areas: Vec<Rect>,
    /// The corners of each line.
    pub(crate) lines: Vec<Vec<Point>>,
    pub(crate) labels: Vec<Label>,
}

/// How often lines are sent another way, and channels widened for labels, before the picture is taken as it is; and what is too
/// large to try more than once or twice.
const ROUNDS: usize = 6;
const LARGE: usize = 250;

/// Gives everything its place. `header` is the room for the names of lanes.
pub(crate) fn lay_out(graph: &Graph, flow: Flow, header: i32) -> Layout {
    let ranks = rank::ranks(graph);
    let order = if flow == Flow::Across {
        lanes::order(graph)
    } else {
        Vec::new()
    };
    let band_of = |lane: usize| order.iter().position(|other| *other == lane).unwrap_or(0);
    let bands: Vec<usize> = graph.nodes.iter().map(|node| band_of(node.lane)).collect();
    let cells = rows::cells(graph, &ranks, &bands);
    let (along, aside) = frame::sizes(graph, &cells, flow);
    let rounds = if graph.links.len() > LARGE { 2 } else { ROUNDS };
    let mut round = 0;
    let mut sideways = BTreeSet::new();
    let (parts, tracks) = loop {
        let mut lattice = Lattice::new(graph, &cells, &along, &aside);
        let routes = search::routes(graph, &cells, &mut lattice, &sideways);
        let mut parts = tracks::stretches(&routes);
        let tracks = tracks::assign(&lattice, &mut parts);
        let before = sideways.len();
        for ring in &tracks.entangled {
            let mut able = ring
                .iter()
                .filter(|line| search::can_come_sideways(graph, **line));
            sideways.extend(able.next());
        }
        round += 1;
        if sideways.len() == before || round >= rounds {
            break (parts, tracks);
        }
    };
    let mut room = first_room(graph, &cells, flow);
    for _ in 0..rounds {
        let (layout, unhappy) = draw(
            &Frame::new(graph, &cells, flow, &tracks, &room, header),
            graph,
            &parts,
            &order,
        );
        if unhappy.is_empty() {
            return layout;
        }
        for line in unhappy {
            let Some(first) = parts[line].first() else {
                continue;
            };
            let (column, row) = cells.at[graph.links[line].from];
            let label = &graph.links[line].label;
            let extent = labels::least_extent(label, flow);
            let breadth = labels::least_extent(label, flow.turned()).max(32);
            if first.along {
                room.along[column + 1] += extent / 2;
            } else if first.to > first.from {
                room.aside[row + 1] += breadth / 2;
            } else {
                room.aside[row] += breadth / 2;
            }
        }
    }
    draw(
        &Frame::new(graph, &cells, flow, &tracks, &room, header),
        graph,
        &parts,
        &order,
    )
    .0
}

/// Behind a node whose ways out are named there is room for the longest name.
fn first_room(graph: &Graph, cells: &rows::Cells, flow: Flow) -> Room {
    let mut room = Room {
        along: vec![0; cells.columns + 1],
        aside: vec![0; cells.bands.len() + 1],
    };
    for link in graph.links.iter().filter(|link| !link.label.is_empty()) {
        let channel = &mut room.along[cells.at[link.from].0 + 1];
        *channel = (*channel).max(labels::least_extent(&link.label, flow) - 8);
    }
    room
}

fn draw(
    frame: &Frame<'_>,
    graph: &Graph,
    parts: &[Vec<tracks::Stretch>],
    order: &[usize],
) -> (Layout, Vec<usize>) {
    let areas: Vec<Rect> = (0..graph.nodes.len())
        .map(|node| frame.area(node))
        .collect();
    let lines: Vec<Vec<Point>> = parts
        .iter()
        .enumerate()
        .map(|(line, parts)| frame.corners(line, parts))
        .collect();
    let mut bands = frame.bands();
    for band in &mut bands {
        band.lane = order.get(band.lane).copied().unwrap_or(band.lane);
    }
    let size = frame.size();
    let borders = bands
        .iter()
        .map(|band| Rect {
            height: 1,
            ..band.area
        })
        .collect();
    let header = bands
        .first()
        .map_or(4, |band| band.area.x + band.header + 4);
    let limits = Rect {
        x: header,
        y: 4,
        width: size.x - header - 4,
        height: size.y - 8,
    };
    let boxes = shapes(graph, &areas);
    let (labels, unhappy) = labels::Ground::new(graph, boxes, &lines, borders, limits).place();
    (
        Layout {
            width: size.x,
            height: size.y,
            bands,
            areas,
            lines,
            labels,
        },
        unhappy,
    )
}

/// The areas that are really painted: first one for each node, then the diamonds at the foot of cards.
pub(crate) fn shapes(graph: &Graph, areas: &[Rect]) -> Vec<Rect> {
    let fork = |kind: NodeKind| matches!(kind, NodeKind::Step { fork: true, .. });
    let cards = graph.nodes.iter().zip(areas).map(|(node, area)| {
        let foot = if fork(node.kind) { card::FOOT } else { 0 };
        Rect {
            height: area.height - foot,
            ..*area
        }
    });
    let feet = graph
        .nodes
        .iter()
        .zip(areas)
        .filter(|(node, _)| fork(node.kind))
        .map(|(_, area)| foot(area));
    cards.chain(feet).collect()
}

/// The diamond at the foot of a card.
pub(crate) fn foot(area: &Rect) -> Rect {
    Rect {
        x: area.x + (area.width - card::FOOT) / 2,
        y: area.y + area.height - card::FOOT,
        width: card::FOOT,
        height: card::FOOT,
    }
}
