//! Process types: the document that people write, the definition that runs, and the checks in between (E20).

mod anchoring;
pub mod definition;
pub mod document;
pub mod editing;
pub mod parse;
pub mod schema;
pub mod soundness;
#[cfg(test)]
pub(crate) mod strategies;
pub mod upgrade;
pub mod versions;
mod wording;

pub use definition::Definition;
pub use document::ProcessTypeDocument;
pub use editing::EditRefused;
pub use parse::parse;
pub use schema::json_schema;
pub use soundness::{CheckContext, KnownAttribute, NameSource, Report, check};
pub use versions::{ProcessType, ProcessTypeVersion, VersionStatus};
pub use wording::blank_texts;
