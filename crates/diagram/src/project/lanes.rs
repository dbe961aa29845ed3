//! The graph with every gateway of BPMN, in lanes. Each gateway either parts or joins ways, and no step does either.

use std::collections::BTreeMap;

use domain::process_type::definition::TaskKind;

use super::{end, passage, result, start};
use crate::{
    card,
    graph::{Graph, NodeKind, Passage, Size},
    names::Names,
    reading::{Exit, Reading, Target},
};

const GATEWAY: Size = Size {
    width: 42,
    height: 42,
};

/// Where lines into a step arrive.
struct Entry {
    /// From steps before it, by their number.
    from: BTreeMap<usize, usize>,
    /// From the start.
    start: usize,
    /// From where work is sent back.
    back: usize,
}

struct Builder<'a> {
    reading: &'a Reading<'a>,
    graph: Graph,
    lane_of: Vec<usize>,
    entries: Vec<Entry>,
    /// For each step the node of its card, and the node that asks whether it is needed.
    cards: Vec<(usize, Option<usize>)>,
}

pub(crate) fn graph(reading: &Reading<'_>, names: &Names) -> Graph {
    let mut builder = Builder {
        reading,
        graph: Graph::default(),
        lane_of: Vec::new(),
        entries: Vec::new(),
        cards: Vec::new(),
    };
    for task in &reading.definition.tasks {
        let lane = builder
            .graph
            .lane(names.owner(reading.definition, &task.owner));
        builder.lane_of.push(lane);
    }
    for step in 0..reading.definition.tasks.len() {
        builder.step(step);
    }
    builder.start();
    for step in 0..reading.definition.tasks.len() {
        builder.ways_out(step);
    }
    builder.graph
}

/// How many lines leave a step for another one: outcomes and passing over that lead to the same place are one.
fn ways(reading: &Reading<'_>, from: usize, to: usize) -> usize {
    let leads = |target: &Target| matches!(target, Target::On(next) if next.contains(&to));
    let exits = &reading.exits[from];
    let own = exits.iter().filter(|exit| leads(&exit.target)).count();
    let bypass = reading.bypass[from].as_ref();
    let apart =
        bypass.is_some_and(|target| leads(target) && !exits.iter().any(|exit| joins(exit, target)));
    own + usize::from(apart)
}

/// Whether passing a step over leads to where this way out leads, and sets no result either.
fn joins(exit: &Exit, bypass: &Target) -> bool {
    exit.target == *bypass && exit.sets.is_none()
}

impl Builder<'_> {
    fn gateway(&mut self, id: String, kind: NodeKind, step: usize, label: &str) -> usize {
        let lane = self.lane_of[step];
        self.graph.node(id, kind, lane, label.to_owned(), GATEWAY)
    }

    fn key(&self, step: usize) -> &str {
        &self.reading.definition.tasks[step].key
    }

    /// The step with what stands before it: join, merge, and the question whether it is needed.
    fn step(&mut self, step: usize) {
        let key = self.key(step).to_owned();
        let sources = self.reading.sources(step);
        let backs = self
            .reading
            .exits
            .iter()
            .flatten()
            .filter(|exit| exit.target == Target::Back(step))
            .count();
        let forward: usize = sources
            .iter()
            .map(|source| ways(self.reading, *source, step))
            .sum();
        let awaits_all = sources.len() > 1 && !self.reading.opens_by_any(step);
        let mut chain: Vec<usize> = Vec::new();
        let mut from = BTreeMap::new();
        if awaits_all {
            let join = self.gateway(format!("Join_{key}"), NodeKind::Join, step, "");
            for (number, source) in sources.iter().enumerate() {
                let mut arrival = join;
                if ways(self.reading, *source, step) > 1 {
                    arrival =
                        self.gateway(format!("Meet_{number}_{key}"), NodeKind::Merge, step, "");
                    self.graph.link(arrival, join, "");
                }
                from.insert(*source, arrival);
            }
            chain.push(join);
        }
        let merges = if awaits_all {
            backs > 0
        } else {
            forward.max(1) + backs > 1
        };
        let mut merge = None;
        if merges {
            let node = self.gateway(format!("Merge_{key}"), NodeKind::Merge, step, "");
            chain.push(node);
            merge = Some(node);
        }
        let guard = self.reading.bypass[step].is_some().then(|| {
            self.gateway(
                format!("Guard_{key}"),
                NodeKind::Guard(step),
                step,
                "Needed?",
            )
        });
        chain.extend(guard);
        let title = self.reading.titles[step].clone();
        let items = self.reading.definition.tasks[step].kind == TaskKind::FanOut;
        let size = card::across(&title, items);
        let kind = NodeKind::Step { step, fork: false };
        let card = self
            .graph
            .node(format!("Task_{key}"), kind, self.lane_of[step], title, size);
        chain.push(card);
        for pair in chain.windows(2) {
            let label = if Some(pair[0]) == guard { "Yes" } else { "" };
            let link = self.graph.link(pair[0], pair[1], label);
            self.graph.links[link].main = true;
        }
        let first = chain[0];
        if !awaits_all {
            from.extend(sources.iter().map(|source| (*source, first)));
        }
        self.entries.push(Entry {
            from,
            start: first,
            back: merge.unwrap_or(first),
        });
        self.cards.push((card, guard));
    }

    fn start(&mut self) {
        let first = self.reading.first();
        let Some(lane) = first.first().map(|step| self.lane_of[*step]) else {
            return;
        };
        let start = start(&mut self.graph, lane);
        let mut source = start;
        if first.len() > 1 {
            source = self.gateway("Split_start".to_owned(), NodeKind::Split, first[0], "");
            self.graph.link(start, source, "");
        }
        for step in first {
            self.graph.link(source, self.entries[step].start, "");
        }
    }

    /// What stands behind a step: the diamond of its outcomes, splits and ends.
    fn ways_out(&mut self, step: usize) {
        let reading = self.reading;
        let (card, guard) = self.cards[step];
        let key = self.key(step).to_owned();
        let exits: &[Exit] = &reading.exits[step];
        let mut source = card;
        if exits.len() > 1 {
            let question = match reading.definition.tasks[step].kind {
                TaskKind::Approval => "Approved?",
                TaskKind::Decision => "Decision?",
                TaskKind::Task | TaskKind::Wait | TaskKind::FanOut | TaskKind::Subprocess => {
                    "Outcome?"
                }
            };
            source = self.gateway(
                format!("Decision_{key}"),
                NodeKind::Decision(step),
                step,
                question,
            );
            let link = self.graph.link(card, source, "");
            self.graph.links[link].main = true;
        }
        let mut bypass = guard.zip(reading.bypass[step].clone());
        let mut main_way = true;
        for (number, exit) in exits.iter().enumerate() {
            let label = if exits.len() > 1 {
                exit.label.as_str()
            } else {
                ""
            };
            let mut from = (source, label);
            let joined = bypass.take_if(|(_, target)| joins(exit, target));
            if let Some((guard, _)) = &joined {
                let merge = self.gateway(format!("Past_{key}"), NodeKind::Merge, step, "");
                let link = self.graph.link(source, merge, label);
                self.graph.links[link].main = true;
                self.graph.link(*guard, merge, "No");
                from = (merge, "");
            }
            let goes_on = matches!(exit.target, Target::On(_));
            let main = main_way && goes_on;
            let passage = passage(reading, step, Some(exit), joined.is_some());
            if let Some(sets) = &exit.sets {
                let id = format!("Result_{number}_{key}");
                let lane = self.lane_of[step];
                let result = result(&mut self.graph, id, lane, sets, passage.clone());
                let link = self.graph.link(from.0, result, from.1);
                self.graph.links[link].main = main;
                from = (result, "");
            }
            self.lead(
                from,
                &exit.target,
                &format!("{number}_{key}"),
                (passage, main),
            );
            main_way &= !goes_on;
        }
        if let Some((guard, target)) = bypass {
            let passage = passage(reading, step, None, true);
            let id = format!("past_{key}");
            self.lead((guard, "No"), &target, &id, (passage, false));
        }
    }

    fn lead(
        &mut self,
        (from, label): (usize, &str),
        target: &Target,
        id: &str,
        (passage, main): (Passage, bool),
    ) {
        let step = passage.step;
        match target {
            Target::Back(back) => {
                let link = self.graph.link(from, self.entries[*back].back, label);
                self.graph.links[link].back = true;
            }
            Target::End(ending) => {
                let (id, lane) = (format!("End_{id}"), self.lane_of[step]);
                let end = end(&mut self.graph, id, lane, ending, passage);
                self.graph.link(from, end, label);
            }
            Target::On(next) => {
                let mut source = (from, label);
                if next.len() > 1 {
                    let split = self.gateway(format!("Split_{id}"), NodeKind::Split, step, "");
                    let link = self.graph.link(from, split, label);
                    self.graph.links[link].main = main;
                    source = (split, "");
                }
                for (place, to) in next.iter().enumerate() {
                    let Some(entry) = self.entries[*to].from.get(&step).copied() else {
                        continue;
                    };
                    let link = self.graph.link(source.0, entry, source.1);
                    self.graph.links[link].main = main && place == 0;
                }
            }
        }
    }
}
