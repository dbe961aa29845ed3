//! From the flow to the two graphs that are drawn.

pub(crate) mod compact;
pub(crate) mod lanes;

use crate::{
    event,
    graph::{Graph, NodeKind},
};

fn start(graph: &mut Graph, lane: usize) -> usize {
    graph.node(
        "Start".to_owned(),
        NodeKind::Start,
        lane,
        event::START.to_owned(),
        event::size(event::START),
    )
}

fn end(graph: &mut Graph, id: String, lane: usize, label: &str, at_once: bool) -> usize {
    graph.node(
        id,
        NodeKind::End { at_once },
        lane,
        label.to_owned(),
        event::size(label),
    )
}
