//! Process types: the document that people write, the definition that runs, and the checks in between (E20).

pub mod definition;
pub mod document;
pub mod versions;

pub use definition::Definition;
pub use document::ProcessTypeDocument;
pub use versions::{ProcessType, ProcessTypeVersion, VersionStatus};
