//! The names that texts may hold, and how values are read (E14).

use chrono_tz::Tz;

use super::{
    engine::Engine,
    facts::{attribute_value, instant, texts},
};
use crate::{
    attribute::AttributeType,
    ids::{EntityId, UserId},
    task::{ItemType, Task},
    text::{self, Names},
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
    fn user(&self, id: UserId) -> Option<&User> {
        self.engine.world.around.people.get(&id)
    }

    fn record(&self, id: EntityId, path: &[&str]) -> Option<String> {
        let entity = self.engine.entity(id)?;
        match path {
            ["id"] => Some(id.to_string()),
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
        let own = self.task.filter(|task| task.is_child());
        let own = own.and_then(|task| task.form.get(key));
        self.read(own.or_else(|| self.engine.field(key))?, stands)
    }

    /// A value as people read it. An identifier of something unknown is left out rather than shown.
    fn read(&self, value: &FieldValue, stands: Stands) -> Option<String> {
        match value {
            FieldValue::Flag(_) | FieldValue::Number(_) | FieldValue::Money(_) => {
                Some(text::plain(value))
            }
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
            Stands::User => Some(self.user(text.parse().ok()?)?.full_name.clone()),
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

    /// The item of an effect, else the one that the child of a fan-out is done for (E24).
    fn item(&self, path: &[&str]) -> Option<String> {
        if let Some(record) = self.item {
            return self.record(record, path);
        }
        let item = self.task.and_then(|task| task.item.as_ref())?;
        match (item.kind, path) {
            (ItemType::Entity, path) => self.record(item.entity()?, path),
            (ItemType::User, ["name"]) => Some(self.user(item.user()?)?.full_name.clone()),
            (ItemType::User, ["id"]) | (ItemType::Choice, ["id" | "name"]) => {
                Some(item.value.clone())
            }
            (ItemType::User | ItemType::Choice, _) => None,
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
            ["item", rest @ ..] => self.item(rest),
            ["process", "id"] => Some(process.id.to_string()),
            ["process", "name"] => Some(process.name.clone()),
            ["process", "status"] => Some(process.status.as_str().to_owned()),
            ["process", "started_at"] => Some(instant(process.started_at)),
            ["process", "fields", key] => self.field(key),
            ["owner", name] => {
                let owner = self.task.map_or(process.owner_id, |task| task.owner_id);
                let owner = self.user(owner?)?;
                match *name {
                    "id" => Some(owner.id.to_string()),
                    "full_name" => Some(owner.full_name.clone()),
                    "email" => Some(owner.email.clone()),
                    _ => None,
                }
            }
            ["task", "id"] => self.task.map(|task| task.id.to_string()),
            ["task", "key"] => self.task.map(|task| task.key.clone()),
            ["task", "title"] => self.task.map(|task| task.title.clone()),
            ["task", "due_at"] => self.task.and_then(|task| task.due_at).map(instant),
            ["task", "outcome"] | ["outcome"] => self.outcome(),
            ["now"] => Some(instant(self.engine.now)),
            ["today"] => Some(self.engine.day(self.engine.now).to_string()),
            _ => None,
        }
    }

    fn time_zone(&self) -> Tz {
        self.engine.world.catalog.firm.time_zone
    }
}

#[cfg(test)]
mod tests;
