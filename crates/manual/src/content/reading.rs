//! A definition with the names of what it names: what every sentence is made from.

use std::collections::BTreeMap;

use domain::{
    attribute::AttributeType,
    entity::CLIENT_KINDS,
    process_type::{
        Definition, ProcessTypeDocument,
        definition::{Field, Target, TaskTemplate},
    },
    value::FieldType,
};

use crate::{
    names::Names,
    prose::{Prose, quoted, spelled},
};

/// Attribute that every kind of entity has.
pub(super) const STATUS: &str = "status";

pub(super) struct Reading<'a> {
    pub(super) document: &'a ProcessTypeDocument,
    pub(super) definition: &'a Definition,
    pub(super) names: &'a Names,
    /// The tasks as they are printed: by stage, else as they are written.
    pub(super) order: Vec<&'a TaskTemplate>,
    numbers: BTreeMap<&'a str, usize>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        document: &'a ProcessTypeDocument,
        definition: &'a Definition,
        names: &'a Names,
    ) -> Self {
        let mut order: Vec<&TaskTemplate> = definition.tasks.iter().collect();
        order.sort_by_key(|task| stage_of(definition, task));
        let numbers = order.iter().zip(1..);
        Self {
            numbers: numbers
                .map(|(task, number)| (task.key.as_str(), number))
                .collect(),
            document,
            definition,
            names,
            order,
        }
    }

    /// The number of a step. A parsed definition may still name what it does not have: that is step 0.
    pub(super) fn number(&self, task: &str) -> usize {
        self.numbers.get(task).copied().unwrap_or_default()
    }

    pub(super) fn step(&self, task: &str) -> Prose {
        Prose::step(self.number(task))
    }

    /// "step 3, “Collect the papers”".
    pub(super) fn titled(&self, task: &str) -> Prose {
        let title = self.definition.task(task).map(|it| self.dynamic(&it.title));
        self.step(task) + ", " + quoted(&title.unwrap_or_default()).as_str()
    }

    pub(super) fn numbers<'k>(&self, tasks: impl IntoIterator<Item = &'k str>) -> Vec<usize> {
        let mut numbers: Vec<usize> = tasks.into_iter().map(|it| self.number(it)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    pub(super) fn field(&self, key: &str) -> Option<&'a Field> {
        self.definition.fields().find(|field| field.key == key)
    }

    /// "“Account purpose”".
    pub(super) fn field_name(&self, key: &str) -> String {
        let label = self.field(key).map(|field| field.label.clone());
        quoted(&label.unwrap_or_else(|| spelled(key)))
    }

    /// "“Risk profile” of the client", "the status of the account".
    pub(super) fn attribute(&self, key: &str, of: &Target) -> String {
        let target = self.target(of);
        if key == STATUS {
            return format!("the status of {target}");
        }
        format!("{} of {target}", quoted(&self.attribute_label(key, of)))
    }

    pub(super) fn attribute_label(&self, key: &str, of: &Target) -> String {
        let known = self.names.attribute(key, &self.kinds(of));
        known.map_or_else(|| spelled(key), |known| known.label.clone())
    }

    pub(super) fn attribute_type(&self, key: &str, of: &Target) -> Option<FieldType> {
        let known = self.names.attribute(key, &self.kinds(of))?;
        Some(match known.value_type {
            AttributeType::Text => FieldType::Text,
            AttributeType::Number => FieldType::Number,
            AttributeType::Money => FieldType::Money,
            AttributeType::Date => FieldType::Date,
            AttributeType::Boolean => FieldType::Boolean,
            AttributeType::Choice | AttributeType::MultiChoice => FieldType::Choice,
            AttributeType::User => FieldType::User,
            AttributeType::Entity => FieldType::Entity,
        })
    }

    fn kinds(&self, of: &Target) -> Vec<String> {
        match of {
            Target::Subject => self.definition.subject.kinds.clone(),
            Target::Firm => vec!["firm".to_owned()],
            Target::Related(key) => {
                let related = self.definition.related.iter().find(|it| it.key == *key);
                related.map(|it| it.kind.clone()).into_iter().collect()
            }
            Target::Field(key) => {
                let field = self.field(key);
                field
                    .and_then(|it| it.entity_kind.clone())
                    .into_iter()
                    .collect()
            }
        }
    }

    /// A record as sentences call it: "the client", "the account", "the person named in “Reviewer”".
    pub(super) fn target(&self, of: &Target) -> String {
        match of {
            Target::Subject => self.subject(),
            Target::Firm => "the firm".to_owned(),
            Target::Related(key) => format!("the {}", spelled(key)),
            Target::Field(key) => self.named_in(key),
        }
    }

    fn named_in(&self, key: &str) -> String {
        let name = self.field_name(key);
        let Some(field) = self.field(key) else {
            return format!("the record named in {name}");
        };
        let noun = match field.field_type {
            FieldType::User => "person".to_owned(),
            FieldType::Text
            | FieldType::LongText
            | FieldType::Number
            | FieldType::Money
            | FieldType::Date
            | FieldType::Datetime
            | FieldType::Boolean
            | FieldType::Choice
            | FieldType::File
            | FieldType::Entity => field
                .entity_kind
                .as_deref()
                .map_or_else(|| "record".to_owned(), kind),
        };
        let which = if field.multiple { "each" } else { "the" };
        format!("{which} {noun} named in {name}")
    }

    /// Whom the process is run for: "the client".
    pub(super) fn subject(&self) -> String {
        let subject = &self.definition.subject;
        if let ([status], true) = (subject.statuses.as_slice(), self.is_client())
            && status == "prospect"
        {
            return "the prospect".to_owned();
        }
        match subject.kinds.as_slice() {
            [one] => format!("the {}", kind(one)),
            _ if self.is_client() => "the client".to_owned(),
            _ => "the record".to_owned(),
        }
    }

    pub(super) fn is_client(&self) -> bool {
        let kinds = &self.definition.subject.kinds;
        kinds
            .iter()
            .all(|kind| kind == "client" || CLIENT_KINDS.contains(&kind.as_str()))
    }
}

fn stage_of(definition: &Definition, task: &TaskTemplate) -> usize {
    let stages = &definition.stages;
    let own = task.stage.as_deref();
    let place = stages.iter().position(|it| Some(it.key.as_str()) == own);
    place.unwrap_or(stages.len())
}

/// What a kind of entity is called.
pub(super) fn kind(key: &str) -> String {
    match key {
        "center_of_influence" => "center of influence".to_owned(),
        "equipment" => "piece of equipment".to_owned(),
        other => spelled(other),
    }
}

/// A noun with its article.
pub(super) fn a(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

/// Several of a kind.
pub(super) fn plural(noun: &str) -> String {
    match noun {
        "person" => "people".to_owned(),
        "center of influence" => "centers of influence".to_owned(),
        "piece of equipment" => "pieces of equipment".to_owned(),
        other if other.ends_with('s') => format!("{other}es"),
        other => match other.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
            _ => format!("{other}s"),
        },
    }
}
