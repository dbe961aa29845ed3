//! Texts with dynamic data: titles, descriptions, effect values (E14).

use std::collections::BTreeMap;

use super::{
    index::Index,
    names::{Scope, is_known},
};
use crate::{
    fault::{Faults, segment},
    process_type::definition::{Effect, EffectAction, EffectOperand, TaskKind},
    text,
    value::FieldValue,
};

pub(super) fn check(index: &Index<'_>, faults: &mut Faults) {
    for (task, template) in index.tasks() {
        let at = format!("/tasks/{task}");
        let scope = Scope {
            task: true,
            item: template.kind == TaskKind::FanOut,
        };
        let mut texts = Texts {
            index,
            scope,
            faults,
        };
        texts.text(&template.title, &format!("{at}/title"));
        texts.optional(
            template.description.as_deref(),
            &format!("{at}/description"),
        );
        if let Some(starts) = &template.starts {
            texts.operands(&starts.fields, &format!("{at}/starts/fields"));
        }
        effects(
            index,
            &template.on_complete,
            scope,
            &format!("{at}/on_complete"),
            faults,
        );
    }
    let scope = Scope {
        task: false,
        item: false,
    };
    for (place, result) in index.definition.results.iter().enumerate() {
        effects(
            index,
            &result.effects,
            scope,
            &format!("/results/{place}/effects"),
            faults,
        );
    }
}

fn effects(index: &Index<'_>, effects: &[Effect], scope: Scope, at: &str, faults: &mut Faults) {
    for (place, effect) in effects.iter().enumerate() {
        let scope = Scope {
            item: scope.item || effect.each.is_some(),
            ..scope
        };
        Texts {
            index,
            scope,
            faults,
        }
        .effect(effect, &format!("{at}/{place}"));
    }
}

struct Texts<'t, 'a> {
    index: &'t Index<'a>,
    scope: Scope,
    faults: &'t mut Faults,
}

impl Texts<'_, '_> {
    fn effect(&mut self, effect: &Effect, at: &str) {
        match &effect.action {
            EffectAction::LogTouchpoint { subject, .. } => {
                self.text(subject, &format!("{at}/subject"));
            }
            EffectAction::SetAttribute { value, .. } => self.operand(value, &format!("{at}/value")),
            EffectAction::CreateTask {
                title, description, ..
            } => {
                self.text(title, &format!("{at}/title"));
                self.optional(description.as_deref(), &format!("{at}/description"));
            }
            EffectAction::CreateEntity { name, .. } => self.text(name, &format!("{at}/name")),
            EffectAction::FileDocument { name, .. } => {
                self.optional(name.as_deref(), &format!("{at}/name"));
            }
            EffectAction::Notify { message, .. } => self.text(message, &format!("{at}/message")),
            EffectAction::StartProcess { fields, .. } => {
                self.operands(fields, &format!("{at}/fields"));
            }
            EffectAction::RequestAttribute { .. } | EffectAction::ScheduleNext { .. } => {}
        }
    }

    fn operands(&mut self, operands: &BTreeMap<String, EffectOperand>, at: &str) {
        for (key, operand) in operands {
            self.operand(operand, &format!("{at}/{}", segment(key)));
        }
    }

    fn operand(&mut self, operand: &EffectOperand, at: &str) {
        if let EffectOperand::Fixed(FieldValue::Text(text)) = operand {
            self.text(text, &format!("{at}/fixed"));
        }
    }

    fn optional(&mut self, text: Option<&str>, at: &str) {
        if let Some(text) = text {
            self.text(text, at);
        }
    }

    fn text(&mut self, text: &str, at: &str) {
        let known = |path: &str| is_known(self.index, self.scope, path);
        for fault in text::check(text, &known) {
            let detail = format!("At character {}: {}", fault.offset, fault.detail);
            self.faults.add(at, "bad-text", detail);
        }
    }
}
