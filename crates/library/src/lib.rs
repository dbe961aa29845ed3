//! The workflow library: process types, roles, attributes and categories that ship with Baton, and the reading and writing
//! of process types as YAML.

mod context;
mod folder;
mod index;
mod names;
mod parcel;
mod source;
mod standards;
mod words;
mod workflow;
mod yaml;

#[cfg(test)]
mod tests;

pub use context::check_context;
pub use folder::{FolderError, LoadedFile, load_folder};
pub use names::{AttributeName, attributes_named_by, roles_named_by, types_started_by};
pub use parcel::{Parcel, own_parcel, parcel};
pub use source::{Place, Source, read_source};
pub use standards::{
    Category, StandardAttribute, StandardRole, attribute, attributes, categories, roles,
};
pub use workflow::{Workflow, by_key, closure, find, workflows};
pub use yaml::{MAX_BYTES, ReadError, WriteError, read_yaml, write_yaml};

/// The version of the library's content: raised with every release that changes a workflow, role, attribute or category.
pub const VERSION: &str = "0.1.0";
