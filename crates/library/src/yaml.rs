//! Process types as YAML: strict reading within limits, and writing that reads back as the same value.

use std::borrow::Cow;

use domain::process_type::ProcessTypeDocument;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_saphyr::{
    Localizer, Location, Options, UserMessageFormatter, alias_limits, budget,
    options::{DuplicateKeyPolicy, MergeKeyPolicy},
};

/// The largest YAML text that is read. The biggest workflow of the library is thirty times smaller.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Why a YAML text is not a process type, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {detail}")]
pub struct ReadError {
    /// Counted from 1.
    pub line: u64,
    /// Counted from 1.
    pub column: u64,
    /// What is wrong.
    pub detail: String,
    /// Whether the text is no YAML, or more of it than is read; otherwise it is YAML, but no process type.
    pub malformed: bool,
}

impl ReadError {
    /// A fault of the text as a whole.
    pub(crate) fn of_the_whole(detail: impl Into<String>) -> Self {
        Self {
            line: 1,
            column: 1,
            detail: detail.into(),
            malformed: true,
        }
    }
}

/// A process type that could not be written as YAML.
#[derive(Debug, thiserror::Error)]
#[error("the process type cannot be written as YAML")]
pub struct WriteError(#[from] serde_saphyr::SerializeError);

/// Reads a process type. Unknown members, duplicate keys, merge keys, tags, a second document, and more nesting or
/// repetition than a process type can need are refused; only `true` and `false` are booleans.
pub fn read_yaml(text: &str) -> Result<ProcessTypeDocument, ReadError> {
    read(text)
}

/// Writes a process type, so that [`read_yaml`] gives the same one back and YAML 1.1 readers see the same types.
pub fn write_yaml(document: &ProcessTypeDocument) -> Result<String, WriteError> {
    let options = serde_saphyr::ser_options! { compact_list_indent: false };
    Ok(serde_saphyr::to_string_with_options(document, options)?)
}

/// Reads any value under the same rules.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::of_the_whole(format!(
            "the text is larger than {MAX_BYTES} bytes"
        )));
    }
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let words = UserMessageFormatter.with_localizer(&PlaceApart);
        let detail = error.render_with_formatter(&words);
        let (line, column) = error
            .location()
            .map_or((1, 1), |location| (location.line(), location.column()));
        ReadError {
            line,
            column,
            detail,
            malformed: serde_saphyr::from_str_with_options::<IgnoredAny>(text, options()).is_err(),
        }
    })
}

/// Leaves the place out of the message, which [`ReadError`] gives beside it.
struct PlaceApart;

impl Localizer for PlaceApart {
    fn attach_location<'a>(&self, base: Cow<'a, str>, _place: Location) -> Cow<'a, str> {
        base
    }
}

/// A small text must not become a large value: what aliases repeat counts, and so does nesting.
fn options() -> Options {
    serde_saphyr::options! {
        budget: budget! {
            max_depth: 32,
            flow_nesting_limit: 32,
            max_documents: 1,
            max_nodes: 200_000,
            max_events: 400_000,
            max_anchors: 200,
            max_aliases: 1_000,
            max_recorded_anchor_events: 100_000,
            max_recorded_anchor_bytes: 1024 * 1024,
        },
        alias_limits: alias_limits! {
            max_total_replayed_events: 20_000,
            max_replay_stack_depth: 8,
        },
        emit_comments: false,
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        reject_tagged_field_names: true,
        with_snippet: false,
    }
}
