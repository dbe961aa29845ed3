//! What a manual says: every rule of a definition as a sentence.

mod conditions;
mod dues;
mod dynamic;
mod edges;
mod effects;
mod fields;
mod glance;
mod model;
mod moments;
mod outcomes;
mod owners;
mod reading;
mod recurrence;
mod results;
mod roles;
mod steps;
mod values;

use std::collections::BTreeMap;

use diagram::Theme;
use domain::{
    fault::Fault,
    process_type::{ProcessTypeDocument, parse},
    value::FieldValue,
};
use serde_json::Value;

pub use model::{
    Card, Check, Diagram, Edition, Fact, FieldLine, Holder, Manual, OutcomeLine, Part, RoleRow,
    Setting, Step, Tag, Tone,
};

use crate::{
    names::Names,
    prose::{capitalised, spelled},
};
use reading::Reading;

/// How large a drawing may be on a page, in CSS pixels.
const SHEET: (u16, u16) = (700, 860);

impl Manual {
    /// The manual of a definition in a firm that has set these values of policies; whatever keeps the definition from being
    /// read, if something does.
    pub fn new(
        document: &ProcessTypeDocument,
        names: &Names,
        policies: &BTreeMap<String, FieldValue>,
        edition: Edition,
    ) -> Result<Self, Vec<Fault>> {
        let document = &printable(document);
        let definition = &parse(document)?;
        let reading = Reading::new(document, definition, names);
        Ok(Self {
            title: document.name.clone(),
            category: names.category(&document.category),
            area: document.area.clone(),
            edition,
            summary: document.summary.clone(),
            glance: reading.glance(),
            diagram: reading.diagram(),
            roles: reading.roles(),
            separation: reading.separation(),
            start_form: reading.form(&definition.start_form),
            settings: reading.settings(policies),
            parts: reading.parts(),
            results: reading.results(),
            references: document.references.clone(),
        })
    }
}

impl Reading<'_> {
    /// The process drawn for paper; none where it is too large to be read.
    fn diagram(&self) -> Option<Diagram> {
        let roles = self.names.roles.keys();
        let names = diagram::Names {
            roles: roles
                .map(|key| (key.clone(), self.names.role(key)))
                .collect(),
            people: self.names.users.clone(),
        };
        let drawn = diagram::Diagram::of(self.definition, &names).ok()?;
        let alt = format!(
            "Diagram of {}: its {} steps in order, with decisions and ways back.",
            self.document.name,
            self.order.len()
        );
        Some(Diagram {
            svg: drawn.portrait_svg(Theme::Light, None),
            pages: drawn.portrait_pages(Theme::Light, None, SHEET),
            alt,
        })
    }

    fn settings(&self, own: &BTreeMap<String, FieldValue>) -> Vec<Setting> {
        let settings = self.definition.policies.iter();
        settings
            .map(|policy| {
                let said = |value| {
                    let text = self.value(value, Some(policy.field_type));
                    capitalised(
                        &text
                            .chars()
                            .filter(|it| is_printable(*it))
                            .collect::<String>(),
                    )
                };
                let default = said(&policy.default);
                Setting {
                    name: capitalised(&spelled(&policy.key)),
                    kind: fields::kind(policy.field_type, &[], false, None),
                    own: policy.set_in(own).map(said).filter(|own| *own != default),
                    default,
                }
            })
            .collect()
    }
}

/// The definition without characters that cannot be printed: no format of a manual has a place for them.
fn printable(document: &ProcessTypeDocument) -> ProcessTypeDocument {
    let stripped = serde_json::to_value(document).map(strip);
    stripped
        .and_then(serde_json::from_value)
        .unwrap_or_else(|_| document.clone())
}

fn strip(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.chars().filter(|it| is_printable(*it)).collect()),
        Value::Array(items) => Value::Array(items.into_iter().map(strip).collect()),
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(key, value)| (key, strip(value)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// Controls are no text, and what turns the direction of a line could make it say something else.
fn is_printable(character: char) -> bool {
    match character {
        '\n' => true,
        '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}' => false,
        other => !other.is_control(),
    }
}

/// What holds for every manual, said once.
pub const READING_NOTES: [&str; 7] = [
    "A step opens by itself when what it waits for is done. A skipped step counts as done. Steps that wait for different things run side by side.",
    "Whoever owns a step may do it. So may those under “May also do it”: holders of these roles on the teams of the record that the process is run \
     for, and holders of firm roles. Whoever covers for them may, too.",
    "Business days are those of the firm’s calendar; a due day ends at the firm’s close of business. A date in the past becomes today.",
    "Work that is sent back opens an earlier step again, and with it all that came after; what was filled in is kept as a draft.",
    "Approvals, decisions and steps that take two people cannot be skipped by hand.",
    "What stands in square brackets is filled in from the record when the step opens.",
    "Before a step is completed, every item of its checklist is ticked or marked as not applicable, except where it is optional, and every field \
     that is needed is filled in.",
];
