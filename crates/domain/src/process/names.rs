//! The names that texts may hold, and how values are read (E14).

use super::{
    engine::Engine,
    facts::{attribute_value, instant, texts},
};
use crate::{
    attribute::AttributeType,
    entity::Entity,
    ids::{EntityId, UserId},
    task::Task,
    text::Names,
    user::User,
    value::{FieldType, FieldValue},
};

/// What the identifiers in a value stand for.
#[derive(Clone, Copy)]
enum Stands {
    Itself,
    User,
    Entity,
    Document,
}

impl From<FieldType> for Stands {
    fn from(field_type: FieldType) -> Self {
        match field_type {
            FieldType::User => Self::User,
            FieldType::Entity => Self::Entity,
            FieldType::File => Self::Document,
            FieldType::Text
            | FieldType::LongText
            | FieldType::Number
            | FieldType::Money
            | FieldType::Date
            | FieldType::Datetime
            | FieldType::Boolean
            | FieldType::Choice => Self::Itself,
        }
    }
}

impl From<AttributeType> for Stands {
    fn from(value_type: AttributeType) -> Self {
        match value_type {
            AttributeType::User => Self::User,
            AttributeType::Entity => Self::Entity,
            AttributeType::Text
            | AttributeType::Number
            | AttributeType::Money
            | AttributeType::Date
            | AttributeType::Boolean
            | AttributeType::Choice
            | AttributeType::MultiChoice => Self::Itself,
        }
    }
}

/// Names of a run, for texts.
pub struct RunNames<'e> {
    pub(super) engine: &'e Engine<'e>,
    pub(super) task: Option<&'e Task>,
    pub(super) outcome: Option<&'e str>,
    pub(super) item: Option<EntityId>,
}

impl RunNames<'_> {
    fn person(&self, id: UserId) -> Option<String> {
        let user = self.engine.world.around.people.get(&id)?;
        Some(user.full_name.clone())
    }

    fn record(&self, id: EntityId, path: &[&str]) -> Option<String> {
        let entity = self.engine.entity(id)?;
        match path {
            ["name"] => Some(entity.name.clone()),
            ["kind"] => Some(entity.kind.clone()),
            ["status"] => Some(entity.status.clone()),
            ["attributes", key] => {
                let stands = self
                    .engine
                    .attribute_definition(entity, key)
                    .map_or(Stands::Itself, |attribute| attribute.value_type.into());
                self.read(&attribute_value(entity, key)?, stands)
            }
            _ => None,
        }
    }

    fn field(&self, key: &str) -> Option<String> {
        let stands = self
            .engine
            .definition
            .fields()
            .find(|field| field.key == key)
            .map_or(Stands::Itself, |field| field.field_type.into());
        self.read(self.engine.field(key)?, stands)
    }

    /// A value as people read it. An identifier of something unknown is left out rather than shown.
    fn read(&self, value: &FieldValue, stands: Stands) -> Option<String> {
        match value {
            FieldValue::Flag(true) => Some("yes".to_owned()),
            FieldValue::Flag(false) => Some("no".to_owned()),
            FieldValue::Number(number) => Some(number.to_string()),
            FieldValue::Money(money) => Some(format!("{} {}", money.amount, money.currency)),
            FieldValue::Text(_) | FieldValue::List(_) => {
                let read: Vec<String> = texts(value)
                    .into_iter()
                    .filter_map(|text| self.read_text(text, stands))
                    .collect();
                (!read.is_empty()).then(|| read.join(", "))
            }
        }
    }

    fn read_text(&self, text: &str, stands: Stands) -> Option<String> {
        match stands {
            Stands::Itself => (!text.is_empty()).then(|| text.to_owned()),
            Stands::User => self.person(text.parse().ok()?),
            Stands::Entity => self.record(text.parse().ok()?, &["name"]),
            Stands::Document => {
                let document = self
                    .engine
                    .world
                    .around
                    .documents
                    .get(&text.parse().ok()?)?;
                Some(document.name.clone())
            }
        }
    }

    /// The label of the outcome, as the template words it.
    fn outcome(&self) -> Option<String> {
        let key = self.outcome?;
        let label = self
            .task
            .and_then(|task| self.engine.definition.task(&task.key))
            .and_then(|template| template.outcome(key))
            .map_or(key, |outcome| outcome.label.as_str());
        Some(label.to_owned())
    }
}

impl Names for RunNames<'_> {
    fn text(&self, path: &str) -> Option<String> {
        let process = &self.engine.run.process;
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            ["entity", rest @ ..] => {
                let id = self.task.map_or(process.entity_id, |task| task.entity_id);
                self.record(id, rest)
            }
            ["related", key, rest @ ..] => self.record(*process.related.get(*key)?, rest),
            ["firm", "name"] => Some(self.engine.world.catalog.firm.name.clone()),
            ["process", "name"] => Some(process.name.clone()),
            ["process", "fields", key] => self.field(key),
            ["owner", "full_name"] => {
                let owner = self.task.map_or(process.owner_id, |task| task.owner_id);
                self.person(owner?)
            }
            ["task", "title"] => self.task.map(|task| task.title.clone()),
            ["outcome"] => self.outcome(),
            ["now"] => Some(instant(self.engine.now)),
            ["today"] => Some(self.engine.day(self.engine.now).to_string()),
            _ => None,
        }
    }
}
