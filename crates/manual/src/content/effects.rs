//! What Baton does by itself when a step is completed or a result is reached (E13).

use std::{collections::BTreeMap, fmt::Write as _};

use domain::{
    process_type::definition::{Effect, EffectAction, EffectOperand, TaskTemplate},
    value::{FieldType, FieldValue},
};

use super::reading::{Reading, STATUS, a, kind};
use crate::prose::{Prose, quoted, series, spelled};

/// How due rules call the moment of an effect.
const THEN: &str = "this happens";

impl Reading<'_> {
    /// The effects of a step, or of a result where there is no step.
    pub(super) fn effects(&self, effects: &[Effect], task: Option<&TaskTemplate>) -> Vec<Prose> {
        let said = effects.iter().map(|effect| self.effect(effect, task));
        said.map(Prose::sentence).collect()
    }

    fn effect(&self, effect: &Effect, task: Option<&TaskTemplate>) -> Prose {
        let outcome = effect.if_outcome.as_deref().map(|key| {
            let label = task
                .and_then(|it| it.outcome(key))
                .map(|it| it.label.as_str());
            Prose::from(format!("With {}: ", quoted(label.unwrap_or(key))))
        });
        let action = self.action(effect, task.is_some());
        let mut said = match outcome {
            Some(outcome) => outcome + action,
            None => action.capitalised(),
        };
        if let Some(each) = &effect.each {
            said = said + ", once for each of " + self.each(each).as_str();
        }
        if let Some(condition) = &effect.when {
            said = said + ", only if " + self.condition(condition);
        }
        if effect.unless_open {
            said = said + ", unless one is still open";
        }
        said
    }

    fn each(&self, key: &str) -> String {
        if self
            .definition
            .related
            .iter()
            .any(|related| related.key == key)
        {
            return format!("the {}", spelled(key));
        }
        self.field_name(key)
    }

    fn action(&self, effect: &Effect, of_step: bool) -> Prose {
        let target = self.target(&effect.of);
        match &effect.action {
            EffectAction::LogTouchpoint {
                touchpoint_type,
                subject,
            } => Prose::from(format!(
                "records {} with {target}: {}",
                a(&spelled(touchpoint_type)),
                quoted(&self.dynamic(subject))
            )),
            EffectAction::SetAttribute { attribute, value } => {
                let field_type = self.attribute_type(attribute, &effect.of);
                let value = match value {
                    EffectOperand::Fixed(FieldValue::Text(status)) if attribute == STATUS => {
                        quoted(&spelled(status))
                    }
                    _ => self.written(value, field_type),
                };
                let attribute = self.attribute(attribute, &effect.of);
                Prose::from(format!("sets {attribute} to {value}"))
            }
            EffectAction::RequestAttribute {
                attribute,
                required,
            } => {
                let must = if *required {
                    "must be answered"
                } else {
                    "may be left empty"
                };
                let attribute = self.attribute(attribute, &effect.of);
                Prose::from(format!(
                    "the completion form asks for {attribute}, which {must}"
                ))
            }
            EffectAction::CreateTask {
                title,
                description,
                owner,
                due,
            } => {
                let title = quoted(&self.dynamic(title));
                let mut said = Prose::from(format!("creates the follow-up task {title}"));
                if !owner.is_empty() {
                    said = said + " for " + self.people(owner);
                }
                if let Some(due) = due {
                    said = said + ", due " + self.due(due, THEN);
                }
                match description {
                    Some(text) => said + " (" + quoted(&self.dynamic(text)).as_str() + ")",
                    None => said,
                }
            }
            EffectAction::CreateEntity {
                kind,
                name,
                as_related,
                relation,
            } => Prose::from(self.creation(kind, name, as_related.as_deref(), relation.as_deref())),
            EffectAction::FileDocument { name, files } => {
                Prose::from(self.filing(name.as_deref(), files, &target, of_step))
            }
            EffectAction::Notify { to, message } => {
                let message = quoted(&self.dynamic(message));
                Prose::from("notifies ") + self.person(to) + ": " + message.as_str()
            }
            EffectAction::StartProcess {
                process_type,
                fields,
                related,
            } => {
                let name = quoted(&self.names.process_type(process_type));
                let start = format!("starts the process {name} for {target}");
                Prose::from(start + &self.handed_over(process_type, fields, related))
            }
            EffectAction::ScheduleNext { process_type, at } => {
                let name = quoted(&self.names.process_type(process_type));
                Prose::from(format!("schedules the next {name} for {target}: "))
                    + self.due(at, THEN)
            }
        }
    }

    fn creation(
        &self,
        kind_key: &str,
        name: &str,
        as_related: Option<&str>,
        relation: Option<&str>,
    ) -> String {
        let name = quoted(&self.dynamic(name));
        let mut said = format!("adds {} named {name}", a(&kind(kind_key)));
        if let Some(relation) = relation {
            let _ = write!(said, ", {} {}", spelled(relation), self.subject());
        }
        if let Some(key) = as_related {
            let _ = write!(
                said,
                ", as the {} of this process unless there is one",
                spelled(key)
            );
        }
        said
    }

    fn filing(&self, name: Option<&str>, files: &[String], target: &str, of_step: bool) -> String {
        let what = match (files, of_step) {
            ([], true) => "the documents of this step".to_owned(),
            ([], false) => "the documents of the process".to_owned(),
            (files, _) => {
                let fields = files.iter().map(|key| self.field_name(key));
                format!("the documents of {}", series(fields, "and").plain())
            }
        };
        let name = name.map(|name| format!(" as {}", quoted(&self.dynamic(name))));
        format!("files {what} with {target}{}", name.unwrap_or_default())
    }

    /// A value that is written: "yes", "the date of completion", "the answer to “Reason”".
    fn written(&self, operand: &EffectOperand, field_type: Option<FieldType>) -> String {
        match operand {
            EffectOperand::Now => "the date on which this happens".to_owned(),
            EffectOperand::Field(key) => format!("the answer to {}", self.field_name(key)),
            EffectOperand::Fixed(FieldValue::Text(text))
                if field_type == Some(FieldType::Date) && text.contains("{{") =>
            {
                quoted(&self.dynamic(text))
            }
            EffectOperand::Fixed(value) => self.value(value, field_type),
        }
    }

    /// ", handing over the answer to “Expected funding” as “Expected amount”".
    pub(super) fn handed_over(
        &self,
        process_type: &str,
        fields: &BTreeMap<String, EffectOperand>,
        related: &BTreeMap<String, String>,
    ) -> String {
        let known = self.names.types.get(process_type);
        let fields = fields.iter().map(|(key, operand)| {
            let label = known.and_then(|known| known.fields.get(key)).cloned();
            let label = quoted(&label.unwrap_or_else(|| spelled(key)));
            format!("{} as {label}", self.written(operand, None))
        });
        let records = related
            .iter()
            .map(|(theirs, ours)| format!("the {} as its {}", spelled(ours), spelled(theirs)));
        let all: Vec<String> = fields.chain(records).collect();
        if all.is_empty() {
            return String::new();
        }
        format!(", handing over {}", series(all, "and").plain())
    }
}
