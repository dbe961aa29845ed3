//! Dynamic data (E14) in a manual: what will stand there, in brackets.

use domain::{
    process_type::definition::Target,
    text::{Names, render},
};

use super::reading::{Reading, STATUS};
use crate::prose::spelled;

impl Reading<'_> {
    /// "Call {{ entity.name }}" as "Call [name of the client]".
    pub(super) fn dynamic(&self, text: &str) -> String {
        render(text, &Placeholders(self))
    }
}

struct Placeholders<'r, 'a>(&'r Reading<'a>);

impl Placeholders<'_, '_> {
    fn of_record(&self, path: &[&str], of: &Target) -> Option<String> {
        let record = self.0.target(of);
        Some(match path {
            ["name"] => record.strip_prefix("the ").unwrap_or(&record).to_owned(),
            ["attributes", key] if *key != STATUS => self.0.attribute_label(key, of),
            ["attributes", _] | ["status"] => format!("status of {record}"),
            [other] => format!("{} of {record}", spelled(other)),
            _ => return None,
        })
    }
}

impl Names for Placeholders<'_, '_> {
    fn text(&self, path: &str) -> Option<String> {
        let parts: Vec<&str> = path.split('.').collect();
        let said = match parts.as_slice() {
            ["entity", rest @ ..] => self.of_record(rest, &Target::Subject)?,
            ["related", key, rest @ ..] => {
                self.of_record(rest, &Target::Related((*key).to_owned()))?
            }
            ["firm", "name"] => "name of the firm".to_owned(),
            ["item", "name"] => "item".to_owned(),
            ["item", "attributes", key] => spelled(key),
            ["process", "fields", key] => {
                let field = self.0.field(key);
                field.map_or_else(|| spelled(key), |field| field.label.clone())
            }
            ["process", "name"] => self.0.document.name.clone(),
            ["owner", "full_name"] => "owner".to_owned(),
            ["task", "title"] => "title of the step".to_owned(),
            ["task", "due_at"] => "due date".to_owned(),
            ["task", "outcome"] | ["outcome"] => "outcome".to_owned(),
            ["now" | "today"] => "date".to_owned(),
            [thing, rest @ ..] => {
                let what: Vec<String> = rest.iter().map(|part| spelled(part)).collect();
                format!("{} of the {thing}", what.join(" "))
            }
            [] => return None,
        };
        Some(format!("[{said}]"))
    }
}
