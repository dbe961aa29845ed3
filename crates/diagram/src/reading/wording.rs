//! Titles that hold dynamic data (E14), in words that fit any run.

use domain::{
    process_type::Definition,
    text::{self, Names},
};

use crate::names::in_words;

/// `Check {{ process.fields.item_needed }}` is `Check [item needed]`; a default is taken as it is.
pub(super) fn title(definition: &Definition, title: &str) -> String {
    text::render(title, &InWords { definition, title })
}

struct InWords<'a> {
    definition: &'a Definition,
    title: &'a str,
}

impl Names for InWords<'_> {
    fn text(&self, path: &str) -> Option<String> {
        let last = path.rsplit('.').next().unwrap_or(path);
        if self.has_default(path) {
            return None;
        }
        if path == "entity.name" {
            let kind = self
                .definition
                .subject
                .kinds
                .first()
                .map_or("name", String::as_str);
            return Some(format!("[{}]", in_words(kind)));
        }
        let field = self
            .definition
            .fields()
            .find(|field| field.key == last && path.starts_with("process.fields."));
        let words = field.map_or_else(|| in_words(last), |field| field.label.to_lowercase());
        Some(format!("[{words}]"))
    }
}

impl InWords<'_> {
    fn has_default(&self, path: &str) -> bool {
        let behind = self
            .title
            .split(path)
            .nth(1)
            .and_then(|tail| tail.split("}}").next());
        behind.is_some_and(|filters| filters.contains("default("))
    }
}
