//! From the flow to the two graphs that are drawn.

pub(crate) mod compact;
pub(crate) mod lanes;

use crate::{
    event,
    graph::{Graph, NodeKind, Passage},
    reading::{Ending, Exit, Reading},
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

fn end(graph: &mut Graph, id: String, lane: usize, ending: &Ending, passage: Passage) -> usize {
    let kind = NodeKind::End {
        at_once: ending.at_once,
    };
    let size = event::size(&ending.label);
    let node = graph.node(id, kind, lane, ending.label.clone(), size);
    graph.nodes[node].passage = Some(Passage {
        result: ending.result.clone(),
        ..passage
    });
    node
}

/// Where a result is set on the way.
fn result(
    graph: &mut Graph,
    id: String,
    lane: usize,
    (key, name): &(String, String),
    passage: Passage,
) -> usize {
    let label = format!("{} {name}", event::RESULT);
    let size = event::size(&label);
    let node = graph.node(id, NodeKind::Result, lane, label, size);
    graph.nodes[node].passage = Some(Passage {
        result: Some(key.clone()),
        ..passage
    });
    node
}

/// The ways out of a step by which a run comes here: one of its exits, or passing it over, or both.
fn passage(reading: &Reading<'_>, step: usize, exit: Option<&Exit>, passed: bool) -> Passage {
    Passage {
        step,
        outcomes: exit.map(|exit| exit.outcomes.clone()).unwrap_or_default(),
        done: exit.is_some(),
        // Whoever skips a step without outcomes goes the only way there is.
        passed: passed || (exit.is_some() && reading.definition.tasks[step].outcomes.is_empty()),
        result: None,
    }
}
