//! Process types as YAML: strict reading within limits, and writing that reads back as the same value.

use domain::process_type::ProcessTypeDocument;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_saphyr::{
    Options, alias_limits, budget,
    options::{DuplicateKeyPolicy, MergeKeyPolicy},
};

use crate::{source::Place, words};

/// The largest YAML text that is read. The biggest workflow of the library is thirty times smaller.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Why a YAML text is not a process type, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail}")]
pub struct ReadError {
    /// Where.
    pub place: Place,
    /// What is wrong, and what to do: a sentence.
    pub detail: String,
    /// Whether the text is no YAML, or more of it than is read; otherwise it is YAML, but no process type.
    pub malformed: bool,
}

impl ReadError {
    /// A fault of the text as a whole.
    pub(crate) fn of_the_whole(detail: impl Into<String>) -> Self {
        Self {
            place: Place::START,
            detail: detail.into(),
            malformed: true,
        }
    }

    /// A fault of a text that is YAML.
    pub(crate) fn at(place: Place, detail: impl Into<String>) -> Self {
        Self {
            place,
            detail: detail.into(),
            malformed: false,
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
        return Err(too_large());
    }
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let place = error.location().map_or(Place::START, Place::from);
        ReadError {
            place: if words::is_about_a_tab(&error) {
                tab_from(text, place)
            } else {
                place
            },
            detail: words::said(&error),
            malformed: serde_saphyr::from_str_with_options::<IgnoredAny>(text, options()).is_err(),
        }
    })
}

/// The first tab that indents a line, from a place on; else that place.
fn tab_from(text: &str, place: Place) -> Place {
    let lines = (1..).zip(text.lines());
    let indented = lines.skip_while(|(line, _)| *line < place.line);
    let mut tabs = indented.filter_map(|(line, text)| {
        let spaces = text.chars().take_while(|it| *it == ' ').count();
        let column = spaces as u64 + 1;
        text[spaces..]
            .starts_with('\t')
            .then_some(Place { line, column })
    });
    tabs.next().unwrap_or(place)
}

/// A text of which nothing is read.
pub(crate) fn too_large() -> ReadError {
    ReadError::of_the_whole(format!(
        "The text is larger than {MAX_BYTES} bytes: write less, or make several process types of it."
    ))
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
