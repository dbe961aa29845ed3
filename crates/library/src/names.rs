//! What a process type names outside itself: roles, attributes and other types.

use std::collections::BTreeSet;

use domain::{
    process_type::document::{
        ConditionDocument, DueDocument, DueFrom, EffectDocument, EffectOperandDocument,
        FieldDocument, OperandDocument, OwnerRuleDocument, ProcessTypeDocument, TaskDocument,
    },
    value::FieldValue,
};

/// Every kind of entity has this one; no definition is needed.
const BUILT_IN: &str = "status";
/// The initiator that is no role (X20).
const ANYONE: &str = "anyone";
/// How dynamic data names an attribute of the subject (E14).
const IN_TEXT: &str = "entity.attributes.";

/// An attribute as a process type names it: by key, on a kind of entity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributeName {
    /// Kind of the entity that it is read from or written to.
    pub entity_kind: String,
    /// Its key.
    pub key: String,
}

/// Keys of the types that a process type starts or schedules.
#[must_use]
pub fn types_started_by(document: &ProcessTypeDocument) -> BTreeSet<&str> {
    let by_tasks = document
        .tasks
        .iter()
        .filter_map(|task| task.starts.as_ref())
        .map(|starts| starts.r#type.as_str());
    let by_effects = effects(document).filter_map(|effect| effect.process_type.as_deref());
    by_tasks.chain(by_effects).collect()
}

/// Keys of the roles that a process type names.
#[must_use]
pub fn roles_named_by(document: &ProcessTypeDocument) -> BTreeSet<&str> {
    let mut roles: BTreeSet<&str> = document
        .initiators
        .iter()
        .map(String::as_str)
        .filter(|key| *key != ANYONE)
        .collect();
    roles.extend(document.owner.iter().filter_map(role));
    for task in &document.tasks {
        roles.extend(task_roles(task));
    }
    for effect in effects(document) {
        let owners = effect.owner.iter().flatten().chain(&effect.to);
        roles.extend(owners.filter_map(role));
    }
    roles
}

fn role(rule: &OwnerRuleDocument) -> Option<&str> {
    rule.role.as_deref()
}

fn task_roles(task: &TaskDocument) -> impl Iterator<Item = &str> {
    let executing = task.execution.iter().flat_map(|execution| {
        [
            &execution.servicing_team_roles,
            &execution.business_roles,
            &execution.firm_roles,
        ]
        .into_iter()
        .flatten()
        .map(String::as_str)
    });
    let reminded = task.reminders.iter().filter_map(|r| r.to.as_ref());
    let escalated = task.escalation.iter().flat_map(|e| &e.new_owner);
    let told = task.escalation.iter().filter_map(|e| e.to.as_ref());
    let rules = task.owner.iter().chain(reminded).chain(escalated);
    rules.chain(told).filter_map(role).chain(executing)
}

/// The attributes that a process type reads or writes, on each kind of entity; the built-in `status` is left out.
#[must_use]
pub fn attributes_named_by(document: &ProcessTypeDocument) -> BTreeSet<AttributeName> {
    let mut names = Collector {
        document,
        found: BTreeSet::new(),
    };
    if let Some(schedule) = &document.schedule {
        names.on_subject(schedule.attribute.as_deref());
        names.due(schedule.at.as_ref());
    }
    for field in fields(document) {
        names.add(field.attribute.as_deref(), field.of.as_deref());
        names.condition(field.visible_when.as_ref());
    }
    for task in &document.tasks {
        names.condition(task.when.as_ref());
        names.due(task.due.as_ref());
        names.text(Some(&task.title));
        names.text(task.description.as_deref());
        let starts = task.starts.iter().flat_map(|starts| starts.fields.values());
        starts.for_each(|operand| names.operand(operand));
    }
    for effect in effects(document) {
        names.effect(effect);
    }
    names.found
}

/// Every field: the start form's, then the tasks' in order.
pub(crate) fn fields(document: &ProcessTypeDocument) -> impl Iterator<Item = &FieldDocument> {
    let of_tasks = document.tasks.iter().flat_map(|task| &task.form);
    document.start_form.iter().chain(of_tasks)
}

/// Every effect: the results', then the tasks' in order.
pub(crate) fn effects(document: &ProcessTypeDocument) -> impl Iterator<Item = &EffectDocument> {
    let of_results = document.results.iter().flat_map(|result| &result.effects);
    let of_tasks = document.tasks.iter().flat_map(|task| &task.on_complete);
    of_results.chain(of_tasks)
}

struct Collector<'a> {
    document: &'a ProcessTypeDocument,
    found: BTreeSet<AttributeName>,
}

impl Collector<'_> {
    fn add(&mut self, attribute: Option<&str>, of: Option<&str>) {
        let Some(key) = attribute.filter(|key| *key != BUILT_IN) else {
            return;
        };
        for entity_kind in self.kinds(of) {
            let key = key.to_owned();
            self.found.insert(AttributeName { entity_kind, key });
        }
    }

    fn on_subject(&mut self, attribute: Option<&str>) {
        self.add(attribute, None);
    }

    /// The kinds of the record that `of` means; none where it means nothing known.
    fn kinds(&self, of: Option<&str>) -> Vec<String> {
        let Some(of) = of else {
            return self.document.subject.kinds.clone();
        };
        if of == "firm" {
            return vec![of.to_owned()];
        }
        let related = self.document.related.iter().find(|r| r.key == of);
        let named = fields(self.document).find(|field| field.key == of);
        let kind = related
            .map(|related| related.kind.clone())
            .or_else(|| named.and_then(|field| field.entity_kind.clone()));
        kind.into_iter().collect()
    }

    fn condition(&mut self, condition: Option<&ConditionDocument>) {
        let Some(condition) = condition else {
            return;
        };
        self.on_subject(condition.attribute.as_deref());
        let compared = [
            &condition.eq,
            &condition.ne,
            &condition.gt,
            &condition.gte,
            &condition.lt,
            &condition.lte,
            &condition.has,
        ];
        for operand in compared.into_iter().flatten() {
            if let OperandDocument::Ref(reference) = operand {
                self.on_subject(reference.r#ref.attribute.as_deref());
            }
        }
        let lists = condition.all.iter().chain(&condition.any).flatten();
        for part in lists.chain(condition.not.as_deref()) {
            self.condition(Some(part));
        }
    }

    fn due(&mut self, due: Option<&DueDocument>) {
        let Some(due) = due else {
            return;
        };
        if due.from == DueFrom::Attribute {
            self.on_subject(due.key.as_deref());
        }
        self.on_subject(due.amount_by.as_ref().map(|by| by.attribute.as_str()));
        self.due(due.fallback.as_deref());
    }

    fn effect(&mut self, effect: &EffectDocument) {
        self.add(effect.attribute.as_deref(), effect.of.as_deref());
        self.condition(effect.when.as_ref());
        self.due(effect.due.as_ref());
        self.due(effect.at.as_ref());
        let texts = [
            &effect.subject,
            &effect.title,
            &effect.description,
            &effect.name,
            &effect.message,
        ];
        for text in texts {
            self.text(text.as_deref());
        }
        for operand in effect.value.iter().chain(effect.fields.values()) {
            self.operand(operand);
        }
    }

    fn operand(&mut self, operand: &EffectOperandDocument) {
        if let Some(FieldValue::Text(text)) = &operand.fixed {
            self.text(Some(text));
        }
    }

    fn text(&mut self, text: Option<&str>) {
        for rest in text.unwrap_or_default().split(IN_TEXT).skip(1) {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let key = &rest[..end.unwrap_or(rest.len())];
            self.on_subject(Some(key).filter(|key| !key.is_empty()));
        }
    }
}
