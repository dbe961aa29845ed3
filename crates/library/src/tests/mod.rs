//! What the library's content promises, file by file.

mod content;
mod folder;
mod graph;
mod handover;
mod names;
mod parcel;
mod soundness;
mod yaml;
