//! What manuals say, and that every format says it safely.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod conditions;
mod dues;
mod effects;
mod fields;
mod flow;
mod front;
mod html;
mod library_texts;
mod markdown;
mod moments;
mod paper;
mod people;
mod process;
mod sample;
