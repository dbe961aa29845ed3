//! Pictures of the library's workflows, of random flows and of the largest that are drawn.

mod forms;
mod geometry;
mod random;
mod size;

use domain::process_type::{Definition, ProcessTypeDocument, parse};
use serde_json::Value;

use crate::{Diagram, Names};

fn definition(document: Value) -> Definition {
    let document: ProcessTypeDocument = serde_json::from_value(document).unwrap();
    parse(&document).unwrap()
}

fn library() -> impl Iterator<Item = (&'static str, Definition)> {
    library::workflows()
        .iter()
        .map(|workflow| (workflow.slug, parse(&workflow.document).unwrap()))
}

fn diagram(definition: &Definition) -> Diagram {
    Diagram::of(definition, &Names::default()).unwrap()
}
