//! What the library's content promises, file by file.

mod content;
mod counts;
mod folder;
mod graph;
mod handover;
mod names;
mod parcel;
mod running;
mod soundness;
mod yaml;
