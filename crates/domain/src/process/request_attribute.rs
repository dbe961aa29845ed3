//! Attributes that effects ask for in the form of the completion (E13).

use std::borrow::Cow;

use super::{engine::Engine, form::form_fields};
use crate::{
    attribute::{AttributeType, find},
    entity::statuses_of,
    process_type::definition::{
        AttributeLink, Definition, Effect, EffectAction, Field, Target, TaskKind, TaskTemplate,
    },
    value::FieldType,
};

use super::facts::STATUS;

/// A field of a form, and the effects that ask for it.
pub(super) struct FormField<'d> {
    pub(super) field: Cow<'d, Field>,
    /// Whether the form has it by itself.
    pub(super) own: bool,
    pub(super) requests: Vec<&'d Effect>,
}

impl<'d> FormField<'d> {
    fn own(field: &'d Field) -> Self {
        Self {
            field: Cow::Borrowed(field),
            own: true,
            requests: Vec::new(),
        }
    }

    /// The outcomes with which alone it is asked for; none where another reason shows it.
    pub(super) fn asked_with(&self) -> Vec<&'d str> {
        if self.own {
            return Vec::new();
        }
        let outcomes = self
            .requests
            .iter()
            .map(|effect| effect.if_outcome.as_deref());
        outcomes.collect::<Option<Vec<_>>>().unwrap_or_default()
    }
}

/// The attribute that an effect asks for, and whether an answer is required.
pub(super) fn asks(effect: &Effect) -> Option<(&str, bool)> {
    match &effect.action {
        EffectAction::RequestAttribute {
            attribute,
            required,
        } => Some((attribute, *required)),
        EffectAction::LogTouchpoint { .. }
        | EffectAction::SetAttribute { .. }
        | EffectAction::CreateTask { .. }
        | EffectAction::CreateEntity { .. }
        | EffectAction::FileDocument { .. }
        | EffectAction::Notify { .. }
        | EffectAction::StartProcess { .. }
        | EffectAction::ScheduleNext { .. } => None,
    }
}

/// The key under which a form asks for an attribute of the subject, or of another record.
#[must_use]
pub fn requested_key(attribute: &str, of: &Target) -> String {
    match of {
        Target::Subject => attribute.to_owned(),
        Target::Firm => format!("firm_{attribute}"),
        Target::Related(key) | Target::Field(key) => format!("{key}_{attribute}"),
    }
}

impl Definition {
    /// Whether a form asks for an attribute under this key, because of an effect.
    #[must_use]
    pub fn requests(&self, key: &str) -> bool {
        let effects = self.tasks.iter().flat_map(|task| &task.on_complete);
        effects.into_iter().any(|effect| {
            asks(effect).is_some_and(|(attribute, _)| requested_key(attribute, &effect.of) == key)
        })
    }
}

impl<'a> Engine<'a> {
    /// The fields of a task's form: its own, then the attributes that effects ask for and that it does not show itself.
    pub(super) fn fields_of(&self, index: usize) -> Vec<FormField<'a>> {
        let Some(template) = self.template(index) else {
            return Vec::new();
        };
        if self.run.tasks[index].kind == TaskKind::FanOut {
            return Vec::new();
        }
        let own = form_fields(self.definition, &self.run.process, template);
        let mut fields: Vec<_> = own.into_iter().map(FormField::own).collect();
        for effect in &template.on_complete {
            if let Some((attribute, _)) = asks(effect) {
                self.ask(index, template, effect, attribute, &mut fields);
            }
        }
        fields
    }

    fn ask(
        &self,
        index: usize,
        template: &TaskTemplate,
        effect: &'a Effect,
        attribute: &str,
        fields: &mut Vec<FormField<'a>>,
    ) {
        let link = AttributeLink {
            key: attribute.to_owned(),
            of: effect.of.clone(),
        };
        let shown = fields
            .iter_mut()
            .find(|shown| shown.field.attribute.as_ref() == Some(&link));
        if let Some(shown) = shown {
            shown.requests.push(effect);
        } else if super::form::takes_form(template.kind)
            && let Some(field) = self.requested_field(index, link)
        {
            fields.push(FormField {
                field: Cow::Owned(field),
                own: false,
                requests: vec![effect],
            });
        }
    }

    /// The field that asks for an attribute; none where its record's kind has no such attribute any more.
    fn requested_field(&self, index: usize, link: AttributeLink) -> Option<Field> {
        let key = requested_key(&link.key, &link.of);
        let kinds = self.kinds_asked(index, &link.of);
        let mut field = Field {
            label: "Status".to_owned(),
            field_type: FieldType::Choice,
            required: false,
            options: Vec::new(),
            multiple: false,
            entity_kind: None,
            visible_when: None,
            min: None,
            max: None,
            min_length: None,
            max_length: None,
            key,
            attribute: None,
        };
        if link.key == STATUS {
            let statuses = statuses_of(kinds.first()?).iter();
            field.options = statuses.map(|&status| status.to_owned()).collect();
        } else {
            let attributes = &self.world.catalog.attributes;
            let mut found = kinds
                .iter()
                .filter_map(|kind| find(attributes, kind, &link.key));
            let attribute = found.find(|found| !found.archived)?;
            field.label.clone_from(&attribute.label);
            field.field_type = type_of(attribute.value_type);
            field.multiple = attribute.value_type == AttributeType::MultiChoice;
            field.options.clone_from(&attribute.options);
        }
        field.attribute = Some(link);
        Some(field)
    }

    /// The kinds of the record whose attribute is asked for: its own, or those that it may be of.
    fn kinds_asked(&self, index: usize, of: &Target) -> Vec<&str> {
        let record = self.records(of, Some(index)).first().copied();
        if let Some(entity) = record.and_then(|record| self.entity(record)) {
            return vec![&entity.kind];
        }
        let definition = self.definition;
        match of {
            Target::Subject => definition
                .subject
                .kinds
                .iter()
                .map(String::as_str)
                .collect(),
            Target::Firm => vec!["firm"],
            Target::Related(key) => {
                let mut related = definition.related.iter();
                let named = related.find(|named| named.key == *key);
                named.map(|named| named.kind.as_str()).into_iter().collect()
            }
            Target::Field(key) => {
                let mut fields = definition.fields();
                let field = fields.find(|field| field.key == *key);
                field
                    .and_then(|field| field.entity_kind.as_deref())
                    .into_iter()
                    .collect()
            }
        }
    }
}

const fn type_of(value_type: AttributeType) -> FieldType {
    match value_type {
        AttributeType::Text => FieldType::Text,
        AttributeType::Number => FieldType::Number,
        AttributeType::Money => FieldType::Money,
        AttributeType::Date => FieldType::Date,
        AttributeType::Boolean => FieldType::Boolean,
        AttributeType::Choice | AttributeType::MultiChoice => FieldType::Choice,
        AttributeType::User => FieldType::User,
        AttributeType::Entity => FieldType::Entity,
    }
}

#[cfg(test)]
mod tests;
