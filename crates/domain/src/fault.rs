//! What is wrong with a document or a body, place by place.

use serde::{Deserialize, Serialize};

/// One fault in some content. A refusal of content carries all of them at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// JSON pointer to the place, `""` for the whole.
    pub pointer: String,
    /// Stable word for programs, kebab-case (`unknown-key`).
    pub code: String,
    /// A sentence that says what is wrong and what to do.
    pub detail: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.to_owned(),
            detail: detail.into(),
        }
    }
}

/// Collects faults while a document is walked, keeping track of the place.
#[derive(Debug, Default)]
pub struct Faults {
    found: Vec<Fault>,
}

impl Faults {
    /// Notes one fault.
    pub fn add(&mut self, pointer: impl Into<String>, code: &str, detail: impl Into<String>) {
        self.found.push(Fault::new(pointer, code, detail));
    }

    /// Notes what was found elsewhere.
    pub fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.found.extend(faults);
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All that was found, in the order of discovery.
    #[must_use]
    pub fn into_vec(self) -> Vec<Fault> {
        self.found
    }

    /// `Ok` with the value when nothing was found.
    pub fn or<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.found.is_empty() {
            Ok(value)
        } else {
            Err(self.found)
        }
    }
}

/// Escapes one segment of a JSON pointer (RFC 6901).
#[must_use]
pub fn segment(raw: &str) -> String {
    raw.replace('~', "~0").replace('/', "~1")
}
