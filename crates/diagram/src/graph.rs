//! What is drawn, before anything has a place: nodes in lanes, and edges.

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Start,
    /// An end; `at_once` where it stops what else is open.
    End {
        at_once: bool,
    },
    /// Here the run is given the result with which it will end, and goes on.
    Result,
    /// The step with this number; `fork` where its outcomes leave from a diamond at its foot.
    Step {
        step: usize,
        fork: bool,
    },
    /// One way out of several, by the outcome of the step.
    Decision(usize),
    /// Whether this step is needed at all.
    Guard(usize),
    /// Several ways meet, one is enough.
    Merge,
    /// Several ways meet, all are awaited.
    Join,
    /// Several ways leave at once.
    Split,
}

/// What has to happen for a run to come by an end, or by where a result is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Passage {
    pub(crate) step: usize,
    /// The step is completed with one of these outcomes; without any, it has none.
    pub(crate) outcomes: Vec<String>,
    /// Whether completing it leads here.
    pub(crate) done: bool,
    /// Whether passing it over leads here.
    pub(crate) passed: bool,
    /// The result that is told here.
    pub(crate) result: Option<String>,
}

/// A node.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) kind: NodeKind,
    pub(crate) lane: usize,
    /// What it is called; empty where it needs no name.
    pub(crate) label: String,
    pub(crate) size: Size,
    /// Along the flow, how far from its middle sideways lines leave it.
    pub(crate) leave: i32,
    /// Along the flow, how far from its middle sideways lines reach it.
    pub(crate) reach: i32,
    /// Of an end, and of where a result is set.
    pub(crate) passage: Option<Passage>,
}

/// Width and height as drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// A line from one node to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: String,
    /// Whether it sends work back.
    pub(crate) back: bool,
    /// Whether it is the way that is meant to be taken.
    pub(crate) main: bool,
    /// Lines of one node with the same number leave it together, under one name.
    pub(crate) exit: usize,
}

/// The whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    /// Who the lanes belong to, in order of appearance.
    pub(crate) lanes: Vec<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) links: Vec<Link>,
}

impl Graph {
    pub(crate) fn lane(&mut self, name: String) -> usize {
        self.lanes
            .iter()
            .position(|lane| *lane == name)
            .unwrap_or_else(|| {
                self.lanes.push(name);
                self.lanes.len() - 1
            })
    }

    pub(crate) fn node(
        &mut self,
        id: String,
        kind: NodeKind,
        lane: usize,
        label: String,
        size: Size,
    ) -> usize {
        self.nodes.push(Node {
            id,
            kind,
            lane,
            label,
            size,
            leave: 0,
            reach: 0,
            passage: None,
        });
        self.nodes.len() - 1
    }

    pub(crate) fn link(&mut self, from: usize, to: usize, label: &str) -> usize {
        self.links.push(Link {
            from,
            to,
            label: label.to_owned(),
            back: false,
            main: false,
            exit: self.links.len(),
        });
        self.links.len() - 1
    }
}
