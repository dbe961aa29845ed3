//! What holds in every picture: nothing lies on anything else, and nothing outside.

use proptest::prelude::*;

use serde_json::json;

use super::{definition, diagram, library, random::flows};
use crate::{
    graph::Graph,
    layout::{Layout, NEAR, Point, Rect, own, shapes},
};

fn parts(corners: &[Point]) -> impl Iterator<Item = Rect> {
    corners
        .windows(2)
        .map(|pair| Rect::between(pair[0], pair[1]))
}

/// The faults of a picture, in words.
fn faults(graph: &Graph, layout: &Layout) -> Vec<String> {
    let mut faults = Vec::new();
    let shapes = shapes(graph, &layout.areas);
    let whole = Rect {
        x: 0,
        y: 0,
        width: layout.width,
        height: layout.height,
    };
    for (place, shape) in shapes.iter().enumerate() {
        if shapes[..place].iter().any(|other| other.overlaps(shape)) {
            faults.push(format!("shape {place} lies on another"));
        }
        if !whole.contains(shape) {
            faults.push(format!("shape {place} lies outside"));
        }
    }
    for (line, corners) in layout.lines.iter().enumerate() {
        for part in parts(corners) {
            if part.width > 0 && part.height > 0 {
                faults.push(format!("line {line} is slanted"));
            }
            if let Some(shape) = shapes
                .iter()
                .position(|shape| shape.grown(-1).overlaps(&part))
            {
                faults.push(format!("line {line} runs through shape {shape}"));
            }
            if !whole.contains(&part) {
                faults.push(format!("line {line} leaves the picture"));
            }
        }
    }
    for (place, label) in layout.labels.iter().enumerate() {
        if layout.labels[..place]
            .iter()
            .any(|other| other.area.overlaps(&label.area))
        {
            faults.push(format!("label {:?} lies on another", label.lines));
        }
        if shapes.iter().any(|shape| shape.overlaps(&label.area)) {
            faults.push(format!("label {:?} lies on a shape", label.lines));
        }
        if !whole.contains(&label.area) {
            faults.push(format!("label {:?} lies outside", label.lines));
        }
    }
    faults
}

/// What is allowed only where there is no other way: labels on lines, lines on lines.
fn blemishes(graph: &Graph, layout: &Layout) -> Vec<String> {
    let mut blemishes = Vec::new();
    for label in &layout.labels {
        let crossed = layout
            .lines
            .iter()
            .flat_map(|corners| parts(corners))
            .any(|part| part.overlaps(&label.area));
        if crossed {
            blemishes.push(format!("label {:?} lies on a line", label.lines));
        }
    }
    for (one, corners) in layout.lines.iter().enumerate() {
        for (other, other_corners) in layout.lines.iter().enumerate().skip(one + 1) {
            let (a, b) = (&graph.links[one], &graph.links[other]);
            let kin = a.back == b.back && (a.from == b.from || a.to == b.to);
            let upon = |part: &Rect, other: &Rect| {
                let level = part.height == 0 && other.height == 0 && part.y == other.y;
                let upright = part.width == 0 && other.width == 0 && part.x == other.x;
                (level && part.x < other.x + other.width && other.x < part.x + part.width)
                    || (upright
                        && part.y < other.y + other.height
                        && other.y < part.y + part.height)
            };
            if !kin
                && parts(corners).any(|part| parts(other_corners).any(|other| upon(&part, &other)))
            {
                blemishes.push(format!(
                    "line {} to {} runs on {} to {}",
                    a.from, a.to, b.from, b.to
                ));
            }
        }
    }
    blemishes
}

/// Names of ways out that could be taken for the name of another one.
fn mistakable(graph: &Graph, layout: &Layout) -> Vec<String> {
    let mut mistakable = Vec::new();
    for label in &layout.labels {
        let Some(line) = label.line else { continue };
        let around = label.area.grown(NEAR);
        if !parts(&layout.lines[line]).any(|part| part.overlaps(&around)) {
            mistakable.push(format!(
                "{:?} stands beside no line of its own",
                label.lines
            ));
        }
        let others = (0..graph.links.len()).filter(|other| own::differ(graph, line, *other));
        for other in others {
            let near = |part: &Rect| part.overlaps(&around);
            let rival = own::are_rivals(graph, line, other);
            if parts(&layout.lines[other]).any(|part| {
                near(&part) && (rival || own::run_together(&layout.lines[line], &part, &around))
            }) {
                let to = &graph.nodes[graph.links[other].to].id;
                mistakable.push(format!(
                    "{:?} seems to name the line to {to} too",
                    label.lines
                ));
            }
        }
    }
    mistakable
}

/// Each name stands where its line has parted from those of other outcomes, and has not yet met any.
#[test]
fn in_pictures_of_the_library_no_outcome_s_name_can_be_taken_for_another_s() {
    let mut found = Vec::new();
    for (slug, definition) in library() {
        let diagram = diagram(&definition);
        for (form, (graph, layout)) in [("lanes", &diagram.lanes), ("portrait", &diagram.portrait)]
        {
            let faults = mistakable(graph, layout);
            found.extend(
                faults
                    .into_iter()
                    .map(|fault| format!("{slug} {form}: {fault}")),
            );
        }
    }
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
}

/// Two outcomes that open one step together and another one each: the line to what they share bears both names.
#[test]
fn outcomes_that_lead_in_part_to_the_same_step_share_one_line_there_that_names_both() {
    let after = |outcomes: &[&str]| {
        let edge = |outcome: &&str| json!({"task": "a", "outcome": outcome});
        outcomes.iter().map(edge).collect::<Vec<_>>()
    };
    let definition = definition(json!({
        "key": "two", "name": "Two", "category": "service_requests", "summary": "Two.",
        "trigger": {"kind": "as_needed", "description": "x"}, "subject": {"kinds": ["client"]},
        "tasks": [
            {"key": "a", "title": "A", "outcomes": [{"key": "x", "label": "X"}, {"key": "y", "label": "Y"}]},
            {"key": "b", "title": "B", "after": after(&["x", "y"]), "join": "any"},
            {"key": "c", "title": "C", "after": after(&["x"])},
            {"key": "d", "title": "D", "after": after(&["y"])},
        ],
    }));
    let diagram = diagram(&definition);
    let (graph, layout) = &diagram.portrait;
    let ways = graph.links.iter().filter(|link| !link.label.is_empty());
    let ways: Vec<_> = ways
        .map(|link| (link.label.as_str(), graph.nodes[link.to].id.as_str()))
        .collect();
    assert_eq!(
        ways,
        [("X / Y", "Task_b"), ("X", "Task_c"), ("Y", "Task_d")]
    );
    assert_eq!(mistakable(graph, layout), Vec::<String>::new());
}

#[test]
fn in_pictures_of_the_library_nothing_lies_on_anything_else() {
    for (slug, definition) in library() {
        let diagram = diagram(&definition);
        for (form, (graph, layout)) in [("lanes", &diagram.lanes), ("portrait", &diagram.portrait)]
        {
            assert_eq!(faults(graph, layout), Vec::<String>::new(), "{slug} {form}");
            assert_eq!(
                blemishes(graph, layout),
                Vec::<String>::new(),
                "{slug} {form}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn in_pictures_of_any_flow_nothing_lies_on_anything_else(definition in flows()) {
        let diagram = diagram(&definition);
        for (graph, layout) in [&diagram.lanes, &diagram.portrait] {
            prop_assert_eq!(faults(graph, layout), Vec::<String>::new());
        }
    }
}
