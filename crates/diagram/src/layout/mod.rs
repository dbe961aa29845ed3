//! Layout in layers: columns, rows, lines on tracks, labels. Deterministic: whole numbers and ordered collections only.

mod frame;
mod index;
mod labels;
mod lanes;
mod lattice;
pub(crate) mod own;
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
use rows::Cells;
use tracks::{Stretch, Tracks};

#[cfg(test)]
pub(crate) use labels::NEAR;
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
const DETOURS: usize = 2;
const LARGE: usize = 250;

/// A picture for paper that is wider than this has letters of less than 6 points on a page: 12 pixels of 1,040 are 6.06 points on
/// 7.3 inches, what a Letter page has between narrow margins. So many nodes may then stand beside each other, tried in this order.
const WIDEST: i32 = 1_040;
const ABREAST: [usize; 3] = [4, 3, 2];

/// Gives everything its place. `header` is the room for the names of lanes.
pub(crate) fn lay_out(graph: &Graph, flow: Flow, header: i32) -> Layout {
    let (mut layout, faults) = lay_out_within(graph, flow, header, None);
    if flow == Flow::Across || graph.links.len() > LARGE {
        return layout;
    }
    for most in ABREAST {
        if layout.width <= WIDEST {
            break;
        }
        // What is narrower is no gain where names lose their places.
        let (narrower, others) = lay_out_within(graph, flow, header, Some(most));
        if narrower.width < layout.width && others <= faults {
            layout = narrower;
        }
    }
    layout
}

/// The same with at most so many nodes beside each other, and how many names found no good place.
fn lay_out_within(graph: &Graph, flow: Flow, header: i32, most: Option<usize>) -> (Layout, usize) {
    let ranks = most.map_or_else(
        || rank::ranks(graph),
        |most| rank::ranks_within(graph, most),
    );
    let order = if flow == Flow::Across {
        lanes::order(graph)
    } else {
        Vec::new()
    };
    let band_of = |lane: usize| order.iter().position(|other| *other == lane).unwrap_or(0);
    let bands: Vec<usize> = graph.nodes.iter().map(|node| band_of(node.lane)).collect();
    let cells = rows::cells(graph, &ranks, &bands, most.unwrap_or(usize::MAX));
    let (along, aside) = frame::sizes(graph, &cells, flow);
    let plan = Plan {
        graph,
        flow,
        header,
        order,
        cells,
        along,
        aside,
        rounds: if graph.links.len() > LARGE { 2 } else { ROUNDS },
    };
    let mut sideways = BTreeSet::new();
    let (mut layout, mut unhappy) = plan.settle(&mut sideways);
    for _ in 0..plan.rounds.min(DETOURS) {
        // Where a name has no stretch of its own line, because others join it too early, these come in from the side.
        let before = sideways.len();
        for line in &unhappy {
            let to = graph.links[*line].to;
            let joining = (0..graph.links.len()).filter(|other| graph.links[*other].to == to);
            let mut joining = joining
                .filter(|other| own::differ(graph, *line, *other))
                .filter(|other| search::can_come_sideways(graph, *other));
            sideways.extend(joining.find(|other| !sideways.contains(other)));
        }
        if sideways.len() == before {
            break;
        }
        let (other, still) = plan.settle(&mut sideways);
        if still.len() < unhappy.len() {
            (layout, unhappy) = (other, still);
        }
    }
    (layout, unhappy.len())
}

/// Where every node stands, before lines and names are set.
struct Plan<'a> {
    graph: &'a Graph,
    flow: Flow,
    header: i32,
    order: Vec<usize>,
    cells: Cells,
    along: Vec<i32>,
    aside: Vec<i32>,
    rounds: usize,
}

impl Plan<'_> {
    /// The lines with their tracks. `sideways` names those that must come in from the side; a ring of orders adds to them.
    fn lines(&self, sideways: &mut BTreeSet<usize>) -> (Vec<Vec<Stretch>>, Tracks) {
        let mut round = 0;
        loop {
            let mut lattice = Lattice::new(self.graph, &self.cells, &self.along, &self.aside);
            let routes = search::routes(self.graph, &self.cells, &mut lattice, sideways);
            let mut parts = tracks::stretches(&routes);
            let tracks = tracks::assign(&lattice, &mut parts);
            let before = sideways.len();
            for ring in &tracks.entangled {
                let mut able = ring
                    .iter()
                    .filter(|line| search::can_come_sideways(self.graph, **line));
                sideways.extend(able.next());
            }
            round += 1;
            if sideways.len() == before || round >= self.rounds {
                return (parts, tracks);
            }
        }
    }

    /// A layout, and the lines whose names found no good place in it.
    fn settle(&self, sideways: &mut BTreeSet<usize>) -> (Layout, Vec<usize>) {
        let (parts, tracks) = self.lines(sideways);
        let mut room = first_room(self.graph, &self.cells, self.flow);
        let mut round = 0;
        loop {
            let Self { graph, flow, .. } = *self;
            let frame = Frame::new(graph, &self.cells, flow, &tracks, &room, self.header);
            let (layout, unhappy) = draw(&frame, graph, &parts, &self.order);
            if unhappy.is_empty() || round >= self.rounds {
                return (layout, unhappy.iter().map(|name| name.line).collect());
            }
            round += 1;
            for name in unhappy {
                let parts = &parts[name.line];
                if let Some(part) = parts.get(name.part).or(parts.first()) {
                    let label = &graph.links[name.line].label;
                    let extent = labels::least_extent(label, flow);
                    let breadth = labels::least_extent(label, flow.turned()).max(32);
                    room.widen(part, name.late, (extent / 2, breadth / 2));
                }
            }
        }
    }
}

/// Behind a node whose ways out are named there is room for the longest name.
fn first_room(graph: &Graph, cells: &Cells, flow: Flow) -> Room {
    let mut room = Room {
        along: vec![0; cells.columns + 1],
        behind: vec![0; cells.columns + 1],
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
    parts: &[Vec<Stretch>],
    order: &[usize],
) -> (Layout, Vec<labels::Unhappy>) {
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
