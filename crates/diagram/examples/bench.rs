//! scratch
use std::{collections::BTreeMap, time::Instant};
use diagram::{Diagram, Names, Theme};
use domain::process_type::{ProcessTypeDocument, parse};
use serde_json::{Value, json};
fn main() {
    let mut times = Vec::new();
    for file in std::env::args().skip(1) {
        let doc = library::read_yaml(&std::fs::read_to_string(&file).unwrap()).unwrap();
        let definition = parse(&doc).unwrap();
        for _ in 0..5 {
            let t = Instant::now();
            let d = Diagram::of(&definition, &Names { roles: BTreeMap::new(), people: BTreeMap::new() }).unwrap();
            std::hint::black_box(d.svg(Theme::Light, None));
            times.push((t.elapsed(), file.clone()));
        }
    }
    times.sort();
    println!("n={} p50={:?} max={:?}", times.len(), times[times.len() / 2], times.last());
    for (steps, reach) in [(50, 2), (100, 2), (100, 3), (200, 2), (200, 3), (300, 1), (300, 2), (140, 5), (300,3)] {
        let tasks: Vec<Value> = (0..steps).map(|place: usize| {
            let after: Vec<Value> = (1..=reach).filter_map(|back: usize| place.checked_sub(back * back)).map(|s| json!({"task": format!("t{s}"), "outcome": "on"})).collect();
            json!({"key": format!("t{place}"), "title": format!("Step number {place} of a very large process"),
                "owner": [{"role": format!("role_{}", place % 9)}], "after": after, "join": "any",
                "outcomes": [{"key": "on", "label": "Goes on"}, {"key": "back", "label": "Sent back", "reopens": format!("t{}", place / 2)}]})
        }).collect();
        let doc: ProcessTypeDocument = serde_json::from_value(json!({"key": "large", "name": "Large", "category": "service_requests", "summary": "L.",
            "trigger": {"kind": "as_needed", "description": "x"}, "subject": {"kinds": ["client"]}, "tasks": tasks})).unwrap();
        let definition = parse(&doc).unwrap();
        let t = Instant::now();
        match Diagram::of(&definition, &Names::default()) {
            Ok(d) => println!("tangle {steps} {reach}: {:?} {} bytes", t.elapsed(), d.svg(Theme::Light, None).len()),
            Err(e) => println!("tangle {steps} {reach}: {e} {:?}", t.elapsed()),
        }
    }
}
