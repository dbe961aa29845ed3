//! Pictures of processes: SVG for screens and paper, Mermaid text and BPMN 2.0, all from one layout. Pure: a definition in, text out.

pub mod fonts;
