//! The process as BPMN 2.0 XML with its layout: the same places as in the picture with lanes.

use std::fmt::Write as _;

use domain::process_type::{
    Definition,
    definition::{Over, TaskKind},
};

use crate::{
    event,
    graph::{Graph, Link, Node, NodeKind},
    layout::{Layout, Point, Rect},
    xml::escape,
};

/// Why the file is not for running.
const NOTE: &str = "Documentation of a process that Baton runs. It is not executable: work that is sent back reopens a step with all \
                    that comes behind it, parallel branches included, and conditions are written in Baton's own language; BPMN tokens cannot say either.";

/// The strip of a pool in which its name stands.
const POOL_STRIP: i32 = 30;

struct Writer<'a> {
    definition: &'a Definition,
    graph: &'a Graph,
    layout: &'a Layout,
    out: String,
}

/// `graph` is the one with lanes and gateways.
pub(crate) fn draw(definition: &Definition, graph: &Graph, layout: &Layout) -> String {
    let mut writer = Writer {
        definition,
        graph,
        layout,
        out: String::new(),
    };
    writer.head();
    writer.process();
    writer.diagram();
    writer.put("</bpmn:definitions>");
    writer.out
}

impl Writer<'_> {
    fn put(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn head(&mut self) {
        let (key, name) = (&self.definition.key, escape(&self.definition.name));
        self.put(&format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_{key}" targetNamespace="urn:baton:process-types" exporter="Baton" exporterVersion="{}">
<bpmn:collaboration id="Collaboration_{key}">
<bpmn:participant id="Participant_{key}" name="{name}" processRef="Process_{key}"/>
</bpmn:collaboration>"#,
            env!("CARGO_PKG_VERSION")
        ));
    }

    fn process(&mut self) {
        let (key, name) = (&self.definition.key, escape(&self.definition.name));
        let note = escape(&format!("{} {NOTE}", self.definition.summary));
        self.put(&format!(
            "<bpmn:process id=\"Process_{key}\" name=\"{name}\" isExecutable=\"false\">\n<bpmn:documentation>{note}</bpmn:documentation>\n<bpmn:laneSet id=\"LaneSet_{key}\">"
        ));
        for band in &self.layout.bands {
            let name = escape(&self.graph.lanes[band.lane]);
            self.put(&format!(
                r#"<bpmn:lane id="Lane_{}" name="{name}">"#,
                band.lane
            ));
            for node in self
                .graph
                .nodes
                .iter()
                .filter(|node| node.lane == band.lane)
            {
                let _ = writeln!(self.out, "<bpmn:flowNodeRef>{}</bpmn:flowNodeRef>", node.id);
            }
            self.put("</bpmn:lane>");
        }
        self.put("</bpmn:laneSet>");
        for (place, node) in self.graph.nodes.iter().enumerate() {
            self.node(place, node);
        }
        for (number, link) in self.graph.links.iter().enumerate() {
            self.flow(number, link);
        }
        self.put("</bpmn:process>");
    }

    /// The flow that is taken where no condition holds: the way that is meant, else the first.
    fn default_of(&self, place: usize) -> Option<usize> {
        let leaves = |(_, link): &(usize, &Link)| link.from == place;
        let mut out = self.graph.links.iter().enumerate().filter(leaves);
        let first = out.clone().next();
        out.find(|(_, link)| link.main)
            .or(first)
            .map(|(number, _)| number)
    }

    fn node(&mut self, place: usize, node: &Node) {
        let name = escape(&node.label);
        let named = if name.is_empty() {
            String::new()
        } else {
            format!(r#" name="{name}""#)
        };
        let (tag, more, inside) = match node.kind {
            NodeKind::Start => ("startEvent", named, String::new()),
            NodeKind::End { at_once } => {
                let id = &node.id;
                let inside = at_once
                    .then(|| format!("<bpmn:terminateEventDefinition id=\"Terminate_{id}\"/>\n"));
                ("endEvent", named, inside.unwrap_or_default())
            }
            // The engine does this by itself.
            NodeKind::Result => ("scriptTask", named, String::new()),
            NodeKind::Merge => ("exclusiveGateway", named, String::new()),
            NodeKind::Join | NodeKind::Split => ("parallelGateway", named, String::new()),
            NodeKind::Decision(_) | NodeKind::Guard(_) => {
                let default = self
                    .default_of(place)
                    .map_or_else(String::new, |flow| format!(r#" default="Flow_{flow}""#));
                ("exclusiveGateway", named + &default, String::new())
            }
            NodeKind::Step { step, .. } => self.task(step, named),
        };
        let _ = writeln!(self.out, r#"<bpmn:{tag} id="{}"{more}>"#, node.id);
        if let NodeKind::Step { step, .. } = node.kind
            && let Some(description) = &self.definition.tasks[step].description
        {
            let _ = writeln!(
                self.out,
                "<bpmn:documentation>{}</bpmn:documentation>",
                escape(description)
            );
        }
        for (number, _) in self
            .graph
            .links
            .iter()
            .enumerate()
            .filter(|(_, link)| link.to == place)
        {
            let _ = writeln!(self.out, "<bpmn:incoming>Flow_{number}</bpmn:incoming>");
        }
        for (number, _) in self
            .graph
            .links
            .iter()
            .enumerate()
            .filter(|(_, link)| link.from == place)
        {
            let _ = writeln!(self.out, "<bpmn:outgoing>Flow_{number}</bpmn:outgoing>");
        }
        self.out.push_str(&inside);
        self.put(&format!("</bpmn:{tag}>"));
    }

    fn task(&self, step: usize, named: String) -> (&'static str, String, String) {
        let task = &self.definition.tasks[step];
        match task.kind {
            TaskKind::Task | TaskKind::Approval | TaskKind::Decision => {
                ("userTask", named, String::new())
            }
            TaskKind::Wait => ("receiveTask", named, String::new()),
            TaskKind::FanOut => {
                let over = match &task.over {
                    Some(Over::Field(name) | Over::Related(name) | Over::Segment(name)) => {
                        format!("number of {name}")
                    }
                    None => "number of items".to_owned(),
                };
                let inside = format!(
                    "<bpmn:multiInstanceLoopCharacteristics>\n<bpmn:loopCardinality xsi:type=\"bpmn:tFormalExpression\">{}</bpmn:loopCardinality>\n</bpmn:multiInstanceLoopCharacteristics>\n",
                    escape(&over)
                );
                ("userTask", named, inside)
            }
            TaskKind::Subprocess => {
                let called = task.starts.as_ref().map_or_else(String::new, |starts| {
                    format!(
                        r#" calledElement="Process_{}""#,
                        escape(&starts.process_type)
                    )
                });
                ("callActivity", named + &called, String::new())
            }
        }
    }

    fn flow(&mut self, number: usize, link: &Link) {
        let (from, to) = (&self.graph.nodes[link.from], &self.graph.nodes[link.to]);
        let name = escape(&link.label);
        let named = if name.is_empty() {
            String::new()
        } else {
            format!(r#" name="{name}""#)
        };
        let head = format!(
            r#"<bpmn:sequenceFlow id="Flow_{number}"{named} sourceRef="{}" targetRef="{}""#,
            from.id, to.id
        );
        let parts = matches!(from.kind, NodeKind::Decision(_) | NodeKind::Guard(_));
        if parts && self.default_of(link.from) != Some(number) {
            self.put(&format!(
                "{head}>\n<bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\">{name}</bpmn:conditionExpression>\n</bpmn:sequenceFlow>"
            ));
        } else {
            self.put(&format!("{head}/>"));
        }
    }

    fn diagram(&mut self) {
        let key = &self.definition.key;
        let open = format!(
            "<bpmndi:BPMNDiagram id=\"Diagram_{key}\">\n<bpmndi:BPMNPlane id=\"Plane_{key}\" bpmnElement=\"Collaboration_{key}\">"
        );
        let pool = format!("Participant_{key}");
        self.put(&open);
        let areas = self.layout.bands.iter().map(|band| band.area);
        let whole = areas.reduce(|one, other| Rect {
            height: other.y + other.height - one.y,
            ..one
        });
        if let Some(whole) = whole {
            self.shape(&pool, whole, r#" isHorizontal="true""#, None);
        }
        for band in &self.layout.bands {
            let area = Rect {
                x: band.area.x + POOL_STRIP,
                width: band.area.width - POOL_STRIP,
                ..band.area
            };
            self.shape(
                &format!("Lane_{}", band.lane),
                area,
                r#" isHorizontal="true""#,
                None,
            );
        }
        for (place, node) in self.graph.nodes.iter().enumerate() {
            let (bounds, label) = self.bounds(place, node);
            let marker = matches!(
                node.kind,
                NodeKind::Decision(_) | NodeKind::Guard(_) | NodeKind::Merge
            );
            self.shape(
                &node.id,
                bounds,
                if marker {
                    r#" isMarkerVisible="true""#
                } else {
                    ""
                },
                label,
            );
        }
        for (number, corners) in self.layout.lines.iter().enumerate() {
            self.edge(number, corners);
        }
        self.put("</bpmndi:BPMNPlane>\n</bpmndi:BPMNDiagram>");
    }

    /// A pill is a circle with its name beside it, on the side where no line is.
    fn bounds(&self, place: usize, node: &Node) -> (Rect, Option<Rect>) {
        let area = self.layout.areas[place];
        let circle = |x: i32| Rect {
            x,
            y: area.y + (area.height - event::SIGN) / 2,
            width: event::SIGN,
            height: event::SIGN,
        };
        let name = |x: i32| Rect {
            x,
            width: area.width - event::SIGN - 2,
            ..area
        };
        match node.kind {
            NodeKind::Start => (
                circle(area.x + area.width - event::SIGN),
                Some(name(area.x)),
            ),
            NodeKind::End { .. } => (circle(area.x), Some(name(area.x + event::SIGN + 2))),
            NodeKind::Decision(_) | NodeKind::Guard(_) => {
                let label = self
                    .layout
                    .labels
                    .iter()
                    .find(|label| label.node == Some(place));
                (area, label.map(|label| label.area))
            }
            NodeKind::Step { .. }
            | NodeKind::Result
            | NodeKind::Merge
            | NodeKind::Join
            | NodeKind::Split => (area, None),
        }
    }

    fn shape(&mut self, id: &str, area: Rect, more: &str, label: Option<Rect>) {
        let _ = writeln!(
            self.out,
            "<bpmndi:BPMNShape id=\"Shape_{id}\" bpmnElement=\"{id}\"{more}>\n{}",
            bounds(area)
        );
        self.label(label);
        self.put("</bpmndi:BPMNShape>");
    }

    fn edge(&mut self, number: usize, corners: &[Point]) {
        let _ = writeln!(
            self.out,
            r#"<bpmndi:BPMNEdge id="Edge_{number}" bpmnElement="Flow_{number}">"#
        );
        for corner in corners {
            let _ = writeln!(
                self.out,
                r#"<di:waypoint x="{}" y="{}"/>"#,
                corner.x, corner.y
            );
        }
        let label = self
            .layout
            .labels
            .iter()
            .find(|label| label.line == Some(number));
        let area = label.map(|label| label.area);
        self.label(area);
        self.put("</bpmndi:BPMNEdge>");
    }

    fn label(&mut self, area: Option<Rect>) {
        if let Some(area) = area {
            let _ = writeln!(
                self.out,
                "<bpmndi:BPMNLabel>\n{}\n</bpmndi:BPMNLabel>",
                bounds(area)
            );
        }
    }
}

fn bounds(area: Rect) -> String {
    let Rect {
        x,
        y,
        width,
        height,
    } = area;
    format!(r#"<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>"#)
}
