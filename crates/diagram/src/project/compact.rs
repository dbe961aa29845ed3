//! The compact graph for paper: steps with the diamond of their outcomes at their foot, no joins and no merges.

use super::{end, start};
use crate::{
    card,
    graph::{Graph, NodeKind},
    names::Names,
    reading::{Exit, Reading, Target},
};

pub(crate) fn graph(reading: &Reading<'_>, names: &Names) -> Graph {
    let mut graph = Graph::default();
    let definition = reading.definition;
    let mut cards = Vec::new();
    for (step, task) in definition.tasks.iter().enumerate() {
        let lane = graph.lane(names.owner(definition, &task.owner));
        let fork = reading.exits[step].len() > 1;
        let size = card::down(&reading.titles[step], fork);
        let kind = NodeKind::Step { step, fork };
        let node = graph.node(
            format!("Task_{}", task.key),
            kind,
            lane,
            reading.titles[step].clone(),
            size,
        );
        let foot = if fork { card::FOOT } else { 0 };
        graph.nodes[node].reach = -foot / 2;
        graph.nodes[node].leave = if fork {
            (size.height - card::FOOT) / 2
        } else {
            0
        };
        cards.push(node);
    }
    let first = reading.first();
    if let Some(lane) = first.first().map(|step| graph.nodes[cards[*step]].lane) {
        let start = start(&mut graph, lane);
        for step in first {
            graph.link(start, cards[step], "");
        }
    }
    for (step, exits) in reading.exits.iter().enumerate() {
        let mut main_way = true;
        let ways = ways_on(exits);
        for (number, exit) in exits.iter().enumerate() {
            let label = if exits.len() > 1 {
                exit.label.as_str()
            } else {
                ""
            };
            match &exit.target {
                Target::Back(back) => {
                    let link = graph.link(cards[step], cards[*back], label);
                    graph.links[link].back = true;
                }
                Target::End {
                    label: result,
                    at_once,
                } => {
                    let (id, lane) = (
                        format!("End_{number}_{}", definition.tasks[step].key),
                        graph.nodes[cards[step]].lane,
                    );
                    let end = end(&mut graph, id, lane, result, *at_once);
                    graph.link(cards[step], end, label);
                }
                Target::On(_) => {
                    for way in ways.iter().filter(|way| way.exits.first() == Some(&number)) {
                        let exit = graph.links.len();
                        let label = way.label(exits);
                        for (place, to) in way.to.iter().enumerate() {
                            let label = if place == 0 { label.as_str() } else { "" };
                            let link = graph.link(cards[step], cards[*to], label);
                            graph.links[link].main = main_way && place == 0;
                            graph.links[link].exit = exit;
                        }
                        main_way = false;
                    }
                }
            }
        }
    }
    graph
}

/// Where some of a step's ways out lead, all of them to all of it. Ways that lead in part to the same steps would else be
/// lines upon each other, each with a name.
struct Way {
    exits: Vec<usize>,
    to: Vec<usize>,
}

impl Way {
    fn label(&self, exits: &[Exit]) -> String {
        if exits.len() == 1 {
            return String::new();
        }
        let labels = self.exits.iter().map(|exit| exits[*exit].label.as_str());
        labels.collect::<Vec<_>>().join(" / ")
    }
}

/// The ways on from a step, in the order of their first way out.
fn ways_on(exits: &[Exit]) -> Vec<Way> {
    let next = |exit: &Exit| match &exit.target {
        Target::On(next) => next.clone(),
        Target::Back(_) | Target::End { .. } => Vec::new(),
    };
    let mut ways: Vec<Way> = Vec::new();
    for to in exits.iter().flat_map(next) {
        let leading = (0..exits.len()).filter(|exit| next(&exits[*exit]).contains(&to));
        let leading: Vec<usize> = leading.collect();
        match ways.iter_mut().find(|way| way.exits == leading) {
            Some(way) if !way.to.contains(&to) => way.to.push(to),
            Some(_) => {}
            None => ways.push(Way {
                exits: leading,
                to: vec![to],
            }),
        }
    }
    ways
}
