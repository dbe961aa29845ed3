//! What people read in a definition must say something; their length is the schema's question.

use super::document::{FieldDocument, ProcessTypeDocument, TaskDocument};
use crate::fault::{Fault, Faults};

/// Every name, label and title that is nothing but white space.
#[must_use]
pub fn blank_texts(document: &ProcessTypeDocument) -> Vec<Fault> {
    let mut faults = Faults::default();
    let mut text = |at: String, text: &str| {
        if text.trim().is_empty() {
            faults.add(at, "blank", "Say something that people can read.");
        }
    };
    text("/name".to_owned(), &document.name);
    text("/summary".to_owned(), &document.summary);
    for (place, result) in document.results.iter().enumerate() {
        text(format!("/results/{place}/label"), &result.label);
    }
    for (place, stage) in document.stages.iter().enumerate() {
        text(format!("/stages/{place}/title"), &stage.title);
    }
    form(&document.start_form, "/start_form", &mut text);
    for (place, it) in document.tasks.iter().enumerate() {
        task(it, &format!("/tasks/{place}"), &mut text);
    }
    faults.into_vec()
}

fn task(task: &TaskDocument, at: &str, text: &mut impl FnMut(String, &str)) {
    text(format!("{at}/title"), &task.title);
    for (place, item) in task.checklist.iter().enumerate() {
        text(format!("{at}/checklist/{place}/text"), &item.text);
    }
    form(&task.form, &format!("{at}/form"), text);
    for (place, outcome) in task.outcomes.iter().enumerate() {
        text(format!("{at}/outcomes/{place}/label"), &outcome.label);
    }
}

fn form(fields: &[FieldDocument], at: &str, text: &mut impl FnMut(String, &str)) {
    for (place, field) in fields.iter().enumerate() {
        text(format!("{at}/{place}/label"), &field.label);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::process_type::soundness::sample;

    #[test]
    fn nothing_that_people_read_is_blank() {
        assert_eq!(blank_texts(&sample::new_account_opening()), []);
        let places = [
            "/name",
            "/summary",
            "/results/1/label",
            "/stages/0/title",
            "/start_form/0/label",
            "/tasks/0/title",
            "/tasks/0/checklist/1/text",
            "/tasks/0/form/0/label",
            "/tasks/2/outcomes/1/label",
        ];
        for place in places {
            let mut document = sample::json();
            *document.pointer_mut(place).unwrap() = json!(" \n\u{a0}");
            let faults = blank_texts(&serde_json::from_value(document).unwrap());
            let found: Vec<_> = faults.iter().map(|f| (&*f.pointer, &*f.code)).collect();
            assert_eq!(found, [(place, "blank")]);
        }
    }
}
